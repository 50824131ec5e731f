import { setTimeout as sleep } from "node:timers/promises";
import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { CartRegions } from "../domain/cart";
import { ONE_ITEM, type RegionalCart } from "../domain/regional-cart";
import type { CartStore } from "../ports";
import { cartKey, cartOfItem, itemOfCart } from "./cart-item";

/** Requests for one cart, the first one included. More than one only where DynamoDB answers for some of the items. */
const MAX_REQUESTS = 4;
/** Longest wait before the second request; it doubles from one to the next. */
const FIRST_WAIT_MS = 50;

/** DynamoDB kept leaving out items of a cart, as it does when it throttles. */
class ThrottlingError extends Error {
  override readonly name = "ThrottlingError";
}

/**
 * Carts in the region's own table. Each region writes one item a user and no other region writes that item, so a global table's
 * last-writer-wins never decides between two changes. A condition is evaluated in this region, where the item's only writers are.
 *
 * A read takes the items of all regions, and the one of the time before carts were merged, in one request.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export class DynamoDbCartStore implements CartStore {
  readonly region: string;
  readonly peerRegions: readonly string[];

  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
    { region, peerRegions }: CartRegions,
  ) {
    this.region = region;
    this.peerRegions = peerRegions;
  }

  /**
   * An item that DynamoDB leaves out is asked for again: without it the cart would lack what one region has written.
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
   */
  async read(userId: string): Promise<RegionalCart[]> {
    const regions = [this.region, ...this.peerRegions, ONE_ITEM];
    const items: Record<string, AttributeValue>[] = [];
    let keys = regions.map((region) => cartKey(userId, region));
    for (let request = 1; ; request += 1) {
      const answer = await this.client.send(
        new BatchGetItemCommand({ RequestItems: { [this.tableName]: { Keys: keys, ConsistentRead: true } } }),
      );
      items.push(...(answer.Responses?.[this.tableName] ?? []));
      keys = this.leftOut(answer);
      if (keys.length === 0) return items.map((item) => cartOfItem(item, userId));
      if (request === MAX_REQUESTS) {
        throw new ThrottlingError(`DynamoDB left out ${keys.length} of ${regions.length} items of a cart`);
      }
      await sleep(Math.random() * FIRST_WAIT_MS * 2 ** (request - 1));
    }
  }

  private leftOut({ UnprocessedKeys }: BatchGetItemCommandOutput): Record<string, AttributeValue>[] {
    return UnprocessedKeys?.[this.tableName]?.Keys ?? [];
  }

  async replace(cart: RegionalCart, expectedNumber: number): Promise<boolean> {
    try {
      await this.client.send(
        new PutItemCommand({ TableName: this.tableName, Item: itemOfCart(cart), ...numberCondition(expectedNumber) }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

function numberCondition(
  expectedNumber: number,
): Pick<PutItemCommandInput, "ConditionExpression" | "ExpressionAttributeValues"> {
  if (expectedNumber === 0) return { ConditionExpression: "attribute_not_exists(userId)" };
  return {
    ConditionExpression: "version = :expected",
    ExpressionAttributeValues: { ":expected": { N: String(expectedNumber) } },
  };
}
