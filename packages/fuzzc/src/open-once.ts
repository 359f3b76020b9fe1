/** Something that is opened when it is first asked for. */
export interface OpenOnce<One> {
  /** The same one each time, until it is disposed; after an error the next call tries again. */
  open(): Promise<One>;
  /** Frees it, if it is open. */
  dispose(): Promise<void>;
}

/** Opens something at the first call, and once more at a call after `dispose`. */
export function openOnce<One extends { dispose(): Promise<void> }>(
  open: () => Promise<One>,
): OpenOnce<One> {
  let opening: Promise<One> | undefined;
  return {
    open() {
      opening ??= open().catch((error) => {
        // The next call may find what this one did not.
        opening = undefined;
        throw error;
      });
      return opening;
    },
    async dispose() {
      const opened = opening;
      opening = undefined;
      await (await opened?.catch(() => undefined))?.dispose();
    },
  };
}
