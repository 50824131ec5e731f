import type { ServerResponse } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientOptions } from "../../handlers/adapters/client-options";
import { DynamoDbOrderStore } from "../../handlers/adapters/dynamodb-order-store";
import { HttpVendor } from "../../handlers/adapters/http-vendor";
import { type ResilienceLimits, ResilientVendor } from "../../handlers/adapters/resilient-vendor";
import { SecretsVendorKey } from "../../handlers/adapters/secrets-vendor-key";
import type { Verdict } from "../../handlers/domain/order";
import { paymentMessage } from "../../handlers/domain/payment-message";
import { makePaymentWorkerHandler } from "../../handlers/operations/payment-worker";
import { pendingOrder, type RecordedLog, type RecordedMetrics, recordedLog, recordedMetrics, sqsEvent } from "./events";
import { CREDENTIALS, LIMITS, type LocalDynamoDb, ORDERS, startDynamoDb } from "./local-dynamodb";
import { answer, type LocalServer, refusingEndpoint, startServer, stopServers } from "./local-server";

const VENDOR_TIMEOUT_MS = 300;
const BREAKER_OPEN_MS = 200;
const CHARGED = { amountMinor: 2_500, currency: "EUR" };
const PAID: Verdict = { outcome: "PAID", charged: CHARGED };

let dynamoDb: LocalDynamoDb;
let vendor: LocalServer;
let secrets: LocalServer;
let orders: DynamoDbOrderStore;
let recorded: RecordedLog;
let metrics: RecordedMetrics;
let nowMs: number;
let storedKey: string;
let key: SecretsVendorKey;
let handler: ReturnType<typeof makePaymentWorkerHandler>;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  orders = new DynamoDbOrderStore(dynamoDb.client, ORDERS);
  vendor = await startServer(() => {});
  secrets = await startServer(() => {});
});
afterAll(() => Promise.all([dynamoDb.stop(), stopServers()]));

beforeEach(() => {
  nowMs = 1_000;
  storedKey = "key-1";
  vendor.requests.length = 0;
  secrets.requests.length = 0;
  secrets.respond = (_, response) => answer(response, 200, { SecretString: storedKey });
  vendor.respond = vendorTaking("key-1");
  recorded = recordedLog();
  const client = new SecretsManagerClient({
    ...clientOptions("us-east-1", LIMITS),
    endpoint: secrets.endpoint,
    credentials: CREDENTIALS,
  });
  key = new SecretsVendorKey({ client, secretName: "vendor-key", nowMs: () => nowMs, log: recorded.log });
  metrics = recordedMetrics();
  handler = workerWith({});
});

/** The worker over real adapters; what a test does not say is as short as can be. */
function workerWith(
  limits: Partial<ResilienceLimits>,
  how: { url?: string; timeoutMs?: number; deadlineMs?: number } = {},
) {
  const { url = `${vendor.endpoint}/charges`, timeoutMs = VENDOR_TIMEOUT_MS, deadlineMs = 2_000 } = how;
  const all = { maxAttempts: 3, firstRetryDelayMs: 1, breakerThreshold: 6, breakerOpenMs: BREAKER_OPEN_MS, ...limits };
  return makePaymentWorkerHandler({
    orders,
    vendor: new ResilientVendor(new HttpVendor({ url, timeoutMs, key }), all, metrics),
    chargeDeadlineMs: deadlineMs,
    nowMs: () => nowMs,
    metrics,
    log: recorded.log,
  });
}

/** A vendor that knows one key and answers each order with the status given for it, 200 by default. */
function vendorTaking(key: string, statusCodes: Record<string, number> = {}): LocalServer["respond"] {
  return ({ headers, body }, response) => {
    const authorized = headers.authorization === `Bearer ${key}`;
    const { amountMinor, currency } = body;
    answer(response, authorized ? (statusCodes[String(body["orderId"])] ?? 200) : 401, { amountMinor, currency });
  };
}

