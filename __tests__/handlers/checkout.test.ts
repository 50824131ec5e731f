import type { ServerResponse } from "node:http";
import { DynamoDbCartStore } from "../../handlers/adapters/dynamodb-cart-store";
import { DynamoDbOrderStore } from "../../handlers/adapters/dynamodb-order-store";
import { itemOfOrder } from "../../handlers/adapters/order-item";
import { sqsClient } from "../../handlers/adapters/sqs-client";
import { SqsPaymentQueue } from "../../handlers/adapters/sqs-payment-queue";
import { type Cart, type CartLine, nextCart } from "../../handlers/domain/cart";
import { orderIdOf, uuidV5 } from "../../handlers/domain/order-id";
import type { HttpHandler } from "../../handlers/http-response";
import { makeCheckoutHandler } from "../../handlers/operations/checkout";
import { makeOrderHandler } from "../../handlers/operations/order";
import { bodyOf, httpRequest, line, pendingOrder, type RecordedLog, recordedLog } from "./events";
import { CARTS, dynamoDbAt, type LocalDynamoDb, ORDERS, startDynamoDb } from "./local-dynamodb";
import { acceptMessages, answer, type LocalServer, startServer, stopServers } from "./local-server";

const NOW_MS = 1_767_225_600_000;
const QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/111122223333/payments";

let dynamoDb: LocalDynamoDb;
let sqs: LocalServer;
let carts: DynamoDbCartStore;
let orders: DynamoDbOrderStore;
let recorded: RecordedLog;
let handler: HttpHandler;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  sqs = await startServer(acceptMessages);
  process.env["AWS_ENDPOINT_URL_SQS"] = sqs.endpoint;
  process.env["AWS_ACCESS_KEY_ID"] = "local";
  process.env["AWS_SECRET_ACCESS_KEY"] = "local";
  carts = new DynamoDbCartStore(dynamoDb.client, CARTS);
  orders = new DynamoDbOrderStore(dynamoDb.client, ORDERS);
});
beforeEach(() => {
  sqs.respond = acceptMessages;
  sqs.requests.length = 0;
  recorded = recordedLog();
  const queue = new SqsPaymentQueue(sqsClient("us-east-1", 300), QUEUE_URL);
  handler = makeCheckoutHandler({ carts, orders, queue, region: "us-east-1", nowMs: () => NOW_MS, log: recorded.log });
});
afterAll(() => Promise.all([dynamoDb.stop(), stopServers()]));

async function fillCart(userId: string, lines: Record<string, CartLine>): Promise<void> {
  const stored = await carts.read(userId);
  const base: Cart = stored ?? { userId, version: 0, lines: new Map(), updatedAtMs: 0, expiresAtSeconds: 0 };
  await carts.replace(nextCart(base, new Map(Object.entries(lines)), NOW_MS, 90), base.version);
}

const checkout = (user: string, key: string) =>
  handler(httpRequest("POST /checkout", { user, headers: { "idempotency-key": key } }));

test("places an order for the cart and enqueues it for payment", async () => {
  await fillCart("ada", { mug: line(), pot: line({ quantity: 1, unitPriceMinor: 999 }) });
  const response = await checkout("ada", "k1");
  const orderId = orderIdOf("ada", "k1");
  expect(response.statusCode).toBe(201);
  expect(response.headers).toMatchObject({ location: `/orders/${orderId}` });
  expect(bodyOf(response)).toMatchObject({ orderId, status: "PENDING_PAYMENT", totalMinor: 3_499, currency: "EUR" });
  expect(await orders.read(orderId)).toMatchObject({ userId: "ada", placedAtMs: NOW_MS, unpaidRegion: "us-east-1" });
  expect(sqs.requests.map(({ body }) => body)).toEqual([
    { QueueUrl: QUEUE_URL, MessageBody: JSON.stringify({ orderId }) },
  ]);
});

test("answers a repeated request with the same order", async () => {
  await fillCart("bea", { mug: line() });
  const first = await checkout("bea", "k1");
  await fillCart("bea", { mug: line() }); // The same contents, though another version.
  const repeated = await checkout("bea", "k1");
  expect([first.statusCode, repeated.statusCode]).toEqual([201, 200]);
  expect(bodyOf(repeated)).toEqual(bodyOf(first));
});

test("makes one order of requests with one key at the same moment", async () => {
  await fillCart("cal", { mug: line() });
  const responses = await Promise.all(Array.from({ length: 5 }, () => checkout("cal", "k1")));
  expect(responses.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 200, 201]);
  expect(new Set(responses.map((response) => bodyOf(response)["orderId"])).size).toBe(1);
});

test("places a second order for a new key", async () => {
  await fillCart("dan", { mug: line() });
  const [first, second] = [await checkout("dan", "k1"), await checkout("dan", "k2")];
  expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
  expect(bodyOf(second)["orderId"]).not.toBe(bodyOf(first)["orderId"]);
});

