import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { receiptHeaders } from "../../handlers/cart-receipt";
import { mergedCart } from "../../handlers/domain/cart";
import { sortedLines } from "../../handlers/domain/cart-lines";
import { orderOf } from "../../handlers/domain/order";
import { orderIdOf } from "../../handlers/domain/order-id";
import { bodyOf, httpRequest, line, pendingOrder, type RequestParts, recordedLog, recordedMetrics } from "./events";
import { ORDERS } from "./local-dynamodb";
import type { ShopPorts } from "./world/shop";
import {
  BOTH,
  checkOut,
  converged,
  NOW_MS,
  PRIMARY,
  placeOnly,
  ports,
  put,
  replicate,
  replicateOrders,
  STANDBY,
  shop,
  shopWith,
  show,
  shownLines,
  storeOneItem,
  tables,
  useTwoRegions,
} from "./world/two-regions";

// What an order takes out of a cart that two regions hold, and what is sold twice.

useTwoRegions();

test("a late change that was not ordered stays, and what was ordered does not come back", async () => {
  await put(PRIMARY, "cal", "mug");
  await put(PRIMARY, "cal", "pot");
  await replicate();
  await put(PRIMARY, "cal", "pan");
  await put(PRIMARY, "cal", "pot", line({ quantity: 9 }));
  expect((await checkOut(STANDBY, "cal", "k1", { mug: line(), pot: line() })).statusCode).toBe(201);
  await replicate();
  expect(await converged("cal")).toEqual({ pan: 2, pot: 9 });
});

test("a line that was set in both regions, as by a request that got no answer, is ordered once", async () => {
  await put(PRIMARY, "dan", "mug");
  await put(STANDBY, "dan", "mug");
  await checkOut(STANDBY, "dan", "k1", { mug: line() });
  await replicate();
  expect(await converged("dan")).toEqual({});
  await put(PRIMARY, "dan", "mug"); // Once more, after the order.
  await replicate();
  expect(await converged("dan")).toEqual({ mug: 2 });
});

test("an order that the lost region had taken, and a repeat of it in the standby, empty the cart once", async () => {
  await put(PRIMARY, "eve", "mug");
  await replicate();
  const first = await checkOut(PRIMARY, "eve", "k1", { mug: line() });
  const repeated = await checkOut(STANDBY, "eve", "k1", { mug: line() });
  expect(bodyOf(repeated)["orderId"]).toBe(bodyOf(first)["orderId"]);
  await put(STANDBY, "eve", "pot");
  await replicate();
  expect(await converged("eve")).toEqual({ pot: 2 });
});

/** A checkout in a region whose function ends between placing the order and emptying the cart. */

test("a repeat keeps out of the cart what its order took, although that arrives later", async () => {
  await put(PRIMARY, "fay", "mug");
  await placeOnly(PRIMARY, "fay", "k1", { mug: line() });
  await replicateOrders();
  expect((await checkOut(STANDBY, "fay", "k1", { mug: line() })).statusCode).toBe(200);
  await replicate();
  expect(await converged("fay")).toEqual({});
});

test("a repeat also takes the same line that was put again where the order's cart had not arrived", async () => {
  await put(PRIMARY, "fia", "mug");
  await placeOnly(PRIMARY, "fia", "k1", { mug: line() });
  await replicateOrders();
  await put(STANDBY, "fia", "mug");
  await checkOut(STANDBY, "fia", "k1", { mug: line() });
  expect(shownLines(await show(STANDBY, "fia"))).toEqual({});
  await replicate();
  expect(await converged("fia")).toEqual({});
});

test("one key in both regions, both of which end before emptying the cart, empties it by a repeat", async () => {
  await put(PRIMARY, "flo", "mug");
  await put(STANDBY, "flo", "mug");
  for (const region of BOTH) await placeOnly(region, "flo", "k1", { mug: line() });
  await replicate();
  await checkOut(STANDBY, "flo", "k1", { mug: line() });
  await replicate();
  expect(await converged("flo")).toEqual({});
});

