import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Order, Verdict } from "../domain/order";
import type { OrderStore, Placement, UnpaidOrder } from "../ports";
import { textOf, wholeNumberOf } from "./dynamodb-attributes";
import { itemOfOrder, orderOfItem } from "./order-item";

/** Only unpaid orders have its keys, `unpaidRegion` and `lastEnqueuedAtMs`: paying an order takes it out of the index. */
export const UNPAID_BY_REGION_INDEX = "unpaid-by-region";

/** Keys that one call asks for: well within the 1 MB that a call reads at most. */
const PAGE_SIZE = 100;

/**
 * Orders by id. Every write is conditional, and every condition holds in this region alone: should two regions place or
 * settle one order at the same moment, the later write stays, and the vendor's idempotency key keeps the charge single.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export class DynamoDbOrderStore implements OrderStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html */
  async place(order: Order): Promise<Placement> {
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: itemOfOrder(order),
          ConditionExpression: "attribute_not_exists(orderId)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { order, created: true };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // DynamoDB hands over the item that was in the way. Emulators may not know how, hence the read.
      const standing = error.Item === undefined ? await this.read(order.orderId) : orderOfItem(error.Item);
      if (standing === undefined) throw error;
      return { order: standing, created: false };
    }
  }

  async read(orderId: string): Promise<Order | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key: { orderId: { S: orderId } }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : orderOfItem(Item);
  }

  async settle(orderId: string, verdict: Verdict, atMs: number): Promise<boolean> {
    const isPaid = verdict.outcome === "PAID";
    return this.updatePending(orderId, {
      ConditionExpression: "#status = :pending",
      UpdateExpression: isPaid
        ? "SET #status = :outcome, paidAtMs = :atMs, chargedMinor = :charged REMOVE unpaidRegion, lastEnqueuedAtMs"
        : "SET #status = :outcome, declinedAtMs = :atMs REMOVE unpaidRegion, lastEnqueuedAtMs",
      ExpressionAttributeValues: {
        ":outcome": { S: verdict.outcome },
        ":atMs": { N: String(atMs) },
        ...(isPaid ? { ":charged": { N: String(verdict.charged.amountMinor) } } : {}),
      },
    });
  }

  async noteEnqueued({ orderId, lastEnqueuedAtMs }: UnpaidOrder, atMs: number): Promise<boolean> {
    return this.updatePending(orderId, {
      ConditionExpression: "#status = :pending AND lastEnqueuedAtMs = :seen",
      UpdateExpression: "SET lastEnqueuedAtMs = :atMs",
      ExpressionAttributeValues: { ":seen": { N: String(lastEnqueuedAtMs) }, ":atMs": { N: String(atMs) } },
    });
  }

  async listUnpaid(region: string, enqueuedAtMs: number, limit: number): Promise<UnpaidOrder[]> {
    const unpaid: UnpaidOrder[] = [];
    let startKey: Record<string, AttributeValue> | undefined;
    while (unpaid.length < limit) {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.tableName,
          IndexName: UNPAID_BY_REGION_INDEX,
          KeyConditionExpression: "unpaidRegion = :region AND lastEnqueuedAtMs <= :enqueuedAtMs",
          ExpressionAttributeValues: { ":region": { S: region }, ":enqueuedAtMs": { N: String(enqueuedAtMs) } },
          ScanIndexForward: true,
          Limit: Math.min(PAGE_SIZE, limit - unpaid.length),
          ExclusiveStartKey: startKey,
        }),
      );
      for (const item of page.Items ?? []) {
        unpaid.push({ orderId: textOf(item, "orderId"), lastEnqueuedAtMs: wholeNumberOf(item, "lastEnqueuedAtMs") });
      }
      startKey = page.LastEvaluatedKey;
      if (startKey === undefined) break;
    }
    return unpaid;
  }

  /** @returns false when the condition, on an order that waits for payment, does not hold */
  private async updatePending(
    orderId: string,
    update: Pick<UpdateItemCommandInput, "ConditionExpression" | "UpdateExpression" | "ExpressionAttributeValues">,
  ): Promise<boolean> {
    try {
      await this.client.send(
        new UpdateItemCommand({
          ...update,
          TableName: this.tableName,
          Key: { orderId: { S: orderId } },
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ":pending": { S: "PENDING_PAYMENT" } },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
