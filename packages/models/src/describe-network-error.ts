const reasons: Record<string, string> = {
  ENOTFOUND: "its name can't be resolved (no network?)",
  EAI_AGAIN: "its name can't be resolved now (no network?)",
  ECONNREFUSED: "it refused the connection",
  ECONNRESET: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  EPIPE: "the connection was cut",
  ENETUNREACH: "the network is unreachable",
  EHOSTUNREACH: "the host is unreachable",
  ETIMEDOUT: "it did not answer",
  UND_ERR_CONNECT_TIMEOUT: "it did not answer",
  UND_ERR_HEADERS_TIMEOUT: "it did not answer",
  UND_ERR_BODY_TIMEOUT: "it stopped sending",
  ERR_INVALID_URL: "its address is not a URL",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not trusted",
  CERT_HAS_EXPIRED: "its certificate has expired",
};

/** Failures that come in the middle of things and may well pass: worth another attempt. */
const passing = new Set(["ECONNRESET", "UND_ERR_SOCKET", "EPIPE", "UND_ERR_BODY_TIMEOUT"]);

/** The error code that `fetch` hides in its causes (`ENOTFOUND`), or "". */
export function networkErrorCode(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    const code = (each as NodeJS.ErrnoException).code;
    if (typeof code === "string") {
      return code;
    }
    if (each instanceof AggregateError) {
      return networkErrorCode(each.errors[0]);
    }
  }
  return "";
}

/** A clause that says what went wrong between us and a server. */
export function describeNetworkError(error: unknown): string {
  const code = networkErrorCode(error);
  if (reasons[code] !== undefined) {
    return reasons[code];
  }
  let last = error;
  while (last instanceof Error && last.cause instanceof Error) {
    last = last.cause;
  }
  const text = last instanceof Error ? last.message : String(last);
  return code === "" ? text : `${text} (${code})`;
}

/** Whether the same request may succeed at once: a cut connection yes, an unknown host no. */
export function isPassing(error: unknown): boolean {
  const code = networkErrorCode(error);
  // A body that ends early is a bare TypeError "terminated" in some versions of Node.
  return passing.has(code) || (code === "" && (error as Error | null)?.message === "terminated");
}
