import { BatchGetItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { JsonEndpoint } from "../../../local-aws/aws-endpoints/json-endpoint";
import { Callers } from "../../../local-aws/aws-endpoints/permissions";
import { Engine } from "../../../local-aws/dynamodb/engine";
import { RegionalTables } from "../../../local-aws/dynamodb/regional-tables";
import { Replication } from "../../../local-aws/dynamodb/replication";
import { Pace } from "../../../local-aws/pace";
import { seededRandom } from "../../../local-aws/seeded-random";
import type { GlobalTable, LambdaFunction } from "../../../topology/topology";
import { QUIET_SDK } from "../../handlers/local-dynamodb";

Object.assign(process.env, QUIET_SDK);

const EAST = "us-east-1";
const TABLE: GlobalTable = {
  address: "notes",
  ...{ name: "notes", regions: [EAST], hashKey: "userId", indexes: [] },
  attributes: [{ name: "userId", type: "S" }],
};

const callers = new Callers();
const engine = new Engine();
const replication = new Replication(
  new Map([[EAST, engine]]),
  new Pace(1),
  { medianMs: 5, p99Ms: 20 },
  seededRandom(1),
);
const tables = new RegionalTables(EAST, "123456789012", [TABLE], engine, replication);
const endpoint = new JsonEndpoint(tables, callers, () => undefined);
let client: DynamoDBClient;

beforeAll(async () => {
  await engine.start([TABLE]);
  const statements = [{ effect: "Allow", actions: ["dynamodb:*"], resources: ["*"], leadingKeys: ["mine", "ours"] }];
  const lambda = { functionName: "f", statements } as unknown as LambdaFunction;
  const credentials = { accessKeyId: callers.accessKeyIdOf(lambda), secretAccessKey: "drill" };
  client = new DynamoDBClient({ region: EAST, endpoint: await endpoint.start(), credentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  replication.stop();
  await endpoint.stop();
  engine.stop();
});

const keyOf = (userId: string) => ({ userId: { S: userId } });
const put = (userId: string) => client.send(new PutItemCommand({ TableName: "notes", Item: keyOf(userId) }));
const get = (userId: string) => client.send(new GetItemCommand({ TableName: "notes", Key: keyOf(userId) }));
const batch = (...userIds: string[]) =>
  client.send(new BatchGetItemCommand({ RequestItems: { notes: { Keys: userIds.map(keyOf) } } }));

test("a role limited to some partition keys writes and reads those", async () => {
  await put("mine");
  expect((await get("mine")).Item).toEqual(keyOf("mine"));
  expect((await batch("mine", "ours")).Responses?.["notes"]).toEqual([keyOf("mine")]);
});

test.each([
  ["a write of another key", () => put("yours")],
  ["a read of another key", () => get("yours")],
  ["a batch with one other key", () => batch("mine", "yours")],
])("%s is denied", async (_, call) => {
  await expect(call()).rejects.toThrow("is not authorized to perform: dynamodb:");
});
