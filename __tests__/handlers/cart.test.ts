import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { DynamoDbCartStore } from "../../handlers/adapters/dynamodb-cart-store";
import { mergedCart, storedNumber, withLine } from "../../handlers/domain/cart";
import { cartFingerprint, type Lines, MAX_LINES } from "../../handlers/domain/cart-lines";
import type { HttpHandler } from "../../handlers/http-handler";
import { makeCartHandler } from "../../handlers/operations/cart";
import type { CartStore } from "../../handlers/ports";
import {
  bodyOf,
  httpRequest,
  line,
  REGION,
  REGIONS,
  type RecordedMetrics,
  recordedLog,
  recordedMetrics,
  regionalCart,
  versionAfter,
} from "./events";
import { CARTS, dynamoDbAt, LIMITS, type LocalDynamoDb, startDynamoDb } from "./local-dynamodb";
import { answer, startServer, stopServers } from "./local-server";

const NOW_MS = 1_767_225_600_000;

let dynamoDb: LocalDynamoDb;
let carts: DynamoDbCartStore;
let metrics: RecordedMetrics;
let handler: HttpHandler;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  carts = new DynamoDbCartStore(dynamoDb.client, CARTS, REGIONS);
});
beforeEach(() => {
  metrics = recordedMetrics();
  handler = handlerOver(carts);
});
afterAll(() => Promise.all([dynamoDb.stop(), stopServers()]));

function handlerOver(store: CartStore): HttpHandler {
  return makeCartHandler({ carts: store, ttlDays: 90, nowMs: () => NOW_MS, metrics, log: recordedLog().log });
}

const show = (user: string) => handler(httpRequest("GET /cart", { user }));
const put = (user: string, sku: string, body: unknown = line()) =>
  handler(httpRequest("PUT /cart/items/{sku}", { user, path: { sku }, body }));
const remove = (user: string, sku: string, query?: Record<string, string>) =>
  handler(httpRequest("DELETE /cart/items/{sku}", { user, path: { sku }, ...(query === undefined ? {} : { query }) }));

async function skusOf(user: string): Promise<string[]> {
  const { lines } = bodyOf(await show(user)) as { lines: Array<{ sku: string }> };
  return lines.map(({ sku }) => sku);
}

test("shows an empty cart to a user who has none", async () => {
  const response = await show("new");
  expect(response.statusCode).toBe(200);
  expect(bodyOf(response)).toEqual({ version: 0, fingerprint: cartFingerprint([]), lines: [] });
});

test("sets, replaces and removes lines", async () => {
  await put("bea", "mug", line({ quantity: 1 }));
  await put("bea", "constructor", line({ currency: "USD" }));
  const replaced = await put("bea", "mug", line({ quantity: 3 }));
  const lines = [
    { sku: "constructor", quantity: 2, unitPriceMinor: 1_250, currency: "USD" },
    { sku: "mug", quantity: 3, unitPriceMinor: 1_250, currency: "EUR" },
  ];
  expect(bodyOf(replaced)).toEqual({ version: versionAfter(3), fingerprint: cartFingerprint(lines), lines });
  expect(bodyOf(await remove("bea", "mug"))).toMatchObject({ version: versionAfter(4) });
  expect(await skusOf("bea")).toEqual(["constructor"]);
});

test("removes a line that is not there without writing", async () => {
  await put("cal", "mug");
  expect(bodyOf(await remove("cal", "pot"))).toMatchObject({ version: versionAfter(1) });
});

test("keeps one user's cart from another", async () => {
  await put("dan", "mug");
  expect(await skusOf("eve")).toEqual([]);
});

test("stores the attributes that the table's time to live needs", async () => {
  await put("fay", "mug");
  const { Item } = await dynamoDb.client.send(
    new GetItemCommand({ TableName: CARTS, Key: { userId: { S: "fay→us-east-1" } } }),
  );
  expect(Item).toMatchObject({
    version: { N: "1" },
    updatedAtMs: { N: String(NOW_MS) },
    expiresAtSeconds: { N: String(NOW_MS / 1_000 + 90 * 86_400) },
  });
});

test("treats a cart that has expired but is still stored as empty, and writes over it", async () => {
  await carts.replace(regionalCart("gus", { old: line() }, { expiresAtSeconds: NOW_MS / 1_000 }), 0);
  expect(await skusOf("gus")).toEqual([]);
  expect((await put("gus", "mug")).statusCode).toBe(200);
  expect(await skusOf("gus")).toEqual(["mug"]);
});

