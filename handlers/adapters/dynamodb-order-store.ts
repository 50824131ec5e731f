import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Order, PaymentOutcome } from "../domain/order";
import type { OrderStore, Placement } from "../ports";
import { textOf } from "./dynamodb-attributes";
import { itemOfOrder, orderOfItem } from "./order-item";

/** Only unpaid orders have its partition key, `unpaidRegion`: paying an order takes it out of the index. */
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

  async settle(orderId: string, outcome: PaymentOutcome, atMs: number): Promise<boolean> {
    const settledAt = outcome === "PAID" ? "paidAtMs" : "declinedAtMs";
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: { orderId: { S: orderId } },
          ConditionExpression: "#status = :pending",
          UpdateExpression: `SET #status = :outcome, ${settledAt} = :atMs REMOVE unpaidRegion`,
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ":pending": { S: "PENDING_PAYMENT" },
            ":outcome": { S: outcome },
            ":atMs": { N: String(atMs) },
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async listUnpaid(region: string, placedAtMs: number, limit: number): Promise<string[]> {
    const orderIds: string[] = [];
    let startKey: Record<string, AttributeValue> | undefined;
    while (orderIds.length < limit) {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.tableName,
          IndexName: UNPAID_BY_REGION_INDEX,
          KeyConditionExpression: "unpaidRegion = :region AND placedAtMs <= :placedAtMs",
          ExpressionAttributeValues: { ":region": { S: region }, ":placedAtMs": { N: String(placedAtMs) } },
          ScanIndexForward: true,
          Limit: Math.min(PAGE_SIZE, limit - orderIds.length),
          ExclusiveStartKey: startKey,
        }),
      );
      orderIds.push(...(page.Items ?? []).map((item) => textOf(item, "orderId")));
      startKey = page.LastEvaluatedKey;
      if (startKey === undefined) break;
    }
    return orderIds;
  }
}
