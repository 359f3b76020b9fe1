/** Labels as paths of tokens; labels that begin alike share the start of their paths. */
export interface TrieNode {
  token: number;
  children: TrieNode[];
  /** Indices of the labels that end here. */
  ends: number[];
}

/** Builds the trie of labels; the root's token means nothing. Children are in the order of the labels. */
export function buildLabelTrie(labels: readonly (readonly number[])[]): TrieNode {
  const root: TrieNode = { token: -1, children: [], ends: [] };
  labels.forEach((tokens, index) => {
    let node = root;
    for (const token of tokens) {
      let child = node.children.find((one) => one.token === token);
      if (child === undefined) {
        child = { token, children: [], ends: [] };
        node.children.push(child);
      }
      node = child;
    }
    node.ends.push(index);
  });
  return root;
}

/** Paths from below the root to each leaf, in the order of the trie. */
export function listPaths(root: TrieNode): TrieNode[][] {
  if (root.children.length === 0) {
    return [[]];
  }
  return root.children.flatMap((child) => listPaths(child).map((path) => [child, ...path]));
}
