import { orderFates, untoldOrders } from "../../../drill/orders/order-fates";
import type { StoredOrder } from "../../../drill/orders/order-tables";

const charge = (orderId: string, amountMinor = 100) => ({ orderId, amountMinor, currency: "EUR", idempotencyKey: "" });
const stored = (userId: string, totalMinor = 100): StoredOrder => ({
  ...{ status: { S: "PAID" }, userId: { S: userId }, totalMinor: { N: String(totalMinor) } },
});
const tables = (orders: Readonly<Record<string, readonly (StoredOrder | undefined)[]>>) => ({
  read: async (orderId: string) => [...(orders[orderId] ?? [undefined, undefined])],
});

test("an acknowledged order is followed into each table and the vendor's ledger", async () => {
  const told = { orderId: "a", userId: "ada", region: "us-east-1", acknowledgedAtMs: 7 };
  const orders = [{ ...told, totalMinor: 100, currency: "EUR" }];
  const fates = await orderFates(orders, tables({ a: [stored("ada"), undefined] }), [charge("a"), charge("a", 90)]);
  expect(fates).toEqual([{ ...told, isPresent: false, status: "PAID", charges: 2, isAmountRight: false }]);
});

test("charged orders of which nobody was told are found in the vendor's ledger, with their customers", async () => {
  const holding = tables({ a: [stored("ada"), stored("ada")], b: [stored("bea"), stored("bea")] });
  const charges = [charge("a"), charge("b"), charge("b", 90), charge("nowhere")];
  expect(await untoldOrders(new Set(["a"]), holding, charges)).toEqual([
    { orderId: "b", userId: "bea", isPresent: true, charges: 2, isAmountRight: false },
    { orderId: "nowhere", userId: undefined, isPresent: false, charges: 1, isAmountRight: false },
  ]);
});
