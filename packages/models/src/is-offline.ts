/** Whether `FUZZC_OFFLINE` forbids the network: set, and not to 0, false or no. */
export function isOffline(env: NodeJS.ProcessEnv = process.env): boolean {
  return !["", "0", "false", "no"].includes((env.FUZZC_OFFLINE ?? "").trim().toLowerCase());
}
