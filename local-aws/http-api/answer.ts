import type { InvocationResult } from "../lambda/invocation";

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A `set-cookie` header each. */
  readonly cookies?: readonly string[];
  readonly body: string | Buffer;
}

/** An answer of API Gateway's own. */
export function message(statusCode: number, text: string): WireAnswer {
  return {
    statusCode,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message: text }),
  };
}

export const FORBIDDEN = message(403, "Forbidden");
export const NOT_FOUND = message(404, "Not Found");
export const TOO_MANY_REQUESTS = message(429, "Too Many Requests");
/** Also for a function that failed, was throttled, or that API Gateway may not invoke. */
export const INTERNAL_SERVER_ERROR = message(500, "Internal Server Error");
/** Also for a function that exceeds the integration's time-out. */
export const SERVICE_UNAVAILABLE = message(503, "Service Unavailable");

/**
 * Translates a function's result in payload format 2.0 to an answer. A result without a status code is the body itself.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response
 * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 */
export function answerOf(result: InvocationResult): WireAnswer {
  if ("functionError" in result) return INTERNAL_SERVER_ERROR;
  const { payload } = result;
  if (!isRecord(payload) || payload["statusCode"] === undefined) {
    const body = typeof payload === "string" ? payload : JSON.stringify(payload ?? null);
    return { statusCode: 200, headers: { "content-type": "application/json" }, body };
  }
  return structuredAnswer(payload) ?? INTERNAL_SERVER_ERROR;
}

/** @returns undefined where the result is not in the format */
function structuredAnswer(payload: Readonly<Record<string, unknown>>): WireAnswer | undefined {
  const { statusCode, body = "", headers = {}, cookies = [], isBase64Encoded = false } = payload;
  if (!Number.isInteger(statusCode) || Number(statusCode) < 200 || Number(statusCode) > 599) return undefined;
  if (typeof body !== "string" && body !== null) return undefined;
  if (!isRecord(headers) || !Array.isArray(cookies) || typeof isBase64Encoded !== "boolean") return undefined;
  const lowerCase: Record<string, string> = { "content-type": "text/plain;charset=UTF-8" };
  for (const [name, value] of Object.entries(headers)) {
    if (!["string", "number", "boolean"].includes(typeof value)) return undefined;
    lowerCase[name.toLowerCase()] = String(value);
  }
  return {
    statusCode: Number(statusCode),
    headers: lowerCase,
    cookies: cookies.map(String),
    body: isBase64Encoded ? Buffer.from(body ?? "", "base64") : (body ?? ""),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