let orderNumber = 0;

/** Places an order and returns its id. */
async function place(): Promise<string> {
  orderNumber += 1;
  const order = pendingOrder("ada", `k${orderNumber}`);
  await orders.place(order);
  return order.orderId;
}

const deliver = (...orderIds: string[]) => handler(sqsEvent(...orderIds.map(paymentMessage)));

test("charges an order once and marks it paid", async () => {
  const orderId = await place();
  expect(await deliver(orderId)).toEqual({ batchItemFailures: [] });
  expect(await deliver(orderId)).toEqual({ batchItemFailures: [] });
  expect(vendor.requests).toHaveLength(1);
  expect(vendor.requests[0]?.body).toEqual({ orderId, amountMinor: 2_500, currency: "EUR" });
  expect(vendor.requests[0]?.headers).toMatchObject({
    authorization: "Bearer key-1",
    "idempotency-key": orderId,
    "x-correlation-id": "correlation",
  });
  const paid = await orders.read(orderId);
  expect(paid).toMatchObject({ status: "PAID", paidAtMs: 1_000, chargedMinor: 2_500 });
  expect(metrics.counts).toEqual({ OrdersPaid: 1 });
  expect(paid).not.toHaveProperty("unpaidRegion");
  expect(await orders.listUnpaid("us-east-1", 1_000, 100)).not.toContain(orderId);
});

test("marks an order declined when the vendor refuses payment", async () => {
  const orderId = await place();
  vendor.respond = vendorTaking("key-1", { [orderId]: 402 });
  expect(await deliver(orderId)).toEqual({ batchItemFailures: [] });
  const declined = await orders.read(orderId);
  expect(declined).toMatchObject({ status: "DECLINED", declinedAtMs: 1_000 });
  expect(declined).not.toHaveProperty("unpaidRegion");
  expect(declined).not.toHaveProperty("lastEnqueuedAtMs");
  expect(metrics.counts).toEqual({ OrdersDeclined: 1 });
});

test("reports only the messages that failed", async () => {
  const [paid, broken, declined] = [await place(), await place(), await place()];
  vendor.respond = vendorTaking("key-1", { [broken]: 500, [declined]: 402 });
  const unknown = paymentMessage(pendingOrder("nobody", "k").orderId);
  const event = sqsEvent(paymentMessage(paid), "not json", paymentMessage(broken), unknown, paymentMessage(declined));
  expect(await handler(event)).toEqual({
    batchItemFailures: [{ itemIdentifier: "m1" }, { itemIdentifier: "m2" }, { itemIdentifier: "m3" }],
  });
  const statuses = await Promise.all([paid, broken, declined].map(async (id) => (await orders.read(id))?.status));
  expect(statuses).toEqual(["PAID", "PENDING_PAYMENT", "DECLINED"]);
});

test("changes nothing for a duplicate that comes late, and counts it as done", async () => {
  const orderId = await place();
  vendor.respond = async (request, response) => {
    await orders.settle(orderId, PAID, 500); // The other delivery was faster.
    await vendorTaking("key-1")(request, response);
  };
  expect(await deliver(orderId)).toEqual({ batchItemFailures: [] });
  expect(await orders.read(orderId)).toMatchObject({ status: "PAID", paidAtMs: 500 });
  expect(recorded.events).toEqual(["payment-already-settled"]);
  expect(metrics.counts).toEqual({});
});

test("handles the messages of a batch at the same time", async () => {
  const orderIds = [await place(), await place(), await place()];
  const waiting: ServerResponse[] = [];
  vendor.respond = (_, response) => {
    waiting.push(response); // Nobody is answered until all three have asked.
    if (waiting.length === 3) for (const asked of waiting) answer(asked, 200, CHARGED);
  };
  expect(await deliver(...orderIds)).toEqual({ batchItemFailures: [] });
  expect(secrets.requests).toHaveLength(1);
});

