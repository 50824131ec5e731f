import type { ServerResponse } from "node:http";
import { DynamoDbTableProbe } from "../../handlers/adapters/dynamodb-table-probe";
import { makeHealthHandler } from "../../handlers/operations/health";
import type { TableProbe } from "../../handlers/ports";
import { bodyOf, httpRequest, recordedLog } from "./events";
import { CARTS, dynamoDbAt, type LocalDynamoDb, startDynamoDb } from "./local-dynamodb";
import { answer, refusingEndpoint, startServer, stopServers } from "./local-server";

const LIMITS = { connectionTimeoutMs: 200, requestTimeoutMs: 250, maxAttempts: 2 };

let dynamoDb: LocalDynamoDb;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterEach(stopServers);
afterAll(() => dynamoDb.stop());

function healthOf(probe: TableProbe, deadlineMs = 600) {
  const recorded = recordedLog();
  const handler = makeHealthHandler({ probe, region: "us-east-1", deadlineMs, log: recorded.log });
  return { check: () => handler(httpRequest("GET /health")), recorded };
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number }> {
  const startedAtMs = performance.now();
  const result = await work();
  return { result, tookMs: performance.now() - startedAtMs };
}

test("is healthy while the region's table can be read", async () => {
  const { check } = healthOf(new DynamoDbTableProbe(dynamoDb.client, CARTS));
  const response = await check();
  expect(response.statusCode).toBe(200);
  expect(bodyOf(response)).toEqual({ status: "ok", region: "us-east-1" });
  expect(response.headers).toMatchObject({ "cache-control": "no-store", "content-type": "application/json" });
});

test("is unavailable, and says why only in the log, when the table cannot be read", async () => {
  const { check, recorded } = healthOf(new DynamoDbTableProbe(dynamoDb.client, "no-such-table"));
  const response = await check();
  expect(response.statusCode).toBe(503);
  expect(response.headers).toMatchObject({ "content-type": "application/problem+json", "retry-after": "1" });
  expect(bodyOf(response)).toMatchObject({ status: 503, region: "us-east-1", requestId: "request" });
  expect(response.body).not.toContain("no-such-table");
  expect(recorded.text()).toContain("ResourceNotFoundException");
});

test("is unavailable at once when the endpoint refuses connections", async () => {
  const client = dynamoDbAt(await refusingEndpoint(), LIMITS);
  const { check } = healthOf(new DynamoDbTableProbe(client, CARTS));
  const { result, tookMs } = await timed(check);
  expect(result.statusCode).toBe(503);
  expect(tookMs).toBeLessThan(550);
});

test.each([
  ["accepts connections and never answers", () => {}],
  [
    "lets its headers trickle in",
    (response: ServerResponse) => {
      const { socket } = response;
      socket?.write("HTTP/1.1 200 OK\r\nx-slow: ");
      const timer = setInterval(() => socket?.write("."), 50);
      socket?.once("close", () => clearInterval(timer));
    },
  ],
  [
    "sends headers and then no body",
    (response: ServerResponse) => response.writeHead(200, { "content-length": "2" }).flushHeaders(),
  ],
])("gives up on an endpoint that %s once its attempts have timed out", async (_, respond) => {
  const server = await startServer((_request, response) => respond(response));
  const { check, recorded } = healthOf(new DynamoDbTableProbe(dynamoDbAt(server.endpoint, LIMITS), CARTS), 1_500);
  const { result, tookMs } = await timed(check);
  expect(result.statusCode).toBe(503);
  expect(recorded.text()).toContain("TimeoutError");
  expect(tookMs).toBeLessThan(1_100);
});

test("gives up at the deadline although attempts remain, and drops the connection", async () => {
  let onDrop = () => {};
  const dropped = new Promise<void>((resolve) => {
    onDrop = resolve;
  });
  const server = await startServer((_, response) => void response.once("close", onDrop));
  const client = dynamoDbAt(server.endpoint, { ...LIMITS, requestTimeoutMs: 5_000, maxAttempts: 5 });
  const { check, recorded } = healthOf(new DynamoDbTableProbe(client, CARTS), 200);
  const { result, tookMs } = await timed(check);
  expect(result.statusCode).toBe(503);
  expect(tookMs).toBeLessThan(500);
  expect(recorded.events).toEqual(["health-unavailable"]);
  await dropped;
});

test("gives up at the deadline even if the read ignores being aborted", async () => {
  const { check, recorded } = healthOf({ probe: () => new Promise(() => {}) }, 50);
  expect((await check()).statusCode).toBe(503);
  expect(recorded.text()).toContain("DeadlineError");
});

test("keeps within the deadline while throttled", async () => {
  const server = await startServer((_, response) => answer(response, 400, { __type: "ThrottlingException" }));
  const client = dynamoDbAt(server.endpoint, { ...LIMITS, maxAttempts: 10 });
  const { check } = healthOf(new DynamoDbTableProbe(client, CARTS), 300);
  const { result, tookMs } = await timed(check);
  expect(result.statusCode).toBe(503);
  expect(tookMs).toBeLessThan(550);
});
