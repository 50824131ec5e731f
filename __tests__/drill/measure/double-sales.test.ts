import { doubleSales } from "../../../drill/measure/double-sales";
import { put } from "./observed";

const ordered = (orderId: string, changes: Parameters<typeof put>[0] = {}) => ({ ...put(changes), orderId });
const told = new Set(["a", "b"]);

test("a line in two orders of its user was sold twice", () => {
  expect(doubleSales([ordered("b"), ordered("a"), ordered("c", { sku: "milk" })], told)).toMatchObject([
    { userId: "ada", sku: put().sku, orderIds: ["a", "b"], isAcknowledged: true },
  ]);
});

test("an order that the customer was not told of does not make a double sale an acknowledged one", () => {
  expect(doubleSales([ordered("a"), ordered("c")], told)).toMatchObject([
    { orderIds: ["a", "c"], isAcknowledged: false },
  ]);
});

test("an order that two regions hold was sold once", () => {
  expect(doubleSales([ordered("a"), ordered("a")], told)).toEqual([]);
});

test.each<[string, Parameters<typeof put>[0]]>([
  ["user", { userId: "bea" }],
  ["SKU", { sku: "milk" }],
  ["quantity", { quantity: 9 }],
  ["price", { unitPriceMinor: 9 }],
  ["currency", { currency: "USD" }],
])("a line with another %s is another line", (_, changes) => {
  expect(doubleSales([ordered("a"), ordered("b", changes)], told)).toEqual([]);
});
