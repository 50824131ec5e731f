export type LogLevel = "INFO" | "WARN" | "ERROR";

/** Writes one notable event. Fields hold ids, counts and names of errors: never a token, a secret or a cart's contents. */
export type Log = (level: LogLevel, event: string, fields?: Readonly<Record<string, string | number>>) => void;

/**
 * One event, one line of JSON. Written straight to stdout, because the Node.js runtime puts a time, a request id and a
 * level before what `console.log` prints, and a metric filter on `$.event` needs the line to be JSON and nothing else.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export const logToStdout: Log = (level, event, fields = {}) => {
  process.stdout.write(`${JSON.stringify({ level, event, ...fields })}\n`);
};

/** What may be told about an error in a log line. The cause is named too: `fetch` hides its reason there. */
export function errorFields(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const cause = error.cause instanceof Error ? { errorCause: error.cause.message } : {};
  return { errorName: error.name, errorMessage: error.message, ...cause };
}
