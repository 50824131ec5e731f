import { isNativeError } from "node:util/types";

export type LogLevel = "INFO" | "WARN" | "ERROR";
export type LogFields = Readonly<Record<string, string | number>>;

/** Writes one notable event. Fields hold ids, counts and names of errors: never a token, a secret or a cart's contents. */
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** The same log with some fields on each of its lines. */
export const withFields =
  (log: Log, fields: LogFields): Log =>
  (level, event, more) =>
    log(level, event, { ...fields, ...more });

/** Causes of causes that are told; `fetch` hides its reason two deep. */
const MAX_CAUSES = 4;

/** What may be told about an error in a log line, its causes included. */
export function errorFields(error: unknown): Record<string, string> {
  if (!isNativeError(error)) return { errorName: typeof error };
  const causes: string[] = [];
  for (let { cause } = error; isNativeError(cause) && causes.length < MAX_CAUSES; { cause } = cause) {
    // An error that sums up several, such as a connection tried by two addresses, has a code but no message.
    causes.push(cause.message || String((cause as NodeJS.ErrnoException).code ?? cause.name));
  }
  const { name: errorName, message: errorMessage } = error;
  return { errorName, errorMessage, ...(causes.length === 0 ? {} : { errorCause: causes.join(": ") }) };
}
