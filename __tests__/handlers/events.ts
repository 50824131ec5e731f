import type { SQSEvent } from "aws-lambda";
import { type CartLine, sortedLines } from "../../handlers/domain/cart-lines";
import { versionOf } from "../../handlers/domain/cart-version";
import type { Order } from "../../handlers/domain/order";
import { orderOf } from "../../handlers/domain/order";
import { orderIdOf } from "../../handlers/domain/order-id";
import type { RegionalCart } from "../../handlers/domain/regional-cart";
import type { HttpRequest } from "../../handlers/http-request";
import type { HttpResponse } from "../../handlers/http-response";
import type { Log } from "../../handlers/log";
import type { MetricName, Metrics } from "../../handlers/ports";

export interface RequestParts {
  readonly user?: string;
  readonly headers?: Record<string, string>;
  readonly path?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
}

/** A request as an HTTP API with a JWT authorizer hands it over, payload format 2.0. */
export function httpRequest(
  routeKey: string,
  { user = "ada", headers = {}, path, query, body }: RequestParts = {},
): HttpRequest {
  const [method = "", rawPath = ""] = routeKey.split(" ");
  return {
    version: "2.0",
    routeKey,
    rawPath,
    rawQueryString: "",
    headers,
    ...(path === undefined ? {} : { pathParameters: path }),
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: {
      accountId: "111122223333",
      apiId: "api",
      authorizer: { jwt: { claims: user === "" ? {} : { sub: user }, scopes: null } },
      domainName: "api.example.com",
      domainPrefix: "api",
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
      requestId: "request",
      routeKey,
      stage: "$default",
      time: "01/Jan/2026:00:00:00 +0000",
      timeEpoch: 1_767_225_600_000,
    },
  };
}

/** Messages as an event source mapping hands them over, with ids `m0`, `m1` and so on. */
export function sqsEvent(...bodies: string[]): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `m${index}`,
      receiptHandle: `r${index}`,
      body,
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "1767225600000",
        SenderId: "sender",
        ApproximateFirstReceiveTimestamp: "1767225600000",
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:111122223333:payments",
      awsRegion: "us-east-1",
    })),
  };
}

export function bodyOf(response: HttpResponse): Record<string, unknown> {
  return JSON.parse(response.body ?? "null");
}

export const line = (changes: Partial<CartLine> = {}): CartLine => ({
  quantity: 2,
  unitPriceMinor: 1_250,
  currency: "EUR",
  ...changes,
});

export const REGION = "us-east-1";
export const PEER_REGION = "us-west-2";
export const REGIONS = { region: REGION, peerRegions: [PEER_REGION] };

/** What one region has written of a cart, all of these lines by its first change. */
export function regionalCart(
  userId: string,
  lines: Record<string, CartLine>,
  changes: Partial<RegionalCart> = {},
): RegionalCart {
  const { region = REGION } = changes;
  const change = { region, number: 1 };
  return {
    userId,
    region,
    seen: new Map([[region, 1]]),
    settings: new Map(Object.entries(lines).map(([sku, it]) => [sku, [{ ...it, ...change }]])),
    handedOver: [],
    updatedAtMs: 0,
    expiresAtSeconds: 9_999_999_999,
    ...changes,
  };
}

/** The version of a cart that only {@link REGION} has changed, so many times. */
export const versionAfter = (changes: number) => versionOf(new Map([[REGION, changes]]));

/** An unpaid order of one line, 25.00 EUR. */
export function pendingOrder(userId: string, key: string, region = REGION, placedAtMs = 0): Order {
  const placing = {
    orderId: orderIdOf(userId, key),
    userId,
    region,
    correlationId: "correlation",
    nowMs: placedAtMs,
  };
  return orderOf({ lines: sortedLines(new Map([["mug", line()]])), cartSeen: new Map([[region, 1]]) }, placing);
}

export interface RecordedLog {
  readonly log: Log;
  readonly events: string[];
  /** Everything that was logged, to search for what must not be in it. */
  text(): string;
}

export function recordedLog(): RecordedLog {
  const lines: string[] = [];
  const events: string[] = [];
  return {
    log: (level, event, fields = {}) => {
      events.push(event);
      lines.push(JSON.stringify({ level, event, ...fields }));
    },
    events,
    text: () => lines.join("\n"),
  };
}

export interface RecordedMetrics extends Metrics {
  readonly counts: Partial<Record<MetricName, number>>;
}

export function recordedMetrics(): RecordedMetrics {
  const counts: Partial<Record<MetricName, number>> = {};
  return {
    counts,
    count: (name, by = 1) => {
      counts[name] = (counts[name] ?? 0) + by;
    },
  };
}
