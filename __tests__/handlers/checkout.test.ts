import type { ServerResponse } from "node:http";
import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDbCartStore } from "../../handlers/adapters/dynamodb-cart-store";
import { DynamoDbOrderStore } from "../../handlers/adapters/dynamodb-order-store";
import { itemOfOrder } from "../../handlers/adapters/order-item";
import { sqsClient } from "../../handlers/adapters/sqs-client";
import { SqsPaymentQueue } from "../../handlers/adapters/sqs-payment-queue";
import { mergedCart, storedNumber, withLine } from "../../handlers/domain/cart";
import { type CartLine, cartFingerprint, sortedLines } from "../../handlers/domain/cart-lines";
import type { Order } from "../../handlers/domain/order";
import { orderIdOf, uuidV5 } from "../../handlers/domain/order-id";
import type { HttpHandler } from "../../handlers/http-handler";
import { type CheckoutDependencies, makeCheckoutHandler } from "../../handlers/operations/checkout";
import { makeOrderHandler } from "../../handlers/operations/order";
import type { CartStore, OrderStore } from "../../handlers/ports";
import {
  bodyOf,
  httpRequest,
  line,
  pendingOrder,
  REGION,
  REGIONS,
  type RecordedLog,
  type RecordedMetrics,
  recordedLog,
  recordedMetrics,
  versionAfter,
} from "./events";
import { CARTS, dynamoDbAt, type LocalDynamoDb, ORDERS, startDynamoDb } from "./local-dynamodb";
import { acceptMessages, answer, type LocalServer, startServer, stopServers } from "./local-server";

const NOW_MS = 1_767_225_600_000;
const QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/111122223333/payments";

let dynamoDb: LocalDynamoDb;
let sqs: LocalServer;
let carts: DynamoDbCartStore;
let orders: DynamoDbOrderStore;
let recorded: RecordedLog;
let metrics: RecordedMetrics;
let handler: HttpHandler;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  sqs = await startServer(acceptMessages);
  process.env["AWS_ENDPOINT_URL_SQS"] = sqs.endpoint;
  process.env["AWS_ACCESS_KEY_ID"] = "local";
  process.env["AWS_SECRET_ACCESS_KEY"] = "local";
  carts = new DynamoDbCartStore(dynamoDb.client, CARTS, REGIONS);
  orders = new DynamoDbOrderStore(dynamoDb.client, ORDERS);
});
beforeEach(() => {
  sqs.respond = acceptMessages;
  sqs.requests.length = 0;
  recorded = recordedLog();
  metrics = recordedMetrics();
  handler = handlerOver({});
});
afterAll(() => Promise.all([dynamoDb.stop(), stopServers()]));

function handlerOver(changes: Partial<CheckoutDependencies>): HttpHandler {
  return makeCheckoutHandler({
    carts,
    orders,
    queue: new SqsPaymentQueue(sqsClient("us-east-1", 300), QUEUE_URL),
    region: "us-east-1",
    cartTtlDays: 90,
    nowMs: () => NOW_MS,
    metrics,
    log: recorded.log,
    ...changes,
  });
}

async function setLine(userId: string, sku: string, wanted: CartLine | undefined): Promise<void> {
  const cart = mergedCart(userId, await carts.read(userId), NOW_MS);
  const writing = { ...REGIONS, nowMs: NOW_MS, ttlDays: 90 };
  await carts.replace(withLine(cart, sku, wanted, writing), storedNumber(cart, REGION));
}

/** Sets the cart to these lines, a change for each: those that it holds already are set anew. */
async function fillCart(userId: string, lines: Record<string, CartLine>): Promise<void> {
  const present = await linesOf(userId);
  for (const sku of new Set([...present.keys(), ...Object.keys(lines)])) await setLine(userId, sku, lines[sku]);
}

const linesOf = async (userId: string) => mergedCart(userId, await carts.read(userId), NOW_MS).lines;
const skusOf = async (userId: string) => [...(await linesOf(userId)).keys()];
const fingerprintOf = (lines: Record<string, CartLine>) => cartFingerprint(sortedLines(new Map(Object.entries(lines))));

const checkout = (user: string, key: string, body?: unknown) =>
  handler(
    httpRequest("POST /checkout", {
      user,
      headers: { "idempotency-key": key },
      ...(body === undefined ? {} : { body }),
    }),
  );

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

test("places a second order for a new key and a cart that was filled again", async () => {
  await fillCart("dan", { mug: line() });
  const first = await checkout("dan", "k1");
  await fillCart("dan", { mug: line() });
  const second = await checkout("dan", "k2");
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
  expect(bodyOf(response)).toMatchObject({ orderId: orderIdOf("eve", "k1"), status: 422 });
  expect((await orders.read(orderIdOf("eve", "k1")))?.totalMinor).toBe(2_500);
  expect(sqs.requests).toEqual([]);
});

