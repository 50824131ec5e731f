import { OrderTables } from "../../../drill/orders/order-tables";
import type { Engine } from "../../../local-aws/dynamodb/engine";
import type { GlobalTable } from "../../../topology/topology";

const TABLE = { name: "orders", hashKey: "orderId", regions: ["us-east-1", "us-west-2"] } as unknown as GlobalTable;
const stored = (sku: string) => ({
  orderId: { S: `order-${sku}` },
  userId: { S: "ada" },
  lines: {
    L: [{ M: { sku: { S: sku }, quantity: { N: "2" }, unitPriceMinor: { N: "500" }, currency: { S: "EUR" } } }],
  },
});
const line = (sku: string) => ({
  orderId: `order-${sku}`,
  userId: "ada",
  sku,
  quantity: 2,
  unitPriceMinor: 500,
  currency: "EUR",
});

/** An engine that answers a scan page by page. */
function engineOf(...pages: object[][]): Engine {
  const call = async (_: string, { ExclusiveStartKey = 0 }: { ExclusiveStartKey?: number }) => ({
    Items: pages[ExclusiveStartKey],
    ...(ExclusiveStartKey + 1 < pages.length ? { LastEvaluatedKey: ExclusiveStartKey + 1 } : {}),
  });
  return { call } as unknown as Engine;
}

test("ordered lines are read from every page of every region", async () => {
  const east = engineOf([stored("tea")], [stored("milk"), { userId: { S: "bea" } }], [stored("jam")]);
  const engines = new Map([
    ["us-east-1", east],
    ["us-west-2", engineOf([stored("rye")])],
  ]);
  const lines = await new OrderTables([TABLE], engines).orderedLines();
  expect(lines).toEqual(["tea", "milk", "jam", "rye"].map(line));
});

test("without an orders' table there are no ordered lines", async () => {
  const tables = new OrderTables([{ ...TABLE, hashKey: "id" }], new Map([["us-east-1", engineOf([stored("tea")])]]));
  expect([await tables.orderedLines(), tables.name]).toEqual([[], undefined]);
});
