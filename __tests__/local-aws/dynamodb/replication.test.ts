import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { JsonEndpoint } from "../../../local-aws/aws-endpoints/json-endpoint";
import { Callers } from "../../../local-aws/aws-endpoints/permissions";
import { Engine } from "../../../local-aws/dynamodb/engine";
import { RegionalTables } from "../../../local-aws/dynamodb/regional-tables";
import { type Fate, Replication } from "../../../local-aws/dynamodb/replication";
import { Pace } from "../../../local-aws/pace";
import { seededRandom } from "../../../local-aws/seeded-random";
import type { GlobalTable, LambdaFunction } from "../../../topology/topology";
import { QUIET_SDK } from "../../handlers/local-dynamodb";

Object.assign(process.env, QUIET_SDK);

const REGIONS = ["us-east-1", "us-west-2"] as const;
const ACCOUNT = "123456789012";
const CARTS: GlobalTable = {
  address: "carts",
  name: "carts",
  regions: [...REGIONS],
  attributes: [{ name: "userId", type: "S" }],
  hashKey: "userId",
  indexes: [],
};
const engines = new Map<string, Engine>();
const endpoints: JsonEndpoint[] = [];
const clients = new Map<string, DynamoDBClient>();
const denied: string[] = [];
let replication: Replication;

function lambdaOf(region: string, resources: string[]): LambdaFunction {
  return {
    statements: [{ effect: "Allow", actions: ["dynamodb:*"], resources }],
    functionName: `f-${region}`,
  } as unknown as LambdaFunction;
}

beforeAll(async () => {
  for (const region of REGIONS) {
    const engine = new Engine();
    await engine.start([CARTS]);
    engines.set(region, engine);
  }
  replication = new Replication(engines, new Pace(1), { medianMs: 5, p99Ms: 20 }, seededRandom(1));
  const callers = new Callers();
  for (const region of REGIONS) {
    const engine = engines.get(region) as Engine;
    const tables = new RegionalTables(region, ACCOUNT, [CARTS], engine, replication);
    const endpoint = new JsonEndpoint(tables, callers, (_, action, resource) => denied.push(`${action} ${resource}`));
    const accessKeyId = callers.accessKeyIdOf(lambdaOf(region, [`arn:aws:dynamodb:${region}:${ACCOUNT}:table/carts`]));
    const credentials = { accessKeyId, secretAccessKey: "drill" };
    clients.set(region, new DynamoDBClient({ region, endpoint: await endpoint.start(), credentials, maxAttempts: 1 }));
    endpoints.push(endpoint);
  }
});
afterAll(async () => {
  replication.stop();
  for (const client of clients.values()) client.destroy();
  await Promise.all(endpoints.map((endpoint) => endpoint.stop()));
  for (const engine of engines.values()) engine.stop();
});

const client = (region: string) => clients.get(region) as DynamoDBClient;
const put = (region: string, userId: string, value: string) =>
  client(region).send(new PutItemCommand({ TableName: "carts", Item: { userId: { S: userId }, value: { S: value } } }));
