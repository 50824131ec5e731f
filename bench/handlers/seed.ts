import { type AttributeValue, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { itemOfOrder } from "../../handlers/adapters/order-item";
import { type OrderLine, sortedLines } from "../../handlers/domain/cart";
import { type Order, orderOf } from "../../handlers/domain/order";
import { orderIdOf } from "../../handlers/domain/order-id";
import { CARTS_TABLE_NAME, ORDERS_TABLE_NAME, REGION } from "./handler-environment";

export type Item = Record<string, AttributeValue>;

const SKUS = ["kettle", "mug", "saucer", "spoon", "teapot"] as const;

/** Of each cart and order here: more than most have, fewer than a page of them. */
export const LINES: readonly OrderLine[] = sortedLines(
  new Map(SKUS.map((sku, index) => [sku, { quantity: index + 1, unitPriceMinor: 1_250, currency: "EUR" }])),
);

export const CART_VERSION = 3;

const FAR_SECONDS = 4_000_000_000;

/** A cart's item as the handlers write it. */
export function cartItem(userId: string, changes: Item = {}): Item {
  const lines = LINES.map(({ sku, quantity, unitPriceMinor, currency }): [string, AttributeValue] => [
    sku,
    {
      M: {
        quantity: { N: String(quantity) },
        unitPriceMinor: { N: String(unitPriceMinor) },
        currency: { S: currency },
      },
    },
  ]);
  return {
    userId: { S: userId },
    version: { N: String(CART_VERSION) },
    lines: { M: Object.fromEntries(lines) },
    updatedAtMs: { N: String(Date.now()) },
    expiresAtSeconds: { N: String(FAR_SECONDS) },
    ...changes,
  };
}

/** The order that this user places with the key "bench". */
export function orderFor(userId: string, placedAtMs: number): Order {
  const orderId = orderIdOf(userId, "bench");
  return orderOf(LINES, {
    cartVersion: 1,
    orderId,
    userId,
    region: REGION,
    correlationId: "request",
    nowMs: placedAtMs,
  });
}

export async function putCart(client: DynamoDBClient, userId: string): Promise<void> {
  await client.send(new PutItemCommand({ TableName: CARTS_TABLE_NAME, Item: cartItem(userId) }));
}

export async function putOrder(client: DynamoDBClient, order: Order): Promise<void> {
  await client.send(new PutItemCommand({ TableName: ORDERS_TABLE_NAME, Item: itemOfOrder(order) }));
}