test("a line that stood hidden beside the ordered one does not come back", async () => {
  await put(STANDBY, "fox", "mug", line({ quantity: 5 }));
  await put(PRIMARY, "fox", "mug", line({ quantity: 1 }));
  await tables.deliver(
    0,
    () => false,
    ({ to }) => to === PRIMARY,
  );
  await placeOnly(PRIMARY, "fox", "k1", { mug: line({ quantity: 5 }) });
  await replicateOrders();
  await checkOut(STANDBY, "fox", "k1", { mug: line({ quantity: 5 }) });
  await replicate();
  expect(await converged("fox")).toEqual({});
});

test("an order by the old code takes the one item that it had seen, by a repeat", async () => {
  await storeOneItem("gia");
  const { orders } = ports[PRIMARY] as ShopPorts;
  const cart = mergedCart("gia", await (ports[PRIMARY] as ShopPorts).carts.read("gia"), NOW_MS);
  const { orderId } = pendingOrder("gia", "k1");
  const placing = { orderId, userId: "gia", region: "region-0", correlationId: "c", nowMs: NOW_MS };
  await orders.place(orderOf({ lines: sortedLines(cart.lines), cartSeen: new Map() }, placing));
  const update = {
    ...{ TableName: ORDERS, Key: { orderId: { S: orderId } } },
    ...{ UpdateExpression: "SET cartVersion = :seven REMOVE cartSeen" },
    ExpressionAttributeValues: { ":seven": { N: "7" } },
  };
  await tables.clients[PRIMARY].send(new UpdateItemCommand(update));
  await put(PRIMARY, "gia", "pan");
  expect((await checkOut(PRIMARY, "gia", "k1", { mug: line(), pot: line() })).statusCode).toBe(200);
  expect(shownLines(await show(PRIMARY, "gia"))).toEqual({ pan: 2 });
});

test("a receipt keeps a cart from selling again what an order took that has not arrived", async () => {
  await put(PRIMARY, "gil", "mug");
  await put(PRIMARY, "gil", "pot");
  await replicate();
  const ordered = await checkOut(PRIMARY, "gil", "k1", { mug: line(), pot: line() });
  const headers = { "cart-receipt": String(ordered.headers?.["cart-receipt"]) };
  const asks = (routeKey: string, parts: RequestParts = {}) =>
    httpRequest(routeKey, { user: "gil", ...parts, headers: { ...headers, ...parts.headers } });
  expect(shownLines(await show(STANDBY, "gil"))).toEqual({ mug: 2, pot: 2 }); // Whoever sends none sees them.
  expect(shownLines(await shop(STANDBY).cart(asks("GET /cart")))).toEqual({});
  const change = asks("PUT /cart/items/{sku}", { path: { sku: "pan" }, body: line() });
  expect(shownLines(await shop(STANDBY).cart(change))).toEqual({ pan: 2 });
  const again = await shop(STANDBY).checkout(asks("POST /checkout", { headers: { "idempotency-key": "k2" } }));
  expect(bodyOf(again)).toMatchObject({ lines: [{ sku: "pan" }] });
  expect(shownLines(await show(STANDBY, "gil"))).toEqual({}); // What was written with it holds for everybody.
  await replicate();
  expect(await converged("gil")).toEqual({});
});