test("loses no line when four requests change a cart at once", async () => {
  const skus = ["a", "b", "c", "d"];
  const responses = await Promise.all(skus.map((sku) => put("hal", sku)));
  expect(responses.map((response) => response.statusCode)).toEqual([200, 200, 200, 200]);
  expect(await skusOf("hal")).toEqual(skus);
});

test("keeps every change that it acknowledged, whatever the number of writers", async () => {
  let user = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 5, maxLength: 9 }),
      async (skus) => {
        user += 1;
        const responses = await Promise.all(skus.map((sku) => put(`crowd-${user}`, sku)));
        const acknowledged = skus.filter((_, index) => responses[index]?.statusCode === 200);
        expect(responses.every(({ statusCode }) => statusCode === 200 || statusCode === 409)).toBe(true);
        expect(await skusOf(`crowd-${user}`)).toEqual([...acknowledged].sort());
      },
    ),
    { numRuns: 8 },
  );
});

/** Sets a user's cart to these lines, as another request in the same region does. */
async function setLines(user: string, wanted: (present: Lines) => Lines): Promise<void> {
  const cart = mergedCart(user, await carts.read(user), NOW_MS);
  const lines = wanted(cart.lines);
  const writing = { ...REGIONS, nowMs: NOW_MS, ttlDays: 90 };
  const next = withLine(cart, "none", undefined, writing);
  const change = { region: REGION, number: next.seen.get(REGION) ?? 0 };
  const settings = new Map([...lines].map(([sku, it]) => [sku, [{ ...it, ...change }]]));
  await carts.replace({ ...next, settings }, storedNumber(cart, REGION));
}

/** A store in which another request sets the lines just before the handler's first write. */
function overtaken(user: string, wanted: (present: Lines) => Lines): CartStore {
  let isOvertaken = false;
  return {
    ...REGIONS,
    read: (userId) => carts.read(userId),
    replace: async (cart, expectedNumber) => {
      if (!isOvertaken) {
        isOvertaken = true;
        await setLines(user, wanted);
      }
      return carts.replace(cart, expectedNumber);
    },
  };
}

const putOver = (store: CartStore, user: string, sku: string, body: unknown) =>
  handlerOver(store)(httpRequest("PUT /cart/items/{sku}", { user, path: { sku }, body }));

test("does a change over when another line was changed meanwhile, and counts the conflict", async () => {
  await put("ivy", "pot");
  const store = overtaken("ivy", (present) => new Map(present).set("pan", line()));
  expect((await putOver(store, "ivy", "mug", line())).statusCode).toBe(200);
  expect(await skusOf("ivy")).toEqual(["mug", "pan", "pot"]);
  expect(metrics.counts).toEqual({ CartConflicts: 1 });
});

test.each([{ quantity: 7 }, { unitPriceMinor: 7 }, { currency: "USD" }])(
  "answers 409 with the current version, and overwrites nothing, when the same line was changed to %p meanwhile",
  async (change) => {
    const user = `jim-${JSON.stringify(change)}`;
    await put(user, "mug");
    const store = overtaken(user, () => new Map([["mug", line(change)]]));
    const response = await putOver(store, user, "mug", line({ quantity: 3 }));
    expect(response.statusCode).toBe(409);
    expect(bodyOf(response)).toMatchObject({
      currentVersion: versionAfter(2),
      type: "tag:example.com,2026:checkout/cart-changed",
    });
    expect(bodyOf(await show(user))).toMatchObject({ version: versionAfter(2), lines: [{ sku: "mug", ...change }] });
  },
);

test("takes its own write, whose answer was lost, for done", async () => {
  await put("jon", "pot");
  const store = overtaken("jon", (present) => new Map(present).set("mug", line()));
  expect(bodyOf(await putOver(store, "jon", "mug", line()))).toMatchObject({ version: versionAfter(2) });
});

test("changes the expected version or none, with the current version in the answer", async () => {
  await put("kay", "mug", { ...line(), expectedVersion: 0 });
  expect(bodyOf(await put("kay", "pot", { ...line(), expectedVersion: versionAfter(1) }))).toMatchObject({
    version: versionAfter(2),
  });
  const stale = await put("kay", "pan", { ...line(), expectedVersion: versionAfter(1) });
  expect([stale.statusCode, bodyOf(stale)["currentVersion"]]).toEqual([409, versionAfter(2)]);
  const removal = await remove("kay", "mug", { expectedVersion: String(versionAfter(1)) });
  expect([removal.statusCode, bodyOf(removal)["currentVersion"]]).toEqual([409, versionAfter(2)]);
  expect(await skusOf("kay")).toEqual(["mug", "pot"]);
  expect(bodyOf(await remove("kay", "mug", { expectedVersion: String(versionAfter(2)) }))).toMatchObject({
    version: versionAfter(3),
  });
});

