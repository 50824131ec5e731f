import assert from "node:assert/strict";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { httpRequest, sqsEvent } from "../../__tests__/handlers/events";
import type { RegionalHandlerName } from "../../constructs/functions/handler-names";
import type { Order } from "../../handlers/domain/order";
import { orderFor, putCart, putOrder, putPeerHeartbeats } from "./seed";

/** What one invocation finds in the tables, what it is given, and what it must answer. */
export interface Workload {
  /** Puts into the tables what the invocation needs, and returns the orders among it. */
  seed(client: DynamoDBClient, userId: string): Promise<Order[]>;
  event(userId: string, orders: readonly Order[]): unknown;
  /** A handler that fails is fast: its time must not pass for a good one. @throws {assert.AssertionError} */
  check(result: unknown): void;
}

/** Orders that one sweep finds: one full batch for the queue. */
const SWEPT_ORDERS = 10;

const nothing = async () => [];

export const WORKLOADS: Readonly<Record<RegionalHandlerName, Workload>> = {
  health: { seed: nothing, event: () => httpRequest("GET /health"), check: hasStatus(200) },
  live: { seed: nothing, event: () => httpRequest("GET /live"), check: hasStatus(200) },
  cart: {
    seed: cartOfFiveLines,
    event: (user) =>
      httpRequest("PUT /cart/items/{sku}", {
        user,
        path: { sku: "mug" },
        body: { quantity: 7, unitPriceMinor: 1_250, currency: "EUR" },
      }),
    check: hasStatus(200),
  },
  checkout: {
    seed: cartOfFiveLines,
    event: (user) => httpRequest("POST /checkout", { user, headers: { "idempotency-key": "bench" } }),
    check: hasStatus(201),
  },
  order: {
    seed: orderPlaced,
    event: (user, [order]) =>
      httpRequest("GET /orders/{orderId}", { user, path: { orderId: order?.orderId ?? "none" } }),
    check: hasStatus(200),
  },
  "payment-worker": {
    seed: orderPlaced,
    event: (_, orders) => sqsEvent(...orders.map(({ orderId }) => JSON.stringify({ orderId }))),
    check: (result) => assert.deepEqual(result, { batchItemFailures: [] }),
  },
  sweep: {
    seed: forgottenOrders,
    event: () => ({}),
    check: (result) => assert.deepEqual(result, { enqueued: SWEPT_ORDERS, failed: 0 }),
  },
  heartbeat: {
    seed: async (client) => {
      await putPeerHeartbeats(client);
      return [];
    },
    event: () => ({}),
    check: (result) => assert.deepEqual(result, { written: 2, found: 2 }),
  },
};

function hasStatus(expected: number): (result: unknown) => void {
  return (result) => {
    const { statusCode, body } = result as { statusCode: number; body?: string };
    assert.equal(statusCode, expected, `expected status ${expected}, got ${statusCode}: ${body}`);
  };
}

async function cartOfFiveLines(client: DynamoDBClient, userId: string): Promise<Order[]> {
  await putCart(client, userId);
  return [];
}

async function orderPlaced(client: DynamoDBClient, userId: string): Promise<Order[]> {
  const order = orderFor(userId, Date.now());
  await putOrder(client, order);
  return [order];
}

/** The same orders every time, as if nobody had enqueued them since the epoch: a sweep that has marked them finds them again. */
async function forgottenOrders(client: DynamoDBClient): Promise<Order[]> {
  const orders = Array.from({ length: SWEPT_ORDERS }, (_, index) => orderFor(`forgotten-${index}`, index));
  await Promise.all(orders.map((order) => putOrder(client, order)));
  return orders;
}
