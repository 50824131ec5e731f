import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { ErrorMembers, Reason } from "./domain/errors";

export type HttpResponse = APIGatewayProxyStructuredResultV2;

/** Why a request failed: the caller's reasons, and two that are none of the caller's business beyond their name. */
export type ProblemReason = Reason | "unavailable" | "internal-error";

const PROBLEMS: Readonly<Record<ProblemReason, readonly [statusCode: number, title: string]>> = {
  "invalid-request": [400, "The request is not valid"],
  "unknown-user": [401, "The token names no user"],
  "not-found": [404, "There is no such thing"],
  "cart-changed": [409, "The cart has changed"],
  "cart-empty": [409, "The cart is empty"],
  "cart-full": [409, "The cart is full"],
  "mixed-currencies": [409, "The cart has more than one currency"],
  "body-too-large": [413, "The body is too large"],
  "idempotency-key-reused": [422, "The idempotency key was used for something else"],
  "internal-error": [500, "Something went wrong on our side"],
  unavailable: [503, "The service cannot answer right now"],
};

/** A tag URI names a kind of problem without promising a page there: RFC 9457, section 4.1, and RFC 4151. */
const PROBLEM_TYPE_PREFIX = "tag:example.com,2026:checkout/";

/** A JSON answer. None may be stored on its way: they are one user's, or one moment's. */
export function jsonResponse(statusCode: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  return {
    statusCode,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
    body: JSON.stringify(body),
  };
}

export interface Problem {
  readonly reason: ProblemReason;
  readonly detail: string;
  readonly requestId: string;
  readonly members?: ErrorMembers;
}

/**
 * An answer of media type `application/problem+json`.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemResponse({ reason, detail, requestId, members }: Problem): HttpResponse {
  const [status, title] = PROBLEMS[reason];
  const body = { type: `${PROBLEM_TYPE_PREFIX}${reason}`, title, status, detail, requestId, ...members };
  return jsonResponse(status, body, {
    "content-type": "application/problem+json",
    ...(reason === "unavailable" ? { "retry-after": "1" } : {}),
  });
}
