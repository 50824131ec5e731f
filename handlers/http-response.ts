import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import {
  ConflictError,
  IdempotencyKeyReusedError,
  InvalidRequestError,
  NotFoundError,
  type RequestError,
  UnknownUserError,
} from "./domain/errors";

export type HttpRequest = APIGatewayProxyEventV2WithJWTAuthorizer;
export type HttpResponse = APIGatewayProxyStructuredResultV2;
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

const STATUS_CODES: ReadonlyArray<readonly [typeof RequestError, number]> = [
  [InvalidRequestError, 400],
  [UnknownUserError, 401],
  [NotFoundError, 404],
  [ConflictError, 409],
  [IdempotencyKeyReusedError, 422],
];

/** A JSON answer. None may be stored on its way: they are one user's, or one moment's. */
export function jsonResponse(statusCode: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  return {
    statusCode,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
    body: JSON.stringify(body),
  };
}

/**
 * Turns the errors that are meant for callers into answers. Any other goes up to Lambda, which logs it and counts it in the
 * function's `Errors`; API Gateway then answers 500 with a message of its own, and the caller may retry.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const answeringErrors =
  (handle: HttpHandler): HttpHandler =>
  async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      const status = STATUS_CODES.find(([type]) => error instanceof type);
      if (status === undefined) throw error;
      return jsonResponse(status[1], { message: (error as RequestError).message });
    }
  };