test("lines that both regions have sold are told once, with both orders, by whoever learns of it first", async () => {
  await put(PRIMARY, "ike", "mug");
  await put(PRIMARY, "ike", "pot");
  await replicate();
  await checkOut(PRIMARY, "ike", "k1", { mug: line(), pot: line() });
  await put(STANDBY, "ike", "pan"); // Without a receipt, the standby sells the mug and the pot again.
  await checkOut(STANDBY, "ike", "k2", { mug: line(), pan: line(), pot: line() });
  await replicate();
  const { log, events, text } = recordedLog();
  const metrics = recordedMetrics();
  const regional = shopWith(ports[PRIMARY] as ShopPorts, PRIMARY, { log, metrics });
  const change = (sku: string) => httpRequest("PUT /cart/items/{sku}", { user: "ike", path: { sku }, body: line() });
  await regional.cart(httpRequest("GET /cart", { user: "ike" }));
  expect(metrics.counts).toEqual({});
  await regional.cart(change("cup"));
  await regional.cart(change("lid"));
  expect([metrics.counts, events]).toEqual([{ DoubleSales: 1 }, ["lines-sold-twice"]]);
  for (const key of ["k1", "k2"]) expect(text()).toContain(orderIdOf("ike", key));
  expect(text()).toContain('"lines":2');
});

test("an order that had heard of the other region's is no double sale", async () => {
  await put(PRIMARY, "ida", "mug");
  await checkOut(PRIMARY, "ida", "k1", { mug: line() });
  await replicate();
  await put(STANDBY, "ida", "mug");
  await checkOut(STANDBY, "ida", "k2", { mug: line() });
  await replicate();
  const metrics = recordedMetrics();
  const change = httpRequest("PUT /cart/items/{sku}", { user: "ida", path: { sku: "cup" }, body: line() });
  await shopWith(ports[PRIMARY] as ShopPorts, PRIMARY, { metrics }).cart(change);
  expect(metrics.counts).toEqual({});
});

test("what was written with a receipt keeps out what the order had seen, although that arrives before the order", async () => {
  await put(PRIMARY, "gail", "mug");
  const ordered = await checkOut(PRIMARY, "gail", "k1", { mug: line() });
  const headers = { "cart-receipt": String(ordered.headers?.["cart-receipt"]) };
  const change = { user: "gail", path: { sku: "pan" }, body: line(), headers };
  await shop(STANDBY).cart(httpRequest("PUT /cart/items/{sku}", change));
  await tables.deliver(0, () => false); // The mug, and not the order that took it.
  expect(shownLines(await show(STANDBY, "gail"))).toEqual({ pan: 2 });
  await replicate();
  expect(await converged("gail")).toEqual({ pan: 2 });
});

test("however many orders the standby takes, what an order of the lost region had seen stays out of the cart", async () => {
  await put(PRIMARY, "gin", "mug");
  let { headers } = await checkOut(PRIMARY, "gin", "k0", { mug: line() });
  for (let order = 1; order <= 15; order += 1) {
    const receipt = { "cart-receipt": String(headers?.["cart-receipt"]) };
    const change = { user: "gin", path: { sku: "pan" }, body: line({ quantity: order }), headers: receipt };
    await shop(STANDBY).cart(httpRequest("PUT /cart/items/{sku}", change));
    const placing = { user: "gin", headers: { "idempotency-key": `k${order}`, ...receipt } };
    ({ headers } = await shop(STANDBY).checkout(httpRequest("POST /checkout", placing)));
  }
  await tables.deliver(
    0,
    () => false,
    ({ to }) => to === STANDBY,
  ); // The mug, and not the order that took it.
  expect(shownLines(await show(STANDBY, "gin"))).toEqual({});
});

test("a cart shown with a receipt has another version than one that still shows the ordered lines", async () => {
  await put(PRIMARY, "gwen", "pot");
  await replicate();
  await put(PRIMARY, "gwen", "mug");
  const ordered = await checkOut(PRIMARY, "gwen", "k1", { mug: line(), pot: line() });
  const headers = { "cart-receipt": String(ordered.headers?.["cart-receipt"]) };
  const without = bodyOf(await show(STANDBY, "gwen"))["version"];
  const version = bodyOf(await shop(STANDBY).cart(httpRequest("GET /cart", { user: "gwen", headers })))["version"];
  expect(version).not.toBe(without);
  const change = (expectedVersion: unknown) =>
    httpRequest("PUT /cart/items/{sku}", {
      ...{ user: "gwen", path: { sku: "pan" }, headers },
      body: { ...line(), expectedVersion },
    });
  expect((await shop(STANDBY).cart(change(without))).statusCode).toBe(409);
  const changed = await shop(STANDBY).cart(change(version));
  expect(changed.statusCode).toBe(200);
  expect(bodyOf(await shop(STANDBY).cart(httpRequest("GET /cart", { user: "gwen", headers })))).toEqual(
    bodyOf(changed),
  );
});