test("refuses a used key for another cart and leaves the order as it was", async () => {
  await fillCart("eve", { mug: line() });
  await checkout("eve", "k1");
  sqs.requests.length = 0;
  await fillCart("eve", { mug: line({ quantity: 3 }) });
  const response = await checkout("eve", "k1");
  expect(response.statusCode).toBe(422);
  expect(bodyOf(response)["message"]).toContain(orderIdOf("eve", "k1"));
  expect((await orders.read(orderIdOf("eve", "k1")))?.totalMinor).toBe(2_500);
  expect(sqs.requests).toEqual([]);
});

test("refuses an empty cart, and names the order if the key has placed one", async () => {
  const never = await checkout("fay", "k1");
  await fillCart("fay", { mug: line() });
  await checkout("fay", "k1");
  await fillCart("fay", {});
  const emptied = await checkout("fay", "k1");
  expect([never.statusCode, emptied.statusCode]).toEqual([409, 409]);
  expect(bodyOf(never)["message"]).toContain("the cart is empty");
  expect(bodyOf(emptied)["message"]).toContain(orderIdOf("fay", "k1"));
});

test("refuses a cart of two currencies and names both", async () => {
  await fillCart("gus", { mug: line(), pot: line({ currency: "USD" }) });
  const response = await checkout("gus", "k1");
  expect(response.statusCode).toBe(409);
  expect(bodyOf(response)["message"]).toContain("EUR, USD");
  expect(await orders.read(orderIdOf("gus", "k1"))).toBeUndefined();
});

test.each([
  ["refuses", (response: ServerResponse) => answer(response, 500, {})],
  ["does not answer", () => {}],
])("places the order although the queue %s", async (what, respond) => {
  sqs.respond = (_, response) => respond(response);
  await fillCart(`hal-${what}`, { mug: line() });
  const response = await checkout(`hal-${what}`, "k1");
  expect(response.statusCode).toBe(201);
  expect(recorded.events).toEqual(["order-placed", "order-not-enqueued"]);
});

test("enqueues again when an unpaid order is asked for again, and not when it is paid", async () => {
  await fillCart("ian", { mug: line() });
  await checkout("ian", "k1");
  await checkout("ian", "k1");
  expect(sqs.requests).toHaveLength(2);
  await orders.settle(orderIdOf("ian", "k1"), "PAID", NOW_MS + 1);
  expect(bodyOf(await checkout("ian", "k1"))).toMatchObject({ status: "PAID", paidAtMs: NOW_MS + 1 });
  expect(sqs.requests).toHaveLength(2);
});

test("trusts the item that DynamoDB returns with a failed condition, without a second read", async () => {
  const standing = pendingOrder("joy", "k1");
  const server = await startServer((_, response) =>
    answer(response, 400, {
      __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
      message: "The conditional request failed",
      Item: itemOfOrder(standing),
    }),
  );
  const store = new DynamoDbOrderStore(dynamoDbAt(server.endpoint), ORDERS);
  expect(await store.place({ ...standing, placedAtMs: 5 })).toEqual({ order: standing, created: false });
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]?.body).toMatchObject({ ReturnValuesOnConditionCheckFailure: "ALL_OLD" });
});

test.each([undefined, "", "  ", "x".repeat(129), "naïve", "a\nb"])("refuses the idempotency key %p", async (key) => {
  const headers: Record<string, string> = key === undefined ? {} : { "idempotency-key": key };
  const response = await handler(httpRequest("POST /checkout", { user: "kim", headers }));
  expect(response.statusCode).toBe(400);
});

test("writes no cart contents and no key to the log", async () => {
  sqs.respond = (_, response) => answer(response, 500, {});
  await fillCart("lea", { "secret-sku": line() });
  await checkout("lea", "secret-key");
  expect(recorded.text()).not.toMatch(/secret|1250|2500/);
});

test("shows an order to its owner and to nobody else", async () => {
  await fillCart("max", { mug: line() });
  const placed = bodyOf(await checkout("max", "k1"));
  const show = makeOrderHandler(orders);
  const ask = (user: string, orderId: string) =>
    show(httpRequest("GET /orders/{orderId}", { user, path: { orderId } }));
  const own = await ask("max", String(placed["orderId"]));
  expect(own.statusCode).toBe(200);
  expect(bodyOf(own)).toEqual(placed);
  expect(bodyOf(own)).not.toHaveProperty("cartFingerprint");
  const others = await ask("ned", String(placed["orderId"]));
  const missing = await ask("max", orderIdOf("max", "never"));
  expect([others.statusCode, missing.statusCode, (await ask("max", "1")).statusCode]).toEqual([404, 404, 404]);
  expect(others.body).toBe(missing.body);
});

test("derives order ids as RFC 9562 does", () => {
  const dnsNamespace = Buffer.from("6ba7b8109dad11d180b400c04fd430c8", "hex");
  expect(uuidV5(dnsNamespace, "www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
});
