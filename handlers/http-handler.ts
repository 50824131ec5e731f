import { RequestError } from "./domain/errors";
import { correlationIdOf, type HttpRequest } from "./http-request";
import { type HttpResponse, problemResponse } from "./http-response";
import { errorFields, type Log, withFields } from "./log";

export interface RequestContext {
  /** The id that API Gateway gave the request; its access log has it, too. */
  readonly requestId: string;
  readonly correlationId: string;
  /** Writes both ids on each line. */
  readonly log: Log;
}

export type Operation = (request: HttpRequest, context: RequestContext) => Promise<HttpResponse>;
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * Runs an operation and turns what it throws into an answer. Errors meant for callers say what is wrong; any other is logged, and
 * the caller learns no more than whether to try again. API Gateway's `5xx` metric counts those, and an alarm watches it.
 */
export const makeHttpHandler =
  (log: Log, operation: Operation): HttpHandler =>
  async (request) => {
    const { requestId } = request.requestContext;
    const correlationId = correlationIdOf(request);
    const ids = { requestId, correlationId };
    const response = await answer(operation, request, { ...ids, log: withFields(log, ids) });
    return {
      ...response,
      headers: { ...response.headers, "x-request-id": requestId, "x-correlation-id": correlationId },
    };
  };

async function answer(operation: Operation, request: HttpRequest, context: RequestContext): Promise<HttpResponse> {
  try {
    return await operation(request, context);
  } catch (error) {
    return problemOf(error, context);
  }
}

function problemOf(error: unknown, { requestId, log }: RequestContext): HttpResponse {
  if (error instanceof RequestError) {
    return problemResponse({ reason: error.reason, detail: error.message, requestId, members: error.members });
  }
  const reason = isPassing(error) ? "unavailable" : "internal-error";
  log("ERROR", "request-failed", { reason, ...errorFields(error) });
  return problemResponse({
    reason,
    detail: "nothing is known to be wrong with the request; try again later",
    requestId,
  });
}

/** `ECONNRESET` and its likes, but not `ERR_INVALID_ARG_TYPE` and its. */
const NETWORK_ERROR = /^E(?:[A-Z]+|AI_AGAIN)$/;

/**
 * Whether an error is likely to pass by itself: the SDK marks those that a repeat may mend, and a service's own faults; time-outs and
 * broken connections come from Node.js.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $fault, $retryable, code } = error as Error & { $fault?: string; $retryable?: object; code?: unknown };
  return (
    $fault === "server" || $retryable !== undefined || error.name === "TimeoutError" || NETWORK_ERROR.test(String(code))
  );
}
