/** A token to read, as part of a tree that grows from the end of what was read before. */
export interface TreeNode {
  token: number;
  /** Index of the node it follows, always a smaller one; -1 for the end of what is kept. */
  parent: number;
  /** Takes the logits after this token. */
  read?: ((logits: Float32Array) => void) | undefined;
}

/** What a decoder wants to have read next. */
export interface DecodeRequest {
  /** How many tokens of output, along the one path that was taken, stay as they are; all later ones are dropped. */
  keep: number;
  nodes: readonly TreeNode[];
  /** Takes the logits after the prompt; only in the first request, which is read along with the input. */
  readPrompt?: (logits: Float32Array) => void;
}

/** What a decoder found. */
export interface Decoded {
  text: string;
  probability: number;
  /** Of label functions: the probability of each label, in order. */
  labels?: number[];
  /** Tokens written or scored. */
  tokens: number;
  truncated: boolean;
}

/**
 * Writes one output. It yields what it wants to have read, and is called again when every `read` has been called.
 * So one decoder is plain code from start to end, while many of them share each pass through the model.
 */
export type Decoder = Generator<DecodeRequest, Decoded, void>;
