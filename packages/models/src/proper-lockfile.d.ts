declare module "proper-lockfile" {
  interface LockOptions {
    /** Milliseconds without a sign of life after which a lock counts as left behind. */
    stale?: number;
    /** Milliseconds between two signs of life. */
    update?: number;
    realpath?: boolean;
    retries?: number;
    lockfilePath?: string;
    onCompromised?: (error: Error) => void;
  }
  export function lock(file: string, options?: LockOptions): Promise<() => Promise<void>>;
}