test("reads the vendor's key again when the vendor rejects it, once for the whole batch", async () => {
  await deliver(await place());
  storedKey = "key-2";
  const rejectLater: Array<() => void> = [];
  vendor.respond = ({ headers }, response) => {
    if (headers.authorization === "Bearer key-1") {
      // The second rejection arrives when the first has already led to a new key.
      rejectLater.push(() => answer(response, 401));
      if (rejectLater.length === 2) rejectLater.shift()?.();
      return;
    }
    rejectLater.shift()?.();
    answer(response, 200, CHARGED);
  };
  expect(await deliver(await place(), await place())).toEqual({ batchItemFailures: [] });
  expect(secrets.requests).toHaveLength(2);
  expect(secrets.requests[0]?.body).toEqual({ SecretId: "vendor-key" });
});

test("fails the message when the key was not rotated, without asking the vendor again", async () => {
  vendor.respond = vendorTaking("another");
  expect(await deliver(await place())).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }] });
  expect([vendor.requests.length, secrets.requests.length]).toEqual([1, 2]);
});

test("keeps the key for five minutes", async () => {
  await deliver(await place());
  nowMs += 299_999;
  await deliver(await place());
  expect(secrets.requests).toHaveLength(1);
  nowMs += 1;
  await deliver(await place());
  expect(secrets.requests).toHaveLength(2);
});

test("goes on with the known key when Secrets Manager cannot be read", async () => {
  await deliver(await place());
  nowMs += 300_000;
  secrets.respond = (_, response) => answer(response, 400, { __type: "InternalServiceError" });
  expect(await deliver(await place())).toEqual({ batchItemFailures: [] });
  expect(recorded.events).toContain("vendor-key-not-refreshed");
  const asked = secrets.requests.length;
  nowMs += 59_999;
  await deliver(await place());
  expect(secrets.requests).toHaveLength(asked); // Not every charge waits for what does not answer.
  nowMs += 1;
  await deliver(await place());
  expect(secrets.requests.length).toBeGreaterThan(asked);
});

test("reads the key again after a first read that failed", async () => {
  const orderId = await place();
  secrets.respond = (_, response) => answer(response, 400, { __type: "ResourceNotFoundException" });
  expect((await deliver(orderId)).batchItemFailures).toHaveLength(1);
  secrets.respond = (_, response) => answer(response, 200, { SecretString: "key-1" });
  expect((await deliver(orderId)).batchItemFailures).toEqual([]);
});

test.each([
  ["does not answer in time", () => {}],
  ["drops the connection", (response: ServerResponse) => response.destroy()],
  ["has a fault of its own", (response: ServerResponse) => answer(response, 503)],
  ["has too much to do", (response: ServerResponse) => answer(response, 429)],
  ["works on the same key already", (response: ServerResponse) => answer(response, 409)],
  ["says that it is too early", (response: ServerResponse) => answer(response, 425)],
  ["gave up waiting for the request", (response: ServerResponse) => answer(response, 408)],
  ["has only taken note of the charge", (response: ServerResponse) => answer(response, 202, CHARGED)],
  ["shows a page about its maintenance", (response: ServerResponse) => void response.writeHead(200).end("<html>")],
  ["says no amount", (response: ServerResponse) => answer(response, 200, { status: "declined" })],
  [
    "says the amount in quotes",
    (response: ServerResponse) => answer(response, 200, { ...CHARGED, amountMinor: "2500" }),
  ],
])("asks three times, then fails the message, when the vendor %s", async (_, respond) => {
  const orderId = await place();
  vendor.respond = (_request, response) => void respond(response);
  expect(await deliver(orderId)).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }] });
  expect(vendor.requests).toHaveLength(3);
  expect(new Set(vendor.requests.map(({ headers }) => headers["idempotency-key"]))).toEqual(new Set([orderId]));
  expect((await orders.read(orderId))?.status).toBe("PENDING_PAYMENT");
  expect(metrics.counts).toEqual({ VendorFailures: 3 });
  expect(recorded.text()).toContain("VendorUnavailableError");
});

