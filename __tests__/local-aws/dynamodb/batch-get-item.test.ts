import { BatchGetItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
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
const WEST = "us-west-2";
const ACCOUNT = "123456789012";
const tableOf = (name: string): GlobalTable => ({
  address: name,
  ...{ name, regions: [EAST, WEST], hashKey: "userId", indexes: [] },
  attributes: [{ name: "userId", type: "S" }],
});
const TABLES = [tableOf("carts"), tableOf("notes")];
const arnOf = (table: string) => `arn:aws:dynamodb:${EAST}:${ACCOUNT}:table/${table}`;

const callers = new Callers();
const engines = new Map<string, Engine>();
const endpoints: JsonEndpoint[] = [];
const clients: DynamoDBClient[] = [];
const denied: string[] = [];
let replication: Replication;
let eastUrl: string;
let west: DynamoDBClient;

/** A client of a function that may do these actions on these tables. */
function clientOf(region: string, endpoint: string, actions: string[], resources: string[]): DynamoDBClient {
  const statements = [{ effect: "Allow", actions, resources }];
  const lambda = { functionName: "f", statements } as unknown as LambdaFunction;
  const credentials = { accessKeyId: callers.accessKeyIdOf(lambda), secretAccessKey: "drill" };
  const client = new DynamoDBClient({ region, endpoint, credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
}

async function endpointIn(region: string): Promise<string> {
  const engine = new Engine();
  engines.set(region, engine);
  await engine.start(TABLES);
  const tables = new RegionalTables(region, ACCOUNT, TABLES, engine, replication);
  const endpoint = new JsonEndpoint(tables, callers, (_, action, resource) => denied.push(`${action} ${resource}`));
  endpoints.push(endpoint);
  return endpoint.start();
}

beforeAll(async () => {
  replication = new Replication(engines, new Pace(1), { medianMs: 5, p99Ms: 20 }, seededRandom(1));
  eastUrl = await endpointIn(EAST);
  west = clientOf(WEST, await endpointIn(WEST), ["dynamodb:*"], ["*"]);
});
afterAll(async () => {
  replication.stop();
  for (const client of clients) client.destroy();
  await Promise.all(endpoints.map((endpoint) => endpoint.stop()));
  for (const engine of engines.values()) engine.stop();
});
beforeEach(() => denied.splice(0));

const keysOf = (...userIds: string[]) => ({ Keys: userIds.map((userId) => ({ userId: { S: userId } })) });
const put = (client: DynamoDBClient, table: string, userId: string) =>
  client.send(new PutItemCommand({ TableName: table, Item: { userId: { S: userId } } }));
async function settled(): Promise<void> {
  while (replication.pendingWrites().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("a batch holds the items of each table, those that another region wrote included", async () => {
  const east = clientOf(EAST, eastUrl, ["dynamodb:BatchGetItem", "dynamodb:PutItem"], [arnOf("carts"), arnOf("notes")]);
  await put(east, "carts", "ada→us-east-1");
  await put(west, "carts", "ada→us-west-2");
  await put(east, "notes", "ada");
  await settled();
  const RequestItems = {
    carts: { ...keysOf("ada→us-east-1", "ada→us-west-2", "nobody"), ConsistentRead: true },
    notes: keysOf("ada"),
  };
  const { Responses, UnprocessedKeys } = await east.send(new BatchGetItemCommand({ RequestItems }));
  expect(Responses?.["carts"]?.map(({ userId }) => userId?.S).sort()).toEqual(["ada→us-east-1", "ada→us-west-2"]);
  expect(Responses?.["notes"]).toEqual([{ userId: { S: "ada" } }]);
  expect(UnprocessedKeys).toEqual({});
});

test.each([
  ["a role that may only get single items", ["dynamodb:GetItem"], ["carts"], "carts"],
  ["a role that may not read one of the tables", ["dynamodb:BatchGetItem"], ["carts"], "notes"],
])("%s is denied", async (_, actions, allowed, deniedTable) => {
  const client = clientOf(EAST, eastUrl, actions, allowed.map(arnOf));
  const reading = client.send(
    new BatchGetItemCommand({ RequestItems: { carts: keysOf("ada"), notes: keysOf("ada") } }),
  );
  await expect(reading).rejects.toMatchObject({ name: "AccessDeniedException" });
  expect(denied).toEqual([`dynamodb:BatchGetItem ${arnOf(deniedTable)}`]);
});

test("a table that is not there fails the whole batch", async () => {
  const client = clientOf(EAST, eastUrl, ["dynamodb:BatchGetItem"], ["*"]);
  const reading = client.send(
    new BatchGetItemCommand({ RequestItems: { carts: keysOf("ada"), others: keysOf("ada") } }),
  );
  await expect(reading).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("a batch without a table is refused, as DynamoDB does", async () => {
  const client = clientOf(EAST, eastUrl, ["dynamodb:BatchGetItem"], ["*"]);
  await expect(client.send(new BatchGetItemCommand({ RequestItems: {} }))).rejects.toMatchObject({
    name: "ValidationException",
  });
});
