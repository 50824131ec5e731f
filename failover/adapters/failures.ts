import { QuestionError } from "../answer";

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  ETIMEDOUT: "no connection",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ENOTFOUND: "name not found",
  EAI_AGAIN: "name servers silent",
  ECONNABORTED: "connection aborted",
  CERT_HAS_EXPIRED: "certificate expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "wrong certificate",
  DEPTH_ZERO_SELF_SIGNED_CERT: "untrusted certificate",
  SELF_SIGNED_CERT_IN_CHAIN: "untrusted certificate",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "untrusted certificate",
};

/** Words for what a socket failed with; undefined when it is nothing of a socket. */
export function networkWords(error: unknown): string | undefined {
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] };
  if (typeof code === "string" && WORDS[code] !== undefined) return WORDS[code];
  // A host with several addresses fails with one error for each.
  if (Array.isArray(errors) && errors.length > 0) return networkWords(errors[0]);
  return cause === undefined ? undefined : networkWords(cause);
}

/** A question that failed on its way. */
export function networkFailure(where: string, error: unknown): QuestionError {
  const words = networkWords(error);
  const message = error instanceof Error ? error.message : String(error);
  return new QuestionError(words ?? "failed", `${where}: expected an answer; got ${words ?? message.split("\n")[0]}`);
}
