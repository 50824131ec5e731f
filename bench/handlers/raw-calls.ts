import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { RegionalHandlerName } from "../../constructs/functions/handler-names";
import { cartKey, itemOfCart } from "../../handlers/adapters/cart-item";
import { clientOptions } from "../../handlers/adapters/client-options";
import { heartbeatKey } from "../../handlers/adapters/dynamodb-heartbeat-store";
import { itemOfOrder } from "../../handlers/adapters/order-item";
import { sqsClient } from "../../handlers/adapters/sqs-client";
import type { Order } from "../../handlers/domain/order";
import { ONE_ITEM, type RegionalCart } from "../../handlers/domain/regional-cart";
import { CARTS_TABLE_NAME, ORDERS_TABLE_NAME, PEER_REGION, QUEUE_URL, REGION } from "./handler-environment";
import { CART_NUMBER, HEARTBEAT_TABLES, heartbeatPut, LINES, orderFor, regionalCart } from "./seed";

/** Makes one invocation's calls. Their inputs are made beforehand: working them out is the handler's part. */
export type RawCalls = () => Promise<unknown>;

/** Built as the handlers build theirs. */
const dynamoDb = new DynamoDBClient(
  clientOptions(REGION, { connectionTimeoutMs: 500, requestTimeoutMs: 1_000, maxAttempts: 3 }),
);
const sqs = sqsClient(REGION, 1_000);

/**
 * What each handler asks of other services, and nothing else: the same commands of the same size, one after or beside the other. Bundled
 * by itself, as a handler is: were the SDK's code shared with another part of the measuring process, it would be the warmer for it.
 */
export const RAW_CALLS: Readonly<Record<RegionalHandlerName, (userId: string, orders: readonly Order[]) => RawCalls>> =
  {
    health: () => () =>
      dynamoDb.send(
        new GetItemCommand({
          TableName: CARTS_TABLE_NAME,
          Key: { userId: { S: "health-probe" } },
          ProjectionExpression: "userId",
        }),
      ),

    live: () => async () => {},

    cart: (userId) => {
      const changed = cartReplacement(regionalCart(userId, REGION, CART_NUMBER + 1));
      return async () => {
        await readCart(userId);
        await dynamoDb.send(new PutItemCommand(changed));
      };
    },

    checkout: (userId) => {
      const order = orderFor(userId, Date.now());
      const item = itemOfOrder(order);
      const number = CART_NUMBER + 1;
      const emptied = cartReplacement({
        ...regionalCart(userId, REGION, number),
        settings: new Map(),
        handedOver: [
          { orderId: order.orderId, lines: LINES, seen: order.cartSeen, region: REGION, number, atMs: Date.now() },
        ],
      });
      const message = JSON.stringify({ orderId: order.orderId });
      return async () => {
        await readCart(userId);
        await dynamoDb.send(
          new PutItemCommand({
            TableName: ORDERS_TABLE_NAME,
            Item: item,
            ConditionExpression: "attribute_not_exists(orderId)",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        await Promise.all([
          sqs.send(new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: message })),
          dynamoDb.send(new PutItemCommand(emptied)),
        ]);
      };
    },

    order: (userId) => {
      const { orderId } = orderFor(userId, 0);
      return () => readOrder(orderId);
    },

    "payment-worker": (_, orders) => {
      const charges = orders.map((order) => ({ order, body: chargeBody(order) }));
      return () =>
        Promise.all(
          charges.map(async ({ order, body }) => {
            await readOrder(order.orderId);
            await postCharge(order, body);
            await dynamoDb.send(new UpdateItemCommand(settlement(order, Date.now())));
          }),
        );
    },

    sweep: (_, orders) => {
      const entries = orders.map(({ orderId }) => ({ Id: orderId, MessageBody: JSON.stringify({ orderId }) }));
      return async () => {
        for (const region of [REGION, PEER_REGION]) await dynamoDb.send(new QueryCommand(unpaidQuery(region)));
        await sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUE_URL, Entries: entries }));
        const now = Date.now();
        await Promise.all(orders.map((order) => dynamoDb.send(new UpdateItemCommand(enqueuedMark(order, now)))));
      };
    },

    heartbeat: () => () =>
      Promise.all(
        HEARTBEAT_TABLES.flatMap(({ tableName, keyName }) => [
          dynamoDb.send(new PutItemCommand(heartbeatPut(tableName, keyName, REGION, Date.now()))),
          dynamoDb.send(
            new GetItemCommand({
              TableName: tableName,
              Key: { [keyName]: { S: heartbeatKey(PEER_REGION) } },
              ConsistentRead: true,
            }),
          ),
        ]),
      ),
  };

