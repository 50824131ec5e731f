import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { DynamoDbCartStore } from "../../handlers/adapters/dynamodb-cart-store";
import { type Cart, MAX_LINES } from "../../handlers/domain/cart";
import type { HttpHandler } from "../../handlers/http-response";
import { makeCartHandler } from "../../handlers/operations/cart";
import { bodyOf, cartOf, httpRequest, line } from "./events";
import { CARTS, type LocalDynamoDb, startDynamoDb } from "./local-dynamodb";

const NOW_MS = 1_767_225_600_000;

let dynamoDb: LocalDynamoDb;
let carts: DynamoDbCartStore;
let handler: HttpHandler;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  carts = new DynamoDbCartStore(dynamoDb.client, CARTS);
  handler = makeCartHandler({ carts, ttlDays: 90, nowMs: () => NOW_MS });
});
afterAll(() => dynamoDb.stop());

const show = (user: string) => handler(httpRequest("GET /cart", { user }));
const put = (user: string, sku: string, body: unknown = line()) =>
  handler(httpRequest("PUT /cart/items/{sku}", { user, path: { sku }, body }));
const remove = (user: string, sku: string) => handler(httpRequest("DELETE /cart/items/{sku}", { user, path: { sku } }));

async function skusOf(user: string): Promise<string[]> {
  const { lines } = bodyOf(await show(user)) as { lines: Array<{ sku: string }> };
  return lines.map(({ sku }) => sku);
}

test("shows an empty cart to a user who has none", async () => {
  const response = await show("new");
  expect(response.statusCode).toBe(200);
  expect(bodyOf(response)).toEqual({ version: 0, lines: [] });
});

test("sets, replaces and removes lines", async () => {
  await put("bea", "mug", line({ quantity: 1 }));
  await put("bea", "constructor", line({ currency: "USD" }));
  const replaced = await put("bea", "mug", line({ quantity: 3 }));
  expect(bodyOf(replaced)).toEqual({
    version: 3,
    lines: [
      { sku: "constructor", quantity: 2, unitPriceMinor: 1_250, currency: "USD" },
      { sku: "mug", quantity: 3, unitPriceMinor: 1_250, currency: "EUR" },
    ],
  });
  expect(bodyOf(await remove("bea", "mug"))).toMatchObject({ version: 4 });
  expect(await skusOf("bea")).toEqual(["constructor"]);
});

test("removes a line that is not there without writing", async () => {
  await put("cal", "mug");
  expect(bodyOf(await remove("cal", "pot"))).toMatchObject({ version: 1 });
});

test("keeps one user's cart from another", async () => {
  await put("dan", "mug");
  expect(await skusOf("eve")).toEqual([]);
});

test("stores the attributes that the table's time to live needs", async () => {
  await put("fay", "mug");
  const { Item } = await dynamoDb.client.send(new GetItemCommand({ TableName: CARTS, Key: { userId: { S: "fay" } } }));
  expect(Item).toMatchObject({
    version: { N: "1" },
    updatedAtMs: { N: String(NOW_MS) },
    expiresAtSeconds: { N: String(NOW_MS / 1_000 + 90 * 86_400) },
  });
});

test("treats a cart that has expired but is still stored as empty, and writes over it", async () => {
  await carts.replace(cartOf("gus", { old: line() }, { expiresAtSeconds: NOW_MS / 1_000 }), 0);
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

test("answers 409 after three retries when others always write first", async () => {
  let writes = 0;
  const contended = makeCartHandler({
    carts: {
      read: (userId: string): Promise<Cart | undefined> => carts.read(userId),
      replace: async (cart, expectedVersion) => {
        writes += 1;
        await carts.replace({ ...cart, lines: new Map() }, expectedVersion);
        return carts.replace(cart, expectedVersion);
      },
    },
    ttlDays: 90,
    nowMs: () => NOW_MS,
  });
  const response = await contended(
    httpRequest("PUT /cart/items/{sku}", { user: "ian", path: { sku: "mug" }, body: line() }),
  );
  expect(response.statusCode).toBe(409);
  expect(writes).toBe(4);
});

test("refuses one line too many, but still changes those it has", async () => {
  const lines = Object.fromEntries(Array.from({ length: MAX_LINES }, (_, index) => [`sku-${index}`, line()]));
  await carts.replace(cartOf("joy", lines), 0);
  expect((await put("joy", "another")).statusCode).toBe(409);
  expect((await put("joy", "sku-7", line({ quantity: 9 }))).statusCode).toBe(200);
});

test.each([
  ["not JSON", "{", "the body must be JSON"],
  ["no object", "[]", "expected a JSON object"],
  ["null", "null", "expected a JSON object"],
  ["no quantity", { ...line(), quantity: undefined }, "'quantity' must be a whole number from 1 to 999"],
  ["quantity 0", line({ quantity: 0 }), "'quantity'"],
  ["quantity 1000", line({ quantity: 1_000 }), "'quantity'"],
  ["quantity 1.5", line({ quantity: 1.5 }), "'quantity'"],
  ["a quantity in quotes", { ...line(), quantity: "1" }, "'quantity'"],
  ["a negative price", line({ unitPriceMinor: -1 }), "'unitPriceMinor'"],
  ["a price beyond the limit", line({ unitPriceMinor: 1_000_000_001 }), "'unitPriceMinor'"],
  ["a small currency", line({ currency: "eur" }), "'currency' must be three capital letters"],
])("refuses a body with %s", async (_, body, message) => {
  const response = await put("kim", "mug", body);
  expect(response.statusCode).toBe(400);
  expect(bodyOf(response)).toEqual({ message: expect.stringContaining(message) });
  expect(await skusOf("kim")).toEqual([]);
});

test.each(["", "-mug", "a b", "__proto__", "x".repeat(65)])("refuses the SKU %p", async (sku) => {
  expect((await put("lea", sku)).statusCode).toBe(400);
});

test("takes a body that API Gateway has encoded", async () => {
  const request = httpRequest("PUT /cart/items/{sku}", { user: "max", path: { sku: "mug" } });
  const body = Buffer.from(JSON.stringify(line())).toString("base64");
  expect((await handler({ ...request, body, isBase64Encoded: true })).statusCode).toBe(200);
});

test("refuses a token without a subject", async () => {
  expect((await handler(httpRequest("GET /cart", { user: "" }))).statusCode).toBe(401);
});

test("knows no other route", async () => {
  expect((await handler(httpRequest("PATCH /cart"))).statusCode).toBe(404);
});
