import fc from "fast-check";
import { expect, it } from "vitest";
import { FairQueue } from "./fair-queue.ts";

it("gives everyone who is there the same, whatever a turn costs", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 5 }),
      (costs) => {
        const queue = new FairQueue<{ served: number; cost: number; got: number }>();
        const members = costs.map((cost) => ({ served: 0, cost, got: 0 }));
        for (const member of members) {
          queue.join(member);
        }
        for (let turn = 0; turn < 500; turn++) {
          const next = queue.order()[0]!;
          next.got += next.cost;
          queue.charge(next, next.cost);
        }
        const got = members.map((member) => member.got);
        expect(Math.max(...got) - Math.min(...got)).toBeLessThanOrEqual(60);
      },
    ),
  );
});

it("lets who comes late start level with the others", () => {
  const queue = new FairQueue<{ served: number }>();
  const early = { served: 0 };
  const late = { served: 0 };
  queue.join(early);
  queue.charge(early, 1000);
  queue.join(late);
  expect(late.served).toBe(1000);
  queue.charge(late, 1);
  expect(queue.order()[0]).toBe(early);
  queue.leave(early);
  queue.charge(late, 5000);
  queue.join(early);
  expect(queue.order()).toEqual([early, late].sort((a, b) => a.served - b.served));
  expect(early.served).toBe(6001);
});

it("takes nothing for a member that has left", () => {
  const queue = new FairQueue<{ served: number }>();
  const member = { served: 0 };
  queue.join(member);
  queue.leave(member);
  expect(queue.size).toBe(0);
  expect(queue.has(member)).toBe(false);
});
