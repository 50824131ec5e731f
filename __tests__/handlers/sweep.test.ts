import { SQSClient } from "@aws-sdk/client-sqs";
import { clientOptions } from "../../handlers/adapters/client-options";
import { DynamoDbOrderStore } from "../../handlers/adapters/dynamodb-order-store";
import { SqsPaymentQueue } from "../../handlers/adapters/sqs-payment-queue";
import type { Verdict } from "../../handlers/domain/order";
import { makeSweepHandler, type SweepDependencies } from "../../handlers/operations/sweep";
import type { UnpaidOrder } from "../../handlers/ports";
import { pendingOrder, type RecordedLog, type RecordedMetrics, recordedLog, recordedMetrics } from "./events";
import { CREDENTIALS, LIMITS, type LocalDynamoDb, ORDERS, startDynamoDb } from "./local-dynamodb";
import { acceptMessages, answer, type LocalServer, startServer, stopServers } from "./local-server";

const OWN_AGE_SECONDS = 300;
const TAKEOVER_AGE_SECONDS = 1_800;
const NOW_MS = 10_000_000;
const PAID: Verdict = { outcome: "PAID", charged: { amountMinor: 2_500, currency: "EUR" } };

let dynamoDb: LocalDynamoDb;
let sqs: LocalServer;
let orders: DynamoDbOrderStore;
let queue: SqsPaymentQueue;
let recorded: RecordedLog;
let metrics: RecordedMetrics;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  orders = new DynamoDbOrderStore(dynamoDb.client, ORDERS);
  sqs = await startServer(acceptMessages);
  const client = new SQSClient({
    ...clientOptions("us-east-1", { ...LIMITS, maxAttempts: 1 }),
    endpoint: sqs.endpoint,
    credentials: CREDENTIALS,
  });
  queue = new SqsPaymentQueue(client, "https://sqs.us-east-1.amazonaws.com/111122223333/payments");
});
afterAll(() => Promise.all([dynamoDb.stop(), stopServers()]));

beforeEach(() => {
  sqs.requests.length = 0;
  sqs.respond = acceptMessages;
  recorded = recordedLog();
  metrics = recordedMetrics();
});

/** Each test sweeps regions of its own, so that they do not meet. */
function sweepOf(region: string, changes: Partial<SweepDependencies> = {}) {
  return makeSweepHandler({
    orders,
    queue,
    region,
    peerRegions: [],
    ownAgeSeconds: OWN_AGE_SECONDS,
    takeoverAgeSeconds: TAKEOVER_AGE_SECONDS,
    maxOrders: 1_000,
    nowMs: () => NOW_MS,
    metrics,
    log: recorded.log,
    ...changes,
  });
}

async function place(region: string, ageMs: number): Promise<string> {
  const order = pendingOrder("ada", `${region} ${ageMs}`, region, NOW_MS - ageMs);
  await orders.place(order);
  return order.orderId;
}

const placeMany = (region: string, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => place(region, OWN_AGE_SECONDS * 1_000 + count - index)));

function sentBatches(): string[][] {
  return sqs.requests.map(({ body }) =>
    (body["Entries"] as Array<{ MessageBody: string }>).map((entry) => JSON.parse(entry.MessageBody).orderId),
  );
}

test("enqueues its own region's overdue orders and a peer's only after the takeover age, longest waiting first", async () => {
  const own = await place("us-east-1", OWN_AGE_SECONDS * 1_000);
  const olderOwn = await place("us-east-1", OWN_AGE_SECONDS * 1_000 + 1);
  await place("us-east-1", OWN_AGE_SECONDS * 1_000 - 1);
  const peers = await place("us-west-2", TAKEOVER_AGE_SECONDS * 1_000);
  await place("us-west-2", TAKEOVER_AGE_SECONDS * 1_000 - 1);
  await place("eu-west-1", TAKEOVER_AGE_SECONDS * 2_000); // Nobody's peer.
  const result = await sweepOf("us-east-1", { peerRegions: ["us-west-2"] })();
  expect(result).toEqual({ enqueued: 3, failed: 0 });
  expect(sentBatches()).toEqual([[peers, olderOwn, own]]);
  expect(metrics.counts).toEqual({ OrdersSwept: 3 });
});

test("leaves paid and declined orders alone", async () => {
  const [paid, declined] = [await place("eu-north-1", 900_000), await place("eu-north-1", 900_001)];
  await orders.settle(paid, PAID, NOW_MS);
  await orders.settle(declined, { outcome: "DECLINED" }, NOW_MS);
  expect(await sweepOf("eu-north-1")()).toEqual({ enqueued: 0, failed: 0 });
  expect(sqs.requests).toEqual([]);
  expect(metrics.counts).toEqual({});
});

test("pages through the index and sends ten at a time", async () => {
  const orderIds = await placeMany("eu-west-2", 123);
  expect(await sweepOf("eu-west-2")()).toEqual({ enqueued: 123, failed: 0 });
  expect(sentBatches().map((batch) => batch.length)).toEqual([...Array(12).fill(10), 3]);
  expect(sentBatches().flat()).toEqual(orderIds);
});