test("an expected version is exact, also when the cart is as wanted already", async () => {
  await put("kit", "mug", { ...line(), expectedVersion: 0 });
  await put("kit", "pan");
  expect((await put("kit", "mug", { ...line(), expectedVersion: versionAfter(1) })).statusCode).toBe(409);
  expect((await remove("kit", "pot", { expectedVersion: String(versionAfter(1)) })).statusCode).toBe(409);
  expect(bodyOf(await remove("kit", "pot", { expectedVersion: String(versionAfter(2)) }))).toMatchObject({
    version: versionAfter(2),
  });
});

test("takes its own write of one version, whose answer was lost, for done", async () => {
  await put("kim", "pot");
  const store = overtaken("kim", (present) => new Map(present).set("mug", line()));
  const response = await putOver(store, "kim", "mug", { ...line(), expectedVersion: versionAfter(1) });
  expect([response.statusCode, bodyOf(response)["version"]]).toEqual([200, versionAfter(2)]);
  await remove("kim", "mug");
  await remove("kim", "pot");
});

test("refuses an expected version when another change was faster by a moment", async () => {
  await put("lou", "pot");
  const store = overtaken("lou", (present) => new Map(present).set("pan", line()));
  const response = await putOver(store, "lou", "mug", { ...line(), expectedVersion: versionAfter(1) });
  expect([response.statusCode, bodyOf(response)["currentVersion"]]).toEqual([409, versionAfter(2)]);
});

test("answers 409 after three retries when others always write first", async () => {
  let writes = 0;
  const contended: CartStore = {
    ...REGIONS,
    read: (userId) => carts.read(userId),
    replace: async (cart, expectedNumber) => {
      writes += 1;
      await carts.replace({ ...cart, settings: new Map() }, expectedNumber);
      return carts.replace(cart, expectedNumber);
    },
  };
  const response = await putOver(contended, "ian", "mug", line());
  expect(response.statusCode).toBe(409);
  expect(bodyOf(response)).toMatchObject({ currentVersion: versionAfter(4) });
  expect(writes).toBe(4);
  expect(metrics.counts).toEqual({ CartConflicts: 4 });
});

test("refuses one line too many, but still changes those it has", async () => {
  const lines = Object.fromEntries(Array.from({ length: MAX_LINES }, (_, index) => [`sku-${index}`, line()]));
  await carts.replace(regionalCart("joy", lines), 0);
  expect((await put("joy", "another")).statusCode).toBe(409);
  expect((await put("joy", "sku-7", line({ quantity: 9 }))).statusCode).toBe(200);
});

test.each<[string, unknown, string | undefined, string]>([
  ["not JSON", "{", undefined, "the body must be JSON"],
  ["no body", "", "#", "must be a JSON object"],
  ["no object", "[]", "#", "must be a JSON object"],
  ["null", "null", "#", "must be a JSON object"],
  ["no quantity", { ...line(), quantity: undefined }, "#/quantity", "must be a whole number from 1 to 999"],
  ["quantity 0", line({ quantity: 0 }), "#/quantity", "must be a whole number from 1 to 999"],
  ["quantity 1000", line({ quantity: 1_000 }), "#/quantity", "must be a whole number"],
  ["quantity 1.5", line({ quantity: 1.5 }), "#/quantity", "must be a whole number"],
  ["a quantity in quotes", { ...line(), quantity: "1" }, "#/quantity", "must be a whole number"],
  ["a negative price", line({ unitPriceMinor: -1 }), "#/unitPriceMinor", "from 0 to 1000000000"],
  ["a price beyond the limit", line({ unitPriceMinor: 1_000_000_001 }), "#/unitPriceMinor", "from 0 to 1000000000"],
  ["a small currency", line({ currency: "eur" }), "#/currency", "must be three capital letters"],
  ["a negative version", { ...line(), expectedVersion: -1 }, "#/expectedVersion", "must be a whole number"],
  ["an unknown field", { ...line(), expectedversion: 1 }, "#/expectedversion", "is not known here"],
  ["a prototype", '{"__proto__": {"quantity": 1}}', "#/__proto__", "is not known here"],
])("refuses a body with %s", async (_, body, pointer, message) => {
  const response = await put("kim", "mug", body);
  expect(response.statusCode).toBe(400);
  expect(response.headers).toMatchObject({ "content-type": "application/problem+json" });
  const problem = bodyOf(response) as { detail: string; errors?: Array<{ pointer: string; detail: string }> };
  expect(problem).toMatchObject({
    type: "tag:example.com,2026:checkout/invalid-request",
    status: 400,
    requestId: "request",
  });
  expect(response.body).toContain(message);
  const fault = problem.errors?.find((error) => error.pointer === pointer);
  expect(fault?.detail).toEqual(pointer === undefined ? undefined : expect.stringContaining(message));
  expect(await skusOf("kim")).toEqual([]);
});