test.each([
  ["redirects", (response: ServerResponse) => response.writeHead(307, { location: "/elsewhere" }).end()],
  ["finds the charge malformed", (response: ServerResponse) => answer(response, 400)],
  ["forbids it", (response: ServerResponse) => answer(response, 403)],
])("asks once, and fails the message, when the vendor %s", async (_, respond) => {
  const orderId = await place();
  vendor.respond = (_request, response) => void respond(response);
  expect(await deliver(orderId)).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }] });
  expect(vendor.requests).toHaveLength(1);
  expect((await orders.read(orderId))?.status).toBe("PENDING_PAYMENT");
  expect(recorded.text()).toContain("VendorRefusalError");
});

test("pays within one delivery when the vendor answers the third time", async () => {
  const orderId = await place();
  vendor.respond = (_, response) => answer(response, vendor.requests.length < 3 ? 500 : 201, CHARGED);
  expect(await deliver(orderId)).toEqual({ batchItemFailures: [] });
  expect(metrics.counts).toEqual({ VendorFailures: 2, OrdersPaid: 1 });
});

test("asks no more once six attempts in a row have failed, then lets one attempt decide", async () => {
  const orderIds = await Promise.all(Array.from({ length: 4 }, place));
  vendor.respond = (_, response) => answer(response, 500);
  for (const orderId of orderIds) await deliver(orderId);
  expect(vendor.requests).toHaveLength(6);
  expect(recorded.text()).toContain("circuit breaker is open");
  await new Promise((resolve) => setTimeout(resolve, BREAKER_OPEN_MS + 20));
  await deliver(...orderIds);
  expect(vendor.requests).toHaveLength(7);
  vendor.respond = vendorTaking("key-1");
  await new Promise((resolve) => setTimeout(resolve, BREAKER_OPEN_MS + 20));
  expect(await deliver(...orderIds)).toEqual({ batchItemFailures: [] });
  expect(vendor.requests).toHaveLength(11);
});

test("a declined payment is an answer: it opens no circuit", async () => {
  const orderIds = await Promise.all(Array.from({ length: 8 }, place));
  vendor.respond = (_, response) => answer(response, 402);
  for (const orderId of orderIds) await deliver(orderId);
  expect(vendor.requests).toHaveLength(8);
  expect(metrics.counts).toEqual({ OrdersDeclined: 8 });
});

test("gives a charge up at its deadline, whatever its attempts are doing", async () => {
  const startedAtMs = performance.now();
  const stuck = makePaymentWorkerHandler({
    orders,
    vendor: { charge: () => new Promise(() => {}) },
    chargeDeadlineMs: 50,
    nowMs: () => nowMs,
    metrics,
    log: recorded.log,
  });
  expect(await stuck(sqsEvent(paymentMessage(await place())))).toEqual({
    batchItemFailures: [{ itemIdentifier: "m0" }],
  });
  expect(recorded.text()).toContain("DeadlineError");
  expect(performance.now() - startedAtMs).toBeLessThan(1_000);
});

test("keeps what the vendor says it charged, and rings when that is not the total", async () => {
  const orderId = await place();
  vendor.respond = (_, response) => answer(response, 200, { amountMinor: 1_900, currency: "EUR" });
  expect(await deliver(orderId)).toEqual({ batchItemFailures: [] });
  expect(await orders.read(orderId)).toMatchObject({ status: "PAID", totalMinor: 2_500, chargedMinor: 1_900 });
  expect(metrics.counts).toEqual({ AmountMismatches: 1, OrdersPaid: 1 });
  expect(recorded.events).toContain("amount-mismatch");
});