function readCart(userId: string) {
  const Keys = [REGION, PEER_REGION, ONE_ITEM].map((region) => cartKey(userId, region));
  return dynamoDb.send(
    new BatchGetItemCommand({ RequestItems: { [CARTS_TABLE_NAME]: { Keys, ConsistentRead: true } } }),
  );
}

function readOrder(orderId: string) {
  return dynamoDb.send(
    new GetItemCommand({ TableName: ORDERS_TABLE_NAME, Key: { orderId: { S: orderId } }, ConsistentRead: true }),
  );
}

function cartReplacement(cart: RegionalCart): PutItemCommandInput {
  return {
    TableName: CARTS_TABLE_NAME,
    Item: itemOfCart(cart),
    ConditionExpression: "version = :expected",
    ExpressionAttributeValues: { ":expected": { N: String(CART_NUMBER) } },
  };
}

function unpaidQuery(region: string) {
  return {
    TableName: ORDERS_TABLE_NAME,
    IndexName: "unpaid-by-region",
    KeyConditionExpression: "unpaidRegion = :region AND lastEnqueuedAtMs <= :enqueuedAtMs",
    ExpressionAttributeValues: { ":region": { S: region }, ":enqueuedAtMs": { N: String(Date.now() - 3_600_000) } },
    ScanIndexForward: true,
    Limit: 100,
  };
}

function enqueuedMark({ orderId, lastEnqueuedAtMs }: Order, atMs: number): UpdateItemCommandInput {
  return {
    TableName: ORDERS_TABLE_NAME,
    Key: { orderId: { S: orderId } },
    ConditionExpression: "#status = :pending AND lastEnqueuedAtMs = :seen",
    UpdateExpression: "SET lastEnqueuedAtMs = :atMs",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: {
      ":seen": { N: String(lastEnqueuedAtMs) },
      ":atMs": { N: String(atMs) },
      ":pending": { S: "PENDING_PAYMENT" },
    },
  };
}

function settlement({ orderId, totalMinor }: Order, atMs: number): UpdateItemCommandInput {
  return {
    TableName: ORDERS_TABLE_NAME,
    Key: { orderId: { S: orderId } },
    ConditionExpression: "#status = :pending",
    UpdateExpression:
      "SET #status = :outcome, paidAtMs = :atMs, chargedMinor = :charged REMOVE unpaidRegion, lastEnqueuedAtMs",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: {
      ":outcome": { S: "PAID" },
      ":atMs": { N: String(atMs) },
      ":charged": { N: String(totalMinor) },
      ":pending": { S: "PENDING_PAYMENT" },
    },
  };
}

function chargeBody({ orderId, totalMinor, currency }: Order): string {
  return JSON.stringify({ orderId, amountMinor: totalMinor, currency });
}

async function postCharge({ orderId, correlationId }: Order, body: string): Promise<void> {
  const response = await fetch(process.env["VENDOR_URL"] ?? "", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: "Bearer vendor-key-1",
      "idempotency-key": orderId,
      "x-correlation-id": correlationId,
    },
    body,
    redirect: "manual",
  });
  await response.text();
}
