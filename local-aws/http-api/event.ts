import type { APIGatewayEventRequestContextV2, APIGatewayProxyEventV2 } from "aws-lambda";
import { decoded } from "./routes";

/** A request as received. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, still URL-encoded. */
  readonly url: string;
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** Further facts about a request. */
export interface RequestCircumstances {
  readonly accountId: string;
  readonly apiId: string;
  readonly domainName: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly receivedAt: Date;
  /** Of a route with a JWT authorizer. */
  readonly claims?: Readonly<Record<string, string>>;
}

/** Payload format 2.0, with what a JWT authorizer adds: `scopes` is null where a route asks for none. */
export type HttpApiEvent = APIGatewayProxyEventV2 & {
  readonly requestContext: APIGatewayEventRequestContextV2 & {
    readonly authorizer?: {
      readonly jwt: { readonly claims: Readonly<Record<string, string>>; readonly scopes: null };
    };
  };
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function eventOf(request: WireRequest, circumstances: RequestCircumstances): HttpApiEvent {
  const { accountId, apiId, domainName, routeKey, pathParameters, requestId, receivedAt, claims } = circumstances;
  const { path: encodedPath, query: rawQueryString } = partsOf(request.url);
  // HTTP APIs decode the path, REST APIs and function URLs do not.
  const path = encodedPath.split("/").map(decoded).join("/");
  const { headers, cookies } = headersOf(request);
  const queryStringParameters = queryOf(rawQueryString);
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(rawQueryString === "" ? {} : { queryStringParameters }),
    requestContext: {
      accountId,
      apiId,
      ...(claims === undefined ? {} : { authorizer: { jwt: { claims, scopes: null } } }),
      domainName,
      domainPrefix: domainName.split(".", 1)[0] ?? "",
      http: {
        method: request.method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId,
      routeKey,
      stage: "$default",
      time: logTime(receivedAt),
      timeEpoch: receivedAt.getTime(),
    },
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters: { ...pathParameters } }),
    ...bodyOf(request.body, headers["content-type"]),
  };
}

/** Divides a request's target at its first question mark. */
export function partsOf(url: string): { readonly path: string; readonly query: string } {
  const at = url.indexOf("?");
  return at < 0 ? { path: url, query: "" } : { path: url.slice(0, at), query: url.slice(at + 1) };
}

function headersOf({ rawHeaders, sourceIp }: WireRequest): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? "";
    const value = rawHeaders[index + 1] ?? "";
    if (name === "cookie") cookies.push(...value.split(/; */));
    else if (name !== "connection") headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  headers["x-forwarded-for"] = [headers["x-forwarded-for"], sourceIp].filter((address) => address).join(", ");
  headers["x-forwarded-port"] = "443";
  headers["x-forwarded-proto"] = "https";
  return { headers, cookies };
}

function queryOf(rawQueryString: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}

const TEXT = /^(text\/|application\/(json|xml|javascript)\b|application\/[\w.-]+\+(json|xml)\b)/i;

function bodyOf(body: Buffer, contentType = ""): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = TEXT.test(contentType);
  return { body: body.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `22/Nov/2026:09:05:01 +0000` */
function logTime(date: Date): string {
  const day = String(date.getUTCDate()).padStart(2, "0");
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
}