test("names every fault of a body at once", async () => {
  const { errors } = bodyOf(await put("kim", "mug", { quantity: 0, unitPriceMinor: 0.5, currency: 3 })) as {
    errors: unknown[];
  };
  expect(errors).toHaveLength(3);
});

test("refuses a body beyond 4,096 bytes unread", async () => {
  const response = await put("kim", "mug", `{"note": "${"é".repeat(2_048)}"}`);
  expect(response.statusCode).toBe(413);
});

test.each(["", "-mug", "a b", "__proto__", "x".repeat(65)])("refuses the SKU %p", async (sku) => {
  const response = await put("lea", sku);
  expect(response.statusCode).toBe(400);
  expect(bodyOf(response)["errors"]).toEqual([{ path: "sku", detail: expect.stringContaining("must be 1 to 64") }]);
});

test.each([
  { expectedversion: "1" },
  { expectedVersion: "one" },
  { expectedVersion: "1,2" },
  { expectedVersion: "9".repeat(17) },
])("refuses the query %p", async (query) => {
  await put("liv", "mug");
  expect((await remove("liv", "mug", query as Record<string, string>)).statusCode).toBe(400);
  expect(await skusOf("liv")).toEqual(["mug"]);
});

test("takes a body that API Gateway has encoded", async () => {
  const request = httpRequest("PUT /cart/items/{sku}", { user: "max", path: { sku: "mug" } });
  const body = Buffer.from(JSON.stringify(line())).toString("base64");
  expect((await handler({ ...request, body, isBase64Encoded: true })).statusCode).toBe(200);
});

test.each(["", "x".repeat(256), "zoë"])("refuses a token with the subject %p", async (user) => {
  expect((await handler(httpRequest("GET /cart", { user }))).statusCode).toBe(401);
});

test("knows no other route", async () => {
  expect((await handler(httpRequest("PATCH /cart"))).statusCode).toBe(404);
});

test("reads every region's item of a cart in one request, consistently", async () => {
  const server = await startServer((_, response) => answer(response, 200, {}));
  await new DynamoDbCartStore(dynamoDbAt(server.endpoint), CARTS, REGIONS).read("ada");
  expect(server.requests.map(({ body }) => body)).toEqual([
    {
      RequestItems: {
        [CARTS]: {
          ConsistentRead: true,
          Keys: [{ userId: { S: "ada→us-east-1" } }, { userId: { S: "ada→us-west-2" } }, { userId: { S: "ada" } }],
        },
      },
    },
  ]);
});

test.each([
  ["ProvisionedThroughputExceededException", 400],
  ["ThrottlingException", 400],
  ["RequestLimitExceeded", 400],
  ["InternalServerError", 500],
])("answers 503 with a hint to repeat when the table answers %s", async (type, statusCode) => {
  const server = await startServer((_, response) =>
    answer(response, statusCode, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: "table checkout" }),
  );
  const store = new DynamoDbCartStore(dynamoDbAt(server.endpoint, { ...LIMITS, maxAttempts: 1 }), CARTS, REGIONS);
  const response = await handlerOver(store)(httpRequest("GET /cart", { user: "ada" }));
  expect(response.statusCode).toBe(503);
  expect(response.headers).toMatchObject({ "retry-after": "1" });
  expect(response.body).not.toContain("table checkout");
});

test("answers 503 before the function's time-out when the table does not answer", async () => {
  const hanging: CartStore = { ...REGIONS, read: () => new Promise(() => {}), replace: () => new Promise(() => {}) };
  const lambda = { getRemainingTimeInMillis: () => 550 };
  const response = await handlerOver(hanging)(httpRequest("GET /cart", { user: "ada" }), lambda);
  expect(response.statusCode).toBe(503);
});
