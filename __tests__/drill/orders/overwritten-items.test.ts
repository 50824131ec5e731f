import type { StoredOrder } from "../../../drill/orders/order-tables";
import { overwrittenItems } from "../../../drill/orders/overwritten-items";
import type { ReplicatedWrite } from "../../../local-aws/dynamodb/replication";

const order = (status: string, totalMinor = 100): StoredOrder => ({
  ...{ status: { S: status }, userId: { S: "ada" }, totalMinor: { N: String(totalMinor) } },
});
const PENDING = order("PENDING_PAYMENT");
const PAID = order("PAID");
const DECLINED = order("DECLINED");

const discarded = (tableName: string, item: object | undefined, stamp = 1): ReplicatedWrite => ({
  ...{ tableName, itemKey: `${tableName} a`, key: { orderId: { S: "a" } }, item: item as ReplicatedWrite["item"] },
  ...{ from: "us-east-1", to: "us-west-2", acknowledgedAtMs: 7, lagMs: 1, acknowledgedAtWallMs: 7, stamp },
});
const tables = (survivors: readonly (StoredOrder | undefined)[]) => ({
  name: "orders",
  read: async (orderId: string) => (orderId === "a" ? [...survivors] : []),
});
const LOST = [{ key: "orders a", region: "us-east-1", acknowledgedAtMs: 7 }];

test.each<[string, StoredOrder | undefined, (StoredOrder | undefined)[], boolean]>([
  ["a pending order that is paid everywhere", PENDING, [PAID, PAID], false],
  ["a pending order that is declined everywhere", PENDING, [DECLINED, DECLINED], false],
  ["a pending order that is pending elsewhere", PENDING, [PENDING, PAID], false],
  ["a paid order that is paid everywhere", PAID, [PAID, PAID], false],
  ["a paid order that is pending in one region", PAID, [PAID, PENDING], true],
  ["a declined order that is pending", DECLINED, [PENDING, PENDING], true],
  ["a paid order that is declined", PAID, [DECLINED, DECLINED], true],
  ["an order over another total", PENDING, [order("PAID", 90), order("PAID", 90)], true],
  ["an order that one region lacks", PENDING, [PAID, undefined], true],
  ["an order that no region can hold", PENDING, [], true],
  ["the removal of an order", undefined, [PAID, PAID], true],
])("%s, once discarded, is lost or made good", async (_, item, survivors, isLost) => {
  expect(await overwrittenItems([discarded("orders", item)], tables(survivors))).toEqual(isLost ? LOST : []);
});

test("an item of another table is lost, once for all regions that discarded it", async () => {
  const writes = [discarded("carts", PENDING), discarded("carts", PENDING), discarded("carts", PENDING, 2)];
  const item = { key: "carts a", region: "us-east-1", acknowledgedAtMs: 7 };
  expect(await overwrittenItems(writes, tables([PAID, PAID]))).toEqual([item, item]);
});
