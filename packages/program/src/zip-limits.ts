import { FuzzError } from "./errors.ts";

// The limits of official clients; they bound what a hostile archive can cost.
export const maxArchiveBytes = 256 * 1024 ** 2;
export const maxMembers = 256;
export const maxExpandedBytes = 512 * 1024 ** 2;

/** @throws FuzzError FUZZ_PROGRAM_LIMIT */
export function checkLimit(what: string, value: number, limit: number): void {
  if (value > limit) {
    throw new FuzzError(`The program has ${value} ${what}; the limit is ${limit}`, {
      code: "FUZZ_PROGRAM_LIMIT",
      hint: "Get the program again from where it came from.",
    });
  }
}