test("rings when the currency is another, and reads no endless answer to its end", async () => {
  const [foreign, endless] = [await place(), await place()];
  vendor.respond = ({ body }, response) => {
    if (body["orderId"] === foreign) return answer(response, 200, { amountMinor: 2_500, currency: "USD" });
    response.writeHead(200);
    const timer = setInterval(() => response.write("x".repeat(10_000)), 1);
    response.once("close", () => clearInterval(timer));
  };
  expect(await deliver(foreign, endless)).toEqual({ batchItemFailures: [{ itemIdentifier: "m1" }] });
  expect(metrics.counts).toMatchObject({ AmountMismatches: 1, OrdersPaid: 1 });
});

test("waits between its attempts, each time for another while", async () => {
  const gaps: number[] = [];
  for (let charge = 0; charge < 2; charge += 1) {
    const askedAtMs: number[] = [];
    vendor.respond = (_, response) => {
      askedAtMs.push(performance.now());
      answer(response, 500);
    };
    await workerWith({ firstRetryDelayMs: 60 })(sqsEvent(paymentMessage(await place())));
    gaps.push(...askedAtMs.slice(1).map((at, index) => at - (askedAtMs[index] ?? 0)));
  }
  expect(Math.max(...gaps)).toBeGreaterThan(20);
  expect(new Set(gaps.map(Math.round)).size).toBeGreaterThan(1);
});

test("drops the connection to a vendor that has not answered when the charge's time is over", async () => {
  let onDrop = () => {};
  const dropped = new Promise<void>((resolve) => {
    onDrop = resolve;
  });
  vendor.respond = (_, response) => void response.once("close", onDrop);
  await workerWith({}, { timeoutMs: 60_000, deadlineMs: 50 })(sqsEvent(paymentMessage(await place())));
  expect(recorded.text()).toContain("DeadlineError");
  await dropped;
});

test("counts no failure of the vendor while the key cannot be read, and does not take it for one", async () => {
  secrets.respond = (_, response) => answer(response, 400, { __type: "ResourceNotFoundException" });
  expect((await deliver(await place())).batchItemFailures).toHaveLength(1);
  expect(vendor.requests).toEqual([]);
  expect(metrics.counts).toEqual({});
});

test("tells in the log why the vendor could not be reached, however deep the reason lies", async () => {
  const away = workerWith({ maxAttempts: 1 }, { url: await refusingEndpoint() });
  await away(sqsEvent(paymentMessage(await place())));
  expect(JSON.parse(recorded.text())["errorCause"]).toMatch(/ECONNREFUSED/);
});

test("marks an order over nothing paid without asking the vendor", async () => {
  const gift = { ...pendingOrder("ada", "gift"), totalMinor: 0 };
  await orders.place(gift);
  expect(await deliver(gift.orderId)).toEqual({ batchItemFailures: [] });
  expect(vendor.requests).toEqual([]);
  expect(await orders.read(gift.orderId)).toMatchObject({ status: "PAID", chargedMinor: 0 });
});

test("writes order, correlation id and receive count on the line of a failure", async () => {
  const orderId = await place();
  vendor.respond = (_, response) => answer(response, 400);
  await deliver(orderId);
  expect(JSON.parse(recorded.text())).toMatchObject({
    level: "ERROR",
    event: "payment-failed",
    orderId,
    correlationId: "correlation",
    receiveCount: 1,
    messageId: "m0",
  });
});

test("never writes the key to the log, not even one that no header can carry", async () => {
  storedKey = "top\nsecret";
  expect((await deliver(await place())).batchItemFailures).toHaveLength(1);
  expect(recorded.text()).toContain("vendor-key");
  expect(recorded.text()).not.toMatch(/top|secret\b(?!s? ')/);
});

test("asks again in time whatever the garbage collector does meanwhile", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  vendor.respond = () => {};
  const orderId = await place();
  const collecting = setInterval(collect, VENDOR_TIMEOUT_MS / 5);
  await deliver(orderId).finally(() => clearInterval(collecting));
  expect(vendor.requests).toHaveLength(3);
});