test("a key that has placed the order of a receipt places no other one", async () => {
  await put(PRIMARY, "gert", "mug");
  const ordered = await checkOut(PRIMARY, "gert", "k1", { mug: line() });
  const headers = { "cart-receipt": String(ordered.headers?.["cart-receipt"]) };
  const change = { user: "gert", path: { sku: "pan" }, body: line(), headers };
  await shop(STANDBY).cart(httpRequest("PUT /cart/items/{sku}", change));
  expect((await checkOut(STANDBY, "gert", "k1", { pan: line() })).statusCode).toBe(422);
});

test("a checkout with a receipt finds nothing left to sell", async () => {
  await put(PRIMARY, "gem", "mug");
  await replicate();
  const ordered = await checkOut(PRIMARY, "gem", "k1", { mug: line() });
  const headers = { "idempotency-key": "k2", "cart-receipt": String(ordered.headers?.["cart-receipt"]) };
  const refused = await shop(STANDBY).checkout(httpRequest("POST /checkout", { user: "gem", headers }));
  expect([refused.statusCode, bodyOf(refused)["type"]]).toEqual([409, expect.stringMatching(/cart-empty$/)]);
});

test("a receipt of more than seven days counts no more: the cart's numbers may have begun anew", async () => {
  const seen = { orderId: pendingOrder("gro", "k1").orderId, cartSeen: new Map([["us-east-1", 12]]) };
  await put(PRIMARY, "gro", "mug");
  const shownWith = async (ageMs: number) => {
    const order = { ...pendingOrder("gro", "k1", "us-east-1", NOW_MS - ageMs), ...seen };
    const request = httpRequest("GET /cart", { user: "gro", headers: receiptHeaders("gro", order) });
    return shownLines(await shop(PRIMARY).cart(request));
  };
  expect(await shownWith(7 * 86_400_000)).toEqual({});
  expect(await shownWith(7 * 86_400_000 + 1)).toEqual({ mug: 2 });
});

test("a receipt leaves in the cart what was set after the order", async () => {
  await put(PRIMARY, "gay", "mug");
  const ordered = await checkOut(PRIMARY, "gay", "k1", { mug: line() });
  await put(PRIMARY, "gay", "mug");
  const headers = { "cart-receipt": String(ordered.headers?.["cart-receipt"]) };
  expect(shownLines(await shop(PRIMARY).cart(httpRequest("GET /cart", { user: "gay", headers })))).toEqual({ mug: 2 });
});

test.each(["", "us-east-1=7", "us-east-1=7;0123456789abcdef", "us-east-1=x;0123456789abcdef", "of another user"])(
  "a receipt that no checkout of the user has answered is refused: %p",
  async (given) => {
    await put(PRIMARY, "guy", "mug");
    const others = await checkOut(PRIMARY, "guy", "k1", { mug: line() });
    const receipt = given === "of another user" ? String(others.headers?.["cart-receipt"]) : given;
    const response = await shop(PRIMARY).cart(
      httpRequest("GET /cart", { user: "ada", headers: { "cart-receipt": receipt } }),
    );
    expect([response.statusCode, bodyOf(response)["errors"]]).toEqual([
      400,
      [{ header: "cart-receipt", detail: "must be as a checkout of this user has answered it" }],
    ]);
  },
);
