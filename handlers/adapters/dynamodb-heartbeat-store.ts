import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { HeartbeatStore } from "../ports";
import { wholeNumberOf } from "./dynamodb-attributes";

/**
 * Partition key of a region's heartbeat, in every table. No user's id and no order's id can be equal to it: those are ASCII. The character is one of
 * Latin-1, since the key is in IAM policies, which take no others.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export const heartbeatKey = (region: string): string => `heartbeat·${region}`;

/**
 * Heartbeats in one global table. Each region writes its own item and no other, so that no write can replace another region's. It has no attribute
 * that lets it expire, and none that an index needs.
 */
export class DynamoDbHeartbeatStore implements HeartbeatStore {
  constructor(
    private readonly client: DynamoDBClient,
    readonly tableName: string,
    /** Name of the table's partition key. */
    private readonly keyName: string,
  ) {}

  async write(region: string, atMs: number): Promise<void> {
    const Item = { ...this.#key(region), writtenAtMs: { N: String(atMs) } };
    await this.client.send(new PutItemCommand({ TableName: this.tableName, Item }));
  }

  async read(region: string): Promise<number | undefined> {
    const command = new GetItemCommand({ TableName: this.tableName, Key: this.#key(region), ConsistentRead: true });
    const { Item } = await this.client.send(command);
    return Item === undefined ? undefined : wholeNumberOf(Item, "writtenAtMs");
  }

  #key(region: string) {
    return { [this.keyName]: { S: heartbeatKey(region) } };
  }
}
