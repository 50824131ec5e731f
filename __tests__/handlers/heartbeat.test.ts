import { GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDbHeartbeatStore } from "../../handlers/adapters/dynamodb-heartbeat-store";
import { type HeartbeatDependencies, makeHeartbeatHandler } from "../../handlers/operations/heartbeat";
import type { HeartbeatStore } from "../../handlers/ports";
import { type RecordedLog, recordedLog } from "./events";
import { CARTS, type LocalDynamoDb, ORDERS, startDynamoDb } from "./local-dynamodb";

const NOW_MS = 1_767_225_600_000;

let dynamoDb: LocalDynamoDb;
let stores: HeartbeatStore[];
let recorded: RecordedLog;
let ages: [peerRegion: string, tableName: string, seconds: number][];

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  stores = [
    new DynamoDbHeartbeatStore(dynamoDb.client, CARTS, "userId"),
    new DynamoDbHeartbeatStore(dynamoDb.client, ORDERS, "orderId"),
  ];
});
afterAll(() => dynamoDb.stop());
beforeEach(() => {
  recorded = recordedLog();
  ages = [];
});

/** Each test has regions of its own, so that they do not meet. */
const heartbeatOf = (region: string, peerRegions: string[], changes: Partial<HeartbeatDependencies> = {}) =>
  makeHeartbeatHandler({
    stores,
    region,
    peerRegions,
    nowMs: () => NOW_MS,
    metrics: { reportAge: (...age) => ages.push(age) },
    log: recorded.log,
    ...changes,
  });

test("each region writes one item of its own in each table, which neither expires nor enters the index", async () => {
  expect(await heartbeatOf("us-east-1", ["us-west-2"])()).toEqual({ written: 2, found: 0 });
  const items = await Promise.all(
    [CARTS, ORDERS].map((TableName) => dynamoDb.client.send(new ScanCommand({ TableName }))),
  );
  expect(items.map(({ Items }) => Items)).toEqual([
    [{ userId: { S: "heartbeat·us-east-1" }, writtenAtMs: { N: String(NOW_MS) } }],
    [{ orderId: { S: "heartbeat·us-east-1" }, writtenAtMs: { N: String(NOW_MS) } }],
  ]);
});

test("reports the age of each peer's heartbeat in each table", async () => {
  await heartbeatOf("eu-west-1", [], { nowMs: () => NOW_MS - 61_500 })();
  await heartbeatOf("eu-west-2", [], { nowMs: () => NOW_MS - 2_000 })();
  expect(await heartbeatOf("eu-west-3", ["eu-west-1", "eu-west-2"])()).toEqual({ written: 2, found: 4 });
  expect(ages.sort()).toEqual([
    ["eu-west-1", CARTS, 61.5],
    ["eu-west-1", ORDERS, 61.5],
    ["eu-west-2", CARTS, 2],
    ["eu-west-2", ORDERS, 2],
  ]);
});

test("the age of one table grows while the other's does not", async () => {
  await heartbeatOf("sa-east-1", [], { nowMs: () => NOW_MS - 600_000 })();
  await heartbeatOf("sa-east-1", [], { stores: stores.slice(1), nowMs: () => NOW_MS - 1_000 })();
  await heartbeatOf("ca-west-1", ["sa-east-1"])();
  expect(ages.sort()).toEqual([
    ["sa-east-1", CARTS, 600],
    ["sa-east-1", ORDERS, 1],
  ]);
});

test("a peer that has no heartbeat yet has no age, and the log says so", async () => {
  expect(await heartbeatOf("ap-east-1", ["ap-south-1"])()).toEqual({ written: 2, found: 0 });
  expect(ages).toEqual([]);
  expect(recorded.events).toEqual(["heartbeat-missing", "heartbeat-missing"]);
  expect(recorded.text()).toContain('"peerRegion":"ap-south-1"');
});

test("a peer whose clock is ahead has an age of 0", async () => {
  await heartbeatOf("me-south-1", [], { nowMs: () => NOW_MS + 3_000 })();
  await heartbeatOf("me-central-1", ["me-south-1"])();
  expect(ages.map(([, , seconds]) => seconds)).toEqual([0, 0]);
});

test("a table that fails does not keep the others from being written and reported, and fails the run", async () => {
  await heartbeatOf("eu-north-1", [])();
  const broken = new DynamoDbHeartbeatStore(dynamoDb.client, "no-such-table", "userId");
  const run = heartbeatOf("eu-south-1", ["eu-north-1"], { stores: [broken, ...stores] });
  await expect(run()).rejects.toThrow("heartbeat of eu-south-1: 2 of 6 calls failed");
  expect(ages.map(([, tableName]) => tableName).sort()).toEqual([CARTS, ORDERS]);
  const Key = { userId: { S: "heartbeat·eu-south-1" } };
  const { Item } = await dynamoDb.client.send(new GetItemCommand({ TableName: CARTS, Key }));
  expect(Item).toBeDefined();
  expect(recorded.events).toEqual(["heartbeat-failed", "heartbeat-failed"]);
});

test("a malformed heartbeat fails the run instead of looking young", async () => {
  const Item = { userId: { S: "heartbeat·eu-south-2" } };
  await dynamoDb.client.send(new PutItemCommand({ TableName: CARTS, Item }));
  await expect(heartbeatOf("us-gov-east-1", ["eu-south-2"])()).rejects.toThrow("1 of 4 calls failed");
  expect(recorded.text()).toContain("attribute 'writtenAtMs' of a stored item must be a whole number");
});