test("refuses an empty cart, and names the order if the key has placed one", async () => {
  const never = await checkout("fay", "k1");
  await orders.place(pendingOrder("fay", "k2")); // Of a cart that somebody emptied afterwards, line by line.
  const emptied = await checkout("fay", "k2");
  expect([never.statusCode, emptied.statusCode]).toEqual([409, 409]);
  expect(bodyOf(never)).toMatchObject({ type: expect.stringMatching(/cart-empty$/), currentVersion: 0 });
  expect(bodyOf(emptied)).toMatchObject({
    type: expect.stringMatching(/cart-empty$/),
    orderId: orderIdOf("fay", "k2"),
  });
});

test("takes the ordered lines out of the cart, and answers a repeat all the same", async () => {
  await fillCart("fil", { mug: line(), pot: line() });
  const first = await checkout("fil", "k1");
  expect(await skusOf("fil")).toEqual([]);
  const repeated = await checkout("fil", "k1");
  expect([repeated.statusCode, bodyOf(repeated)]).toEqual([200, bodyOf(first)]);
  expect((await checkout("fil", "k2")).statusCode).toBe(409);
});

test("leaves in the cart what was put in or changed while the order was placed", async () => {
  await fillCart("flo", { mug: line(), pot: line() });
  const busy = {
    ...orders,
    read: orders.read.bind(orders),
    place: async (order: Order) => {
      await setLine("flo", "pot", line({ quantity: 5 }));
      await setLine("flo", "pan", line());
      return orders.place(order);
    },
  } as OrderStore;
  const request = httpRequest("POST /checkout", { user: "flo", headers: { "idempotency-key": "k1" } });
  expect((await handlerOver({ orders: busy })(request)).statusCode).toBe(201);
  expect((await skusOf("flo")).sort()).toEqual(["pan", "pot"]);
  expect(metrics.counts).toEqual({ OrdersAccepted: 1, CartConflicts: 1 });
});

test("takes a line that was put in the same way once more while the order was placed: it is a repeat", async () => {
  await fillCart("fin", { mug: line() });
  const busy = Object.assign(Object.create(orders), {
    place: async (order: Order) => {
      await setLine("fin", "mug", line());
      return orders.place(order);
    },
  });
  const request = httpRequest("POST /checkout", { user: "fin", headers: { "idempotency-key": "k1" } });
  expect((await handlerOver({ orders: busy })(request)).statusCode).toBe(201);
  expect(await skusOf("fin")).toEqual([]);
});

test("places the order although the cart cannot be emptied, and a repeat empties it", async () => {
  await fillCart("fox", { mug: line() });
  const stuck: CartStore = {
    ...REGIONS,
    read: (userId) => carts.read(userId),
    replace: () => Promise.reject(new Error("throttled")),
  };
  const request = httpRequest("POST /checkout", { user: "fox", headers: { "idempotency-key": "k1" } });
  expect((await handlerOver({ carts: stuck })(request)).statusCode).toBe(201);
  expect(recorded.events).toEqual(["order-placed", "cart-not-emptied"]);
  expect((await checkout("fox", "k1")).statusCode).toBe(200);
  expect(await skusOf("fox")).toEqual([]);
});

test("a repeat of the latest checkout leaves a cart alone that has been filled again", async () => {
  await fillCart("fry", { mug: line() });
  await checkout("fry", "k1");
  await fillCart("fry", { mug: line() });
  expect((await checkout("fry", "k1")).statusCode).toBe(200);
  expect(await skusOf("fry")).toEqual(["mug"]);
});

test("a late repeat of an earlier checkout leaves a cart alone that has been filled again", async () => {
  await fillCart("fyn", { mug: line() });
  await checkout("fyn", "k1");
  await fillCart("fyn", { pot: line() });
  await checkout("fyn", "k2");
  await fillCart("fyn", { mug: line(), pan: line() });
  const seen = { cartFingerprint: fingerprintOf({ mug: line() }) };
  expect((await checkout("fyn", "k1", seen)).statusCode).toBe(200);
  expect((await skusOf("fyn")).sort()).toEqual(["mug", "pan"]);
});

test("leaves in the cart a line whose price or currency changed while the order was placed", async () => {
  await fillCart("fred", { mug: line(), pot: line() });
  const busy = Object.assign(Object.create(orders), {
    place: async (order: Order) => {
      await fillCart("fred", { mug: line({ unitPriceMinor: 1 }), pot: line({ currency: "USD" }) });
      return orders.place(order);
    },
  });
  const request = httpRequest("POST /checkout", { user: "fred", headers: { "idempotency-key": "k1" } });
  expect((await handlerOver({ orders: busy })(request)).statusCode).toBe(201);
  expect((await skusOf("fred")).sort()).toEqual(["mug", "pot"]);
});

test("an order is marked as enqueued once for one sighting", async () => {
  const order = pendingOrder("fay", "marked");
  await orders.place(order);
  const seen = { orderId: order.orderId, lastEnqueuedAtMs: 0 };
  expect([await orders.noteEnqueued(seen, 5), await orders.noteEnqueued(seen, 6)]).toEqual([true, false]);
  expect(await orders.read(order.orderId)).toMatchObject({ lastEnqueuedAtMs: 5 });
});

