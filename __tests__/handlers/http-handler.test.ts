import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import { makeHttpHandler } from "../../handlers/http-handler";
import { jsonResponse } from "../../handlers/http-response";
import { bodyOf, httpRequest, recordedLog } from "./events";

/** As the SDK makes them of the services' answers; `cart.test.ts` has them made by the SDK itself. */
const throttled = new ProvisionedThroughputExceededException({ message: "table shop-orders is busy", $metadata: {} });
const serverFault = Object.assign(new Error("secret detail"), { $fault: "server" });
const timeout = Object.assign(new Error("secret detail"), { name: "TimeoutError" });
const reset = Object.assign(new Error("secret detail"), { code: "ECONNRESET" });
const denied = Object.assign(new Error("secret detail"), { $fault: "client", name: "AccessDeniedException" });
const programming = Object.assign(new TypeError("secret detail"), { code: "ERR_INVALID_ARG_TYPE" });

const failingWith = (error: unknown) => {
  const recorded = recordedLog();
  return { recorded, handler: makeHttpHandler(recorded.log, () => Promise.reject(error)) };
};

test.each([
  ["a throttled table", throttled, 503],
  ["a fault of a service", serverFault, 503],
  ["a time-out", timeout, 503],
  ["a broken connection", reset, 503],
  [
    "an answer that is no JSON",
    Object.assign(new SyntaxError("secret detail"), { $metadata: { httpStatusCode: 503 } }),
    503,
  ],
  ["a missing permission", denied, 500],
  ["a programming error", programming, 500],
  ["something that is no error", "secret detail", 500],
])("answers %s without a word about its cause, and logs it", async (_, error, statusCode) => {
  const { handler, recorded } = failingWith(error);
  const response = await handler(httpRequest("GET /cart"));
  expect(response.statusCode).toBe(statusCode);
  expect(response.headers).toMatchObject({ "content-type": "application/problem+json", "cache-control": "no-store" });
  expect(response.headers?.["retry-after"]).toBe(statusCode === 503 ? "1" : undefined);
  expect(bodyOf(response)).toMatchObject({ status: statusCode, requestId: "request" });
  expect(response.body).not.toMatch(/secret|shop-orders|Exception/);
  expect(JSON.parse(recorded.text())).toMatchObject({ level: "ERROR", event: "request-failed", requestId: "request" });
});

test("a fault in the operation itself, before its first await, is answered, too", async () => {
  const handler = makeHttpHandler(recordedLog().log, () => {
    throw new Error("secret detail");
  });
  expect((await handler(httpRequest("GET /cart"))).statusCode).toBe(500);
});

test.each([
  ["the caller's", "trace-1.a:b=c_d", "trace-1.a:b=c_d"],
  ["the request's own without one", undefined, "request"],
  ["the request's own for one that is too long", "x".repeat(65), "request"],
  ["the request's own for one that could forge a log line", 'x"}\n{"level":"INFO"', "request"],
])("answers and logs with the correlation id %s", async (_, given, correlationId) => {
  const recorded = recordedLog();
  const handler = makeHttpHandler(recorded.log, async (__, { log }) => {
    log("INFO", "something");
    return jsonResponse(200, {});
  });
  const headers: Record<string, string> = given === undefined ? {} : { "x-correlation-id": given };
  const response = await handler(httpRequest("GET /cart", { headers }));
  expect(response.headers).toMatchObject({ "x-request-id": "request", "x-correlation-id": correlationId });
  expect(JSON.parse(recorded.text())).toMatchObject({ requestId: "request", correlationId });
});
