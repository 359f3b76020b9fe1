/**
 * The milliseconds that a `Retry-After` header asks for: it holds seconds or a date (RFC 9110, 10.2.3).
 * @returns undefined when it is neither, or not there.
 */
export function readRetryAfter(value: string | null): number | undefined {
  if (value === null) {
    return undefined;
  }
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
