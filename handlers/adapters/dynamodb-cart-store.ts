import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Cart, CartLine, HandedOver } from "../domain/cart";
import type { CartStore } from "../ports";
import { type Item, mapOf, mapsOf, textOf, wholeNumberOf } from "./dynamodb-attributes";
import { itemOfLine, lineOfItem } from "./order-item";

/**
 * Carts by user. Conditions are evaluated in this region alone: two regions that write one cart at the same moment both
 * succeed, and the later write stays.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export class DynamoDbCartStore implements CartStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async read(userId: string): Promise<Cart | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key: { userId: { S: userId } }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : cartOf(Item);
  }

  async replace(cart: Cart, expectedVersion: number): Promise<boolean> {
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: itemOf(cart),
          ...versionCondition(expectedVersion),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

function versionCondition(
  expectedVersion: number,
): Pick<PutItemCommandInput, "ConditionExpression" | "ExpressionAttributeValues"> {
  if (expectedVersion === 0) return { ConditionExpression: "attribute_not_exists(userId)" };
  return {
    ConditionExpression: "version = :expected",
    ExpressionAttributeValues: { ":expected": { N: String(expectedVersion) } },
  };
}

function itemOf(cart: Cart): Record<string, AttributeValue> {
  const lines = [...cart.lines].map(([sku, line]): [string, AttributeValue] => [
    sku,
    {
      M: {
        quantity: { N: String(line.quantity) },
        unitPriceMinor: { N: String(line.unitPriceMinor) },
        currency: { S: line.currency },
      },
    },
  ]);
  return {
    userId: { S: cart.userId },
    version: { N: String(cart.version) },
    lines: { M: Object.fromEntries(lines) },
    ...(cart.handedOver === undefined ? {} : { handedOver: { M: itemOfHandedOver(cart.handedOver) } }),
    updatedAtMs: { N: String(cart.updatedAtMs) },
    expiresAtSeconds: { N: String(cart.expiresAtSeconds) },
  };
}

function cartOf(item: Item): Cart {
  const lines = mapOf(item, "lines");
  const skus = Object.keys(lines);
  return {
    userId: textOf(item, "userId"),
    version: wholeNumberOf(item, "version"),
    lines: new Map(skus.map((sku): [string, CartLine] => [sku, lineOf(mapOf(lines, sku))])),
    ...(item["handedOver"] === undefined ? {} : { handedOver: handedOverOf(mapOf(item, "handedOver")) }),
    updatedAtMs: wholeNumberOf(item, "updatedAtMs"),
    expiresAtSeconds: wholeNumberOf(item, "expiresAtSeconds"),
  };
}

function lineOf(item: Item): CartLine {
  return {
    quantity: wholeNumberOf(item, "quantity"),
    unitPriceMinor: wholeNumberOf(item, "unitPriceMinor"),
    currency: textOf(item, "currency"),
  };
}

function itemOfHandedOver({ orderId, lines }: HandedOver): Record<string, AttributeValue> {
  return { orderId: { S: orderId }, lines: { L: lines.map((line) => ({ M: itemOfLine(line) })) } };
}

function handedOverOf(item: Item): HandedOver {
  return { orderId: textOf(item, "orderId"), lines: mapsOf(item, "lines").map(lineOfItem) };
}
