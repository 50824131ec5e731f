import { type DynamoDBClient, PutItemCommand, type PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import { itemOfCart } from "../../handlers/adapters/cart-item";
import { heartbeatKey } from "../../handlers/adapters/dynamodb-heartbeat-store";
import { itemOfOrder } from "../../handlers/adapters/order-item";
import { type OrderLine, sortedLines } from "../../handlers/domain/cart-lines";
import { type Order, orderOf } from "../../handlers/domain/order";
import { orderIdOf } from "../../handlers/domain/order-id";
import type { RegionalCart } from "../../handlers/domain/regional-cart";
import { CARTS_TABLE_NAME, ORDERS_TABLE_NAME, PEER_REGION, REGION } from "./handler-environment";

const SKUS = ["kettle", "mug", "saucer", "spoon", "teapot"] as const;

/** Of each cart and order here: more than most have, fewer than a page of them. */
export const LINES: readonly OrderLine[] = sortedLines(
  new Map(SKUS.map((sku, index) => [sku, { quantity: index + 1, unitPriceMinor: 1_250, currency: "EUR" }])),
);

/** Number of each region's latest change. */
export const CART_NUMBER = 3;

const FAR_SECONDS = 4_000_000_000;

/** What a region has written of a cart, as the handlers write it. */
export function regionalCart(userId: string, region: string, number = CART_NUMBER): RegionalCart {
  return {
    userId,
    region,
    seen: new Map([
      [REGION, CART_NUMBER],
      [PEER_REGION, CART_NUMBER],
      [region, number],
    ]),
    settings: new Map(LINES.map(({ sku, ...line }) => [sku, [{ ...line, region: REGION, number: CART_NUMBER }]])),
    handedOver: [],
    updatedAtMs: Date.now(),
    expiresAtSeconds: FAR_SECONDS,
  };
}

/** The order that this user places with the key "bench". */
export function orderFor(userId: string, placedAtMs: number): Order {
  const orderId = orderIdOf(userId, "bench");
  return orderOf(
    { lines: LINES, cartSeen: new Map([[REGION, CART_NUMBER]]) },
    {
      orderId,
      userId,
      region: REGION,
      correlationId: "request",
      nowMs: placedAtMs,
    },
  );
}

/** A cart that both regions have written: what a read brings after a failover. */
export async function putCart(client: DynamoDBClient, userId: string): Promise<void> {
  const items = [REGION, PEER_REGION].map((region) => itemOfCart(regionalCart(userId, region)));
  await Promise.all(items.map((Item) => client.send(new PutItemCommand({ TableName: CARTS_TABLE_NAME, Item }))));
}

export async function putOrder(client: DynamoDBClient, order: Order): Promise<void> {
  await client.send(new PutItemCommand({ TableName: ORDERS_TABLE_NAME, Item: itemOfOrder(order) }));
}

export const HEARTBEAT_TABLES = [
  { tableName: CARTS_TABLE_NAME, keyName: "userId" },
  { tableName: ORDERS_TABLE_NAME, keyName: "orderId" },
];

export function heartbeatPut(tableName: string, keyName: string, region: string, atMs: number): PutItemCommandInput {
  return {
    TableName: tableName,
    Item: { [keyName]: { S: heartbeatKey(region) }, writtenAtMs: { N: String(atMs) } },
  };
}

/** What has arrived of the peer. */
export async function putPeerHeartbeats(client: DynamoDBClient): Promise<void> {
  const inputs = HEARTBEAT_TABLES.map((it) => heartbeatPut(it.tableName, it.keyName, PEER_REGION, Date.now()));
  await Promise.all(inputs.map((input) => client.send(new PutItemCommand(input))));
}
