import type { APIGatewayProxyEventV2WithJWTAuthorizer } from "aws-lambda";
import { RequestError } from "./domain/errors";

/** An event of payload format 2.0, as API Gateway sends it once the authorizer has verified the token. */
export type HttpRequest = APIGatewayProxyEventV2WithJWTAuthorizer;

/** No request of ours needs a tenth of it. */
const MAX_BODY_BYTES = 4_096;

/** OpenID Connect Core 1.0, section 2: `sub` is at most 255 ASCII characters. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

const CORRELATION_ID = /^[A-Za-z0-9._:=-]{1,64}$/;

/**
 * The user that the API's JWT authorizer has verified. No path or query parameter ever names a user.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function userOf(request: HttpRequest): string {
  const subject = request.requestContext.authorizer.jwt.claims["sub"];
  if (typeof subject !== "string" || !SUBJECT.test(subject)) {
    throw new RequestError("unknown-user", "the token must have a 'sub' claim of 1 to 255 ASCII characters");
  }
  return subject;
}

/** The body as JSON; undefined when there is none. API Gateway hands over a body of an unknown media type in base64. */
export function jsonBody(request: HttpRequest): unknown {
  const body = request.body ?? "";
  if (body === "") return undefined;
  const bytes = Buffer.from(body, request.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > MAX_BODY_BYTES) {
    throw new RequestError("body-too-large", `the body may have ${MAX_BODY_BYTES} bytes, got ${bytes.length}`);
  }
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new RequestError("invalid-request", "the body must be JSON");
  }
}

/** The caller's own correlation id, where it sends one that may stand in a log; else the id that API Gateway gave the request. */
export function correlationIdOf(request: HttpRequest): string {
  const given = request.headers["x-correlation-id"];
  return given !== undefined && CORRELATION_ID.test(given) ? given : request.requestContext.requestId;
}