test("enqueues no more than its limit, and the rest in the next run: who was enqueued goes to the back", async () => {
  const own = await placeMany("eu-west-3", 12);
  const peers = await Promise.all([1, 2, 3].map((age) => place("eu-south-1", TAKEOVER_AGE_SECONDS * 1_000 + 9 - age)));
  const sweep = sweepOf("eu-west-3", { peerRegions: ["eu-south-1"], maxOrders: 7 });
  await sweep();
  await sweep();
  expect(sentBatches().flat()).toEqual([...peers, ...own.slice(0, 11)]);
  expect(await sweep()).toEqual({ enqueued: 1, failed: 0 });
  expect(await sweep()).toEqual({ enqueued: 0, failed: 0 });
});

test("enqueues an order again only when it has waited for the whole age since the last time", async () => {
  const orderId = await place("eu-central-1", OWN_AGE_SECONDS * 1_000);
  await sweepOf("eu-central-1")();
  const later = (ms: number) => sweepOf("eu-central-1", { nowMs: () => NOW_MS + ms })();
  expect(await later(OWN_AGE_SECONDS * 1_000 - 1)).toEqual({ enqueued: 0, failed: 0 });
  expect(await later(OWN_AGE_SECONDS * 1_000)).toEqual({ enqueued: 1, failed: 0 });
  expect(sentBatches()).toEqual([[orderId], [orderId]]);
});

test("takes no order over from a peer whose own sweep goes on, however long the order is unpaid", async () => {
  const orderId = await place("ap-east-1", TAKEOVER_AGE_SECONDS * 1_000 - 1);
  await sweepOf("ap-east-1")();
  const standby = sweepOf("ap-south-1", { peerRegions: ["ap-east-1"], nowMs: () => NOW_MS + 60_000 });
  expect(await standby()).toEqual({ enqueued: 0, failed: 0 });
  expect(sentBatches()).toEqual([[orderId]]);
});

test("may run twice at once: every order is enqueued, and marked once", async () => {
  const orderIds = await placeMany("eu-south-2", 15);
  await Promise.all([sweepOf("eu-south-2")(), sweepOf("eu-south-2", { nowMs: () => NOW_MS + 1 })()]);
  expect(new Set(sentBatches().flat())).toEqual(new Set(orderIds));
  expect(await sweepOf("eu-south-2", { nowMs: () => NOW_MS + 2 })()).toEqual({ enqueued: 0, failed: 0 });
});

test("brings no order back that was paid while it was being enqueued", async () => {
  const orderId = await place("me-south-1", 900_000);
  sqs.respond = async (request, response) => {
    await orders.settle(orderId, PAID, NOW_MS);
    await acceptMessages(request, response);
  };
  await sweepOf("me-south-1")();
  const paid = await orders.read(orderId);
  expect(paid).toMatchObject({ status: "PAID" });
  expect(paid).not.toHaveProperty("lastEnqueuedAtMs");
});

test("goes on when an order cannot be marked, and enqueues it once more in the next run", async () => {
  const [first, second] = [await place("me-central-1", 900_001), await place("me-central-1", 900_000)];
  const failing = Object.assign(Object.create(orders), {
    noteEnqueued: (order: UnpaidOrder, atMs: number) =>
      order.orderId === first ? Promise.reject(new Error("throttled")) : orders.noteEnqueued(order, atMs),
  });
  expect(await sweepOf("me-central-1", { orders: failing })()).toEqual({ enqueued: 2, failed: 0 });
  expect(recorded.events).toEqual(["enqueueing-not-noted", "sweep-done"]);
  await sweepOf("me-central-1")();
  expect(sentBatches()).toEqual([[first, second], [first]]);
});

test("fails the run, after sending the rest, when SQS refuses some entries, and keeps those due", async () => {
  const orderIds = await placeMany("ca-west-1", 15);
  sqs.respond = (request, response) => {
    const entries = request.body["Entries"] as Array<{ Id: string }>;
    const refused = entries.filter(({ Id }) => Id === orderIds[3]);
    if (refused.length === 0) return acceptMessages(request, response);
    answer(response, 200, { Failed: refused.map(({ Id }) => ({ Id, Code: "InternalError", SenderFault: false })) });
  };
  await expect(sweepOf("ca-west-1")()).rejects.toThrow("1 orders not enqueued, 14 enqueued");
  expect(sentBatches().map((batch) => batch.length)).toEqual([10, 5]);
  expect(recorded.text()).toContain(orderIds[3]);
  expect(recorded.text()).toContain("InternalError");
  sqs.requests.length = 0;
  sqs.respond = acceptMessages;
  await sweepOf("ca-west-1")();
  expect(sentBatches()).toEqual([[orderIds[3]]]);
});

test("stops at once when the queue does not answer at all, and keeps every order due", async () => {
  await placeMany("sa-east-1", 25);
  sqs.respond = (_, response) => answer(response, 500, {});
  await expect(sweepOf("sa-east-1")()).rejects.toThrow("25 orders not enqueued, 0 enqueued");
  expect(sqs.requests).toHaveLength(1);
  sqs.respond = acceptMessages;
  expect(await sweepOf("sa-east-1")()).toEqual({ enqueued: 25, failed: 0 });
});
