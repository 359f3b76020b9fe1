import fc from "fast-check";
import { expect, test } from "vitest";
import { Cells } from "./cells.ts";

const sequences = 3;
const id = fc.nat(sequences - 1);
const action = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), id }),
  fc.record({ kind: fc.constant("copy" as const), id, to: id }),
  fc.record({ kind: fc.constant("remove" as const), id, start: fc.nat(6) }),
  fc.record({ kind: fc.constant("clear" as const) }),
);

test("counts each token once, however many sequences share it", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const cells = new Cells(1000, sequences);
      // The plain way: every token is a number of its own, every sequence a list of them.
      let lists: number[][] = Array.from({ length: sequences }, () => []);
      let token = 0;
      for (const step of actions) {
        if (step.kind === "add") {
          cells.add(cells.next(step.id) ?? 0, [step.id]);
          lists[step.id]?.push(token++);
        } else if (step.kind === "copy" && step.id !== step.to) {
          cells.copy(step.id, step.to);
          lists[step.to] = [...(lists[step.id] as number[])];
        } else if (step.kind === "remove") {
          cells.remove(step.id, step.start, Number.POSITIVE_INFINITY);
          lists[step.id] = (lists[step.id] as number[]).slice(0, step.start);
        } else if (step.kind === "clear") {
          cells.clear();
          lists = lists.map(() => []);
        }
        expect(cells.free).toBe(1000 - new Set(lists.flat()).size);
        lists.forEach((list, sequence) => {
          expect(cells.length(sequence)).toBe(list.length);
          expect(cells.next(sequence)).toBe(list.length === 0 ? undefined : list.length);
          const others = new Set(lists.filter((_, other) => other !== sequence).flat());
          expect(cells.ownCells(sequence)).toBe(list.filter((one) => !others.has(one)).length);
        });
        expect(cells.shareEnd([0, 1])).toBe(lists[0]?.at(-1) === lists[1]?.at(-1));
      }
    }),
  );
});
