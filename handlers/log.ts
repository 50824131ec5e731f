export type LogLevel = "INFO" | "WARN" | "ERROR";
export type LogFields = Readonly<Record<string, string | number>>;

/** Writes one notable event. Fields hold ids, counts and names of errors: never a token, a secret or a cart's contents. */
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** The same log with some fields on each of its lines. */
export const withFields =
  (log: Log, fields: LogFields): Log =>
  (level, event, more) =>
    log(level, event, { ...fields, ...more });

/** What may be told about an error in a log line. The cause is named too: `fetch` hides its reason there. */
export function errorFields(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const cause = error.cause instanceof Error ? { errorCause: error.cause.message } : {};
  return { errorName: error.name, errorMessage: error.message, ...cause };
}