async function valueIn(region: string, userId: string): Promise<string | undefined> {
  const { Item } = await client(region).send(
    new GetItemCommand({ TableName: "carts", Key: { userId: { S: userId } } }),
  );
  return Item?.["value"]?.S;
}
async function settled(): Promise<void> {
  while (replication.pendingWrites().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Ends the pause; what became of the writes that had been waiting, in the order in which they were made. */
async function fatesOnReturn(): Promise<[from: string, fate: Fate][]> {
  const writes = replication.pendingWrites();
  replication.resume("us-east-1");
  await settled();
  return writes.map((write) => [write.from, replication.fateOf(write)]);
}

test("a write arrives in the other region, but not at once", async () => {
  await put("us-east-1", "ada", "1");
  expect(replication.pendingWrites()).toMatchObject([{ from: "us-east-1", to: "us-west-2" }]);
  await settled();
  expect(await valueIn("us-west-2", "ada")).toBe("1");
});

test("an update is shipped as the whole item, and its caller gets what it has asked for", async () => {
  await put("us-east-1", "bea", "1");
  const update = {
    TableName: "carts",
    Key: { userId: { S: "bea" } },
    UpdateExpression: "SET n = :n",
    ExpressionAttributeValues: { ":n": { N: "2" } },
  };
  expect((await client("us-east-1").send(new UpdateItemCommand(update))).Attributes).toBeUndefined();
  await settled();
  expect(await valueIn("us-west-2", "bea")).toBe("1");
});

test("conditions see their own region alone, and the last writer wins in both", async () => {
  replication.pause("us-east-1");
  await put("us-east-1", "cal", "east");
  const first = {
    TableName: "carts",
    Item: { userId: { S: "cal" }, value: { S: "west" } },
    ConditionExpression: "attribute_not_exists(userId)",
  };
  await client("us-west-2").send(new PutItemCommand(first));
  const fates = await fatesOnReturn();
  expect([await valueIn("us-east-1", "cal"), await valueIn("us-west-2", "cal")]).toEqual(["west", "west"]);
  expect(fates).toEqual([
    ["us-east-1", "lost to last-writer-wins"],
    ["us-west-2", "present"],
  ]);
});

// The order of arrival is chance: each is tried often enough that a later write overtakes an earlier one.
test("a write that a later one of its own region overwrote is not lost, whichever arrives first", async () => {
  replication.pause("us-east-1");
  for (const value of ["1", "2", "3", "4", "5", "6"]) await put("us-east-1", "eva", value);
  expect(replication.pendingWrites().map((write) => replication.fateOf(write))).toEqual(Array(6).fill("lost"));
  const fates = await fatesOnReturn();
  expect(await valueIn("us-west-2", "eva")).toBe("6");
  expect(fates).toEqual(Array(6).fill(["us-east-1", "present"]));
});

test("what another region's write overwrote unseen is lost, with all that it was made upon", async () => {
  replication.pause("us-east-1");
  await put("us-east-1", "fay", "1");
  await put("us-east-1", "fay", "2");
  await put("us-west-2", "fay", "west");
  expect(await fatesOnReturn()).toEqual([
    ["us-east-1", "lost to last-writer-wins"],
    ["us-east-1", "lost to last-writer-wins"],
    ["us-west-2", "present"],
  ]);
});

test("a write is not lost to another region's when one made upon it overwrote that in turn", async () => {
  replication.pause("us-east-1");
  await put("us-east-1", "gus", "1");
  await put("us-west-2", "gus", "west");
  await put("us-east-1", "gus", "2");
  expect(await fatesOnReturn()).toEqual([
    ["us-east-1", "present"],
    ["us-west-2", "lost to last-writer-wins"],
    ["us-east-1", "present"],
  ]);
});

test("every overwritten write of any region is remembered, as long as nothing made upon it has come through", async () => {
  const before = replication.overwrittenWrites().length;
  replication.pause("us-east-1");
  await put("us-west-2", "ida", "west");
  await put("us-east-1", "ida", "east");
  await put("us-east-1", "joe", "1");
  await put("us-west-2", "joe", "west");
  await put("us-east-1", "joe", "2");
  await fatesOnReturn();
  const overwritten = replication.overwrittenWrites().slice(before);
  expect(overwritten.map(({ from, key, item }) => JSON.stringify([from, key, item?.["value"]])).sort()).toEqual([
    '["us-west-2",{"userId":{"S":"ida"}},{"S":"west"}]',
    '["us-west-2",{"userId":{"S":"joe"}},{"S":"west"}]',
  ]);
});

test("each write is told with the regions that it is shipped to", async () => {
  const told: unknown[] = [];
  replication.onAcknowledged = (...acknowledged) => told.push(acknowledged);
  await put("us-east-1", "hal", "1");
  expect(told).toEqual([["us-east-1", ["us-west-2"]]]);
  await settled();
});

test("a lost region's writes wait, and arrive on its return", async () => {
  replication.pause("us-east-1");
  await put("us-east-1", "dan", "1");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await valueIn("us-west-2", "dan")).toBeUndefined();
  expect(replication.pendingWrites()).toHaveLength(1);
  replication.resume("us-east-1");
  await settled();
  expect(await valueIn("us-west-2", "dan")).toBe("1");
});

test("a role that names the other region's table is denied in this one", async () => {
  const before = denied.length;
  const wrong = new DynamoDBClient({
    region: "us-west-2",
    endpoint: await (client("us-west-2").config.endpoint?.() ?? Promise.reject(new Error("no endpoint"))),
    credentials: await client("us-east-1").config.credentials(),
    maxAttempts: 1,
  });
  const reading = wrong.send(new GetItemCommand({ TableName: "carts", Key: { userId: { S: "ada" } } }));
  await expect(reading).rejects.toMatchObject({ name: "AccessDeniedException" });
  expect(denied.slice(before)).toEqual([`dynamodb:GetItem arn:aws:dynamodb:us-west-2:${ACCOUNT}:table/carts`]);
  wrong.destroy();
});

test("an endpoint that is gone answers nobody, until it is back", async () => {
  const [east] = endpoints;
  east?.setFault("refuse");
  await expect(valueIn("us-east-1", "ada")).rejects.toThrow();
  east?.setFault("none");
  expect(await valueIn("us-east-1", "ada")).toBe("1");
});