test("reads orders consistently: what was acknowledged a moment ago is there", async () => {
  const server = await startServer((_, response) => answer(response, 200, {}));
  await new DynamoDbOrderStore(dynamoDbAt(server.endpoint), ORDERS).read(orderIdOf("ada", "k"));
  expect(server.requests[0]?.body).toMatchObject({ ConsistentRead: true });
});

test("makes the same order of what an order that has not arrived yet left in the cart", async () => {
  const key = { TableName: ORDERS, Key: { orderId: { S: orderIdOf("gay", "k1") } } };
  // As in the standby, where the cart was replicated before the order.
  const forget = () => dynamoDb.client.send(new DeleteItemCommand(key));
  await fillCart("gay", { mug: line() });
  const first = await checkout("gay", "k1");
  await forget();
  const repeated = await checkout("gay", "k1");
  expect([repeated.statusCode, bodyOf(repeated)]).toEqual([201, bodyOf(first)]);
  await forget();
  const seen = { cartFingerprint: fingerprintOf({ mug: line() }) };
  expect((await checkout("gay", "k1", seen)).statusCode).toBe(201);
  await forget();
  await fillCart("gay", { mug: line() }); // For another order.
  expect((await checkout("gay", "k1", seen)).statusCode).toBe(201);
  expect(await skusOf("gay")).toEqual(["mug"]);
  await forget();
  await fillCart("gay", { pot: line() });
  expect((await checkout("gay", "k1")).statusCode).toBe(422);
});

describe("with the fingerprint of the cart that the customer saw", () => {
  const mug = { mug: line() };
  const seen = { cartFingerprint: fingerprintOf(mug) };

  test("places that cart and no other", async () => {
    await fillCart("gem", { mug: line(), pot: line() });
    const changed = await checkout("gem", "k1", seen);
    expect([changed.statusCode, bodyOf(changed)["currentVersion"]]).toEqual([409, versionAfter(2)]);
    await fillCart("gem", mug);
    expect((await checkout("gem", "k1", seen)).statusCode).toBe(201);
  });

  test("answers a repeat with the same order, whatever has become of the cart", async () => {
    await fillCart("gil", mug);
    const first = await checkout("gil", "k1", seen);
    await fillCart("gil", { pot: line() });
    const repeated = await checkout("gil", "k1", seen);
    expect([repeated.statusCode, bodyOf(repeated)]).toEqual([200, bodyOf(first)]);
    await fillCart("gil", { pan: line() });
    await checkout("gil", "k2");
    await fillCart("gil", { pot: line() }); // The cart has forgotten the first order for the second.
    expect(bodyOf(await checkout("gil", "k1", seen))).toEqual(bodyOf(first));
  });

  test("refuses a used key for other contents, also once those are gone", async () => {
    await fillCart("gus", { pot: line() });
    await checkout("gus", "k1");
    await fillCart("gus", mug);
    expect((await checkout("gus", "k1", seen)).statusCode).toBe(422);
    await checkout("gus", "k2", seen);
    expect((await checkout("gus", "k1", seen)).statusCode).toBe(422);
  });

  test("refuses an empty cart that it has not emptied itself", async () => {
    expect((await checkout("guy", "k1", seen)).statusCode).toBe(409);
  });
});

test("refuses a cart of two currencies and names both", async () => {
  await fillCart("han", { mug: line(), pot: line({ currency: "USD" }) });
  const response = await checkout("han", "k1");
  expect(response.statusCode).toBe(409);
  expect(bodyOf(response)["detail"]).toContain("EUR, USD");
  expect(await orders.read(orderIdOf("han", "k1"))).toBeUndefined();
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
  const charged = { amountMinor: 2_500, currency: "EUR" };
  await orders.settle(orderIdOf("ian", "k1"), { outcome: "PAID", charged }, NOW_MS + 1);
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
  const show = makeOrderHandler(orders, recorded.log);
  const ask = (user: string, orderId: string) =>
    show(httpRequest("GET /orders/{orderId}", { user, path: { orderId } }));
  const own = await ask("max", String(placed["orderId"]));
  expect(own.statusCode).toBe(200);
  expect(bodyOf(own)).toEqual(placed);
  expect(bodyOf(own)).not.toHaveProperty("cartFingerprint");
  const others = await ask("ned", String(placed["orderId"]));
  const missing = await ask("max", orderIdOf("max", "never"));
  expect([others.statusCode, missing.statusCode, (await ask("max", "1")).statusCode]).toEqual([404, 404, 400]);
  expect(others.body).toBe(missing.body);
});

test("derives order ids as RFC 9562 does", () => {
  const dnsNamespace = Buffer.from("6ba7b8109dad11d180b400c04fd430c8", "hex");
  expect(uuidV5(dnsNamespace, "www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
});
