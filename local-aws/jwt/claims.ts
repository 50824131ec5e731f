import type { JWTPayload } from "jose";

/**
 * Claims as API Gateway hands them to a function: every value a string, a list as `[a b]`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function claimsAsStrings(payload: JWTPayload): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, asString(value)]));
}

function asString(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asString).join(" ")}]`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
