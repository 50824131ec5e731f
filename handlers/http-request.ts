import { InvalidRequestError, UnknownUserError } from "./domain/errors";
import type { HttpRequest } from "./http-response";

/**
 * The user that the API's JWT authorizer has verified. No path or query parameter ever names a user.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function userOf(request: HttpRequest): string {
  const subject = request.requestContext.authorizer.jwt.claims["sub"];
  if (typeof subject !== "string" || subject === "") throw new UnknownUserError("the token has no 'sub' claim");
  return subject;
}

/** The body as JSON. API Gateway hands over a body of an unknown media type in base64. */
export function jsonBody(request: HttpRequest): unknown {
  const body = request.body ?? "";
  const text = request.isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidRequestError("the body must be JSON");
  }
}
