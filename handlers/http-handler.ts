import type { Context } from "aws-lambda";
import { DeadlineError, withinDeadline } from "./deadline";
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
/** Lambda passes its context; whoever passes none sets no deadline. */
export type HttpHandler = (
  request: HttpRequest,
  context?: Pick<Context, "getRemainingTimeInMillis">,
) => Promise<HttpResponse>;

/** Kept of a function's time-out to answer in, so that a caller learns more than API Gateway's bare 500. */
const ANSWER_RESERVE_MS = 500;

/**
 * Runs an operation and turns what it throws into an answer. Errors meant for callers say what is wrong; any other is logged, and
 * the caller learns no more than whether to try again. API Gateway's `5xx` metric counts those, and an alarm watches it.
 */
export const makeHttpHandler =
  (log: Log, operation: Operation): HttpHandler =>
  async (request, lambda) => {
    const { requestId } = request.requestContext;
    const correlationId = correlationIdOf(request);
    const ids = { requestId, correlationId };
    const deadlineMs = lambda === undefined ? undefined : lambda.getRemainingTimeInMillis() - ANSWER_RESERVE_MS;
    const response = await answer(operation, request, { ...ids, log: withFields(log, ids) }, deadlineMs);
    return {
      ...response,
      headers: { ...response.headers, "x-request-id": requestId, "x-correlation-id": correlationId },
    };
  };

async function answer(
  operation: Operation,
  request: HttpRequest,
  context: RequestContext,
  deadlineMs: number | undefined,
): Promise<HttpResponse> {
  try {
    if (deadlineMs === undefined) return await operation(request, context);
    return await withinDeadline(deadlineMs, "no answer", () => operation(request, context));
  } catch (error) {
    return problemOf(error, context);
  }
}

function problemOf(error: unknown, { requestId, log }: RequestContext): HttpResponse {
  if (error instanceof RequestError) {
    log("INFO", "request-refused", { reason: error.reason });
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

/** Names under which AWS's services turn a request away because there are too many. */
const THROTTLING =
  /^(?:Throttling\w*|ProvisionedThroughputExceeded\w*|RequestLimitExceeded|TooManyRequests\w*|SlowDown)$/;

/**
 * Whether an error is likely to pass by itself: a service is busy, has a fault of its own, or did not answer. The SDK has tried again
 * already by then.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata, $fault, code } = error as Error & {
    $metadata?: { httpStatusCode?: number };
    $fault?: string;
    code?: unknown;
  };
  if ($fault === "server" || Number($metadata?.httpStatusCode) >= 500 || THROTTLING.test(error.name)) return true;
  return error instanceof DeadlineError || error.name === "TimeoutError" || NETWORK_ERROR.test(String(code));
}
