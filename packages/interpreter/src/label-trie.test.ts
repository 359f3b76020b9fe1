import fc from "fast-check";
import { expect, it } from "vitest";
import { planLabels } from "./decode-labels.ts";
import { buildLabelTrie, listPaths } from "./label-trie.ts";

const labels = fc.array(fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 12,
});

it("holds every label once, along shared beginnings", () => {
  fc.assert(
    fc.property(labels, (list) => {
      const paths = listPaths(buildLabelTrie(list));
      const ends = new Map<number, string>();
      for (const path of paths) {
        path.forEach((node, depth) => {
          for (const label of node.ends) {
            ends.set(
              label,
              path
                .slice(0, depth + 1)
                .map(({ token }) => token)
                .join(),
            );
          }
        });
      }
      expect(list.map((_, index) => ends.get(index))).toEqual(list.map((tokens) => tokens.join()));
      const leaves = paths.map((path) => path.map(({ token }) => token).join());
      expect(new Set(leaves).size).toBe(leaves.length);
    }),
  );
});

it("is planned in groups that read every node after its parent and need no more branches than there are", () => {
  fc.assert(
    fc.property(labels, fc.integer({ min: 1, max: 5 }), (list, maxBranches) => {
      const root = buildLabelTrie(list);
      const { groups } = planLabels(list.map(String), [], root, 9, maxBranches);
      const read = new Set();
      for (const { nodes, branches } of groups) {
        expect(branches).toBeLessThanOrEqual(maxBranches);
        nodes.forEach(({ node, parent }, index) => {
          expect(parent).toBeLessThan(index);
          const above = parent === -1 ? root : nodes[parent]!.node;
          expect(above.children).toContain(node);
          read.add(node);
        });
      }
      expect(read).toEqual(new Set(listPaths(root).flat()));
    }),
  );
});
