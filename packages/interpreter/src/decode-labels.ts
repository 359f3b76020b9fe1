import type { Decoded, Decoder, TreeNode } from "./decoder.ts";
import { listPaths, type TrieNode } from "./label-trie.ts";
import { logSumExp, softmax } from "./logits.ts";

/** What the label decoder of a program needs. */
export interface LabelPlan {
  labels: readonly string[];
  /** Added to each label's log-probability. */
  bias: readonly number[];
  /** The trie's nodes, in groups that need no more branches than there are. */
  groups: LabelGroup[];
  root: TrieNode;
  endToken: number;
}

interface LabelGroup {
  nodes: { node: TrieNode; parent: number }[];
  branches: number;
}

/** Plans how a trie is read, with at most `maxBranches` leaves at a time. */
export function planLabels(
  labels: readonly string[],
  bias: readonly number[],
  root: TrieNode,
  endToken: number,
  maxBranches: number,
): LabelPlan {
  const paths = listPaths(root);
  const groups: LabelGroup[] = [];
  for (let start = 0; start < paths.length; start += maxBranches) {
    const part = paths.slice(start, start + maxBranches);
    const nodes: LabelGroup["nodes"] = [];
    const indices = new Map<TrieNode, number>();
    for (const path of part) {
      let parent = -1;
      for (const node of path) {
        const known = indices.get(node);
        const index = known ?? nodes.push({ node, parent }) - 1;
        indices.set(node, index);
        parent = index;
      }
    }
    groups.push({ nodes, branches: part.length });
  }
  return { labels, bias, groups, root, endToken };
}

/**
 * Scores every label: the sum of the log-probabilities of its tokens and of the end, plus its bias; a softmax over the
 * labels makes probabilities of that. All labels are read at once, right behind the input.
 */
export function* decodeLabels(plan: LabelPlan): Decoder {
  const { labels, bias, groups, root, endToken } = plan;
  /** Log-probability of the path up to a node, for nodes whose parents have been read. */
  const reached = new Map<TrieNode, number>([[root, 0]]);
  const scores = new Array<number>(labels.length).fill(Number.NEGATIVE_INFINITY);
  const readNode = (node: TrieNode) => (logits: Float32Array) => {
    const total = logSumExp(logits);
    const before = reached.get(node) ?? Number.NEGATIVE_INFINITY;
    for (const child of node.children) {
      reached.set(child, before + (logits[child.token] as number) - total);
    }
    for (const label of node.ends) {
      scores[label] = before + (logits[endToken] as number) - total + (bias[label] ?? 0);
    }
  };
  let tokens = 0;
  for (const [index, group] of groups.entries()) {
    const nodes = group.nodes.map(
      ({ node, parent }): TreeNode => ({ token: node.token, parent, read: readNode(node) }),
    );
    tokens += nodes.length;
    yield index === 0 ? { keep: 0, nodes, readPrompt: readNode(root) } : { keep: 0, nodes };
  }
  return pickLabel(labels, softmax(scores), tokens);
}

function pickLabel(labels: readonly string[], probabilities: number[], tokens: number): Decoded {
  const probability = Math.max(...probabilities);
  const best = probabilities.indexOf(probability);
  return {
    text: labels[best] as string,
    probability,
    labels: probabilities,
    tokens,
    truncated: false,
  };
}
