import { lostWrites } from "../../../drill/measure/lost-writes";
import { order, put, shown, unanswered, written } from "./observed";

test("lost orders, cart lines and items are told with user, region and time", () => {
  const observed = written({
    puts: [put(), put({ sku: "milk", region: "us-west-2", acknowledgedAtMs: 1_250 }), unanswered(put({ sku: "jam" }))],
    overwrittenItems: [{ key: "carts ada", region: "us-east-1", acknowledgedAtMs: 1_300 }],
  });
  const orders = [order(), order({ orderId: "p", isPresent: false })];
  expect(lostWrites(observed, orders)).toEqual({
    writesLost: [
      { what: "order", key: "p", user: "ada", region: "us-east-1", acknowledgedAtMs: 20_000 },
      {
        ...{ what: "cart line", user: "ada", region: "us-west-2", acknowledgedAtMs: 1_250 },
        ...{ sku: "milk", quantity: 2, unitPriceMinor: 500, currency: "EUR" },
      },
      { what: "item", key: "carts ada", region: "us-east-1", acknowledgedAtMs: 1_300 },
    ],
    ...{ cartChangesAcknowledged: 2, cartChangesLost: 1, itemsOverwritten: 1, cartsThatDiffer: [], doubleSales: [] },
  });
});

test("carts that differ are told by their users", () => {
  const carts = [shown("us-east-1", [put()]), shown("us-west-2", [])];
  const { cartsThatDiffer, writesLost } = lostWrites(
    written({ reading: { carts }, orderedLines: [{ ...put(), orderId: "o" }] }),
    [],
  );
  expect([cartsThatDiffer, writesLost]).toEqual([["ada"], []]);
});

test("where a cart could not be read, no cart line is called lost and no cart different", () => {
  const carts = [shown("us-east-1", []), shown("us-west-2", [put()])];
  const reading = { carts, whyUnread: "us-east-1 did not show the cart of bea" };
  expect(lostWrites(written({ reading }), [])).toMatchObject({
    ...{ writesLost: [], cartChangesLost: 0, cartsThatDiffer: [], cartChangesAcknowledged: 1 },
    whyCartsUnread: "us-east-1 did not show the cart of bea",
  });
});
