import { GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDbCartStore } from "../../handlers/adapters/dynamodb-cart-store";
import { mergedCart, withLine, withoutOrder } from "../../handlers/domain/cart";
import { type CartLine, cartFingerprint, sortedLines } from "../../handlers/domain/cart-lines";
import { orderOf } from "../../handlers/domain/order";
import { orderIdOf } from "../../handlers/domain/order-id";
import type { RegionalCart } from "../../handlers/domain/regional-cart";
import type { HttpResponse } from "../../handlers/http-response";
import {
  bodyOf,
  httpRequest,
  line,
  pendingOrder,
  REGIONS,
  type RequestParts,
  recordedLog,
  recordedMetrics,
  regionalCart,
} from "./events";
import { CARTS, dynamoDbAt, LIMITS, ORDERS } from "./local-dynamodb";
import { answer, startServer, stopServers } from "./local-server";
import { GlobalTables, type Write } from "./world/global-tables";
import { QueueEmulator } from "./world/queue-emulator";
import { realPorts, type ShopPorts, type ShopProps, shopOver } from "./world/shop";
import { VendorDouble } from "./world/vendor-double";

// What becomes of a cart when a region is lost and returns. Nothing arrives in the other region before `replicate`.

const NOW_MS = 1_800_000_000_000;
const [PRIMARY, STANDBY] = [0, 1] as const;
const BOTH = [PRIMARY, STANDBY] as const;

let tables: GlobalTables;
let ports: readonly ShopPorts[];
let shops: ReadonlyArray<ReturnType<typeof shopOver>>;

beforeAll(async () => {
  tables = await GlobalTables.start();
  const queue = () => new QueueEmulator({ visibilityTimeoutMs: 1, maxReceiveCount: 1, retentionMs: 1 }, () => NOW_MS);
  ports = BOTH.map((region) => realPorts(tables, region, queue(), new VendorDouble(), recordedMetrics()));
  shops = ports.map((own, region) => shopWith(own, region));
});

function shopWith(own: ShopPorts, region: number, recording: Partial<Pick<ShopProps, "metrics" | "log">> = {}) {
  return shopOver(own, {
    ...{ region: `region-${region}`, peerRegion: `region-${1 - region}`, ownAgeSeconds: 1, takeoverAgeSeconds: 2 },
    ...{ nowMs: () => NOW_MS, metrics: recordedMetrics(), ...recording },
  });
}

afterAll(() => Promise.all([tables.stop(), stopServers()]));
beforeEach(() => tables.reset());

type Where = (typeof BOTH)[number];
const shop = (region: Where) => shops[region] as (typeof shops)[number];
const put = (region: Where, user: string, sku: string, body: CartLine & { expectedVersion?: number } = line()) =>
  shop(region).cart(httpRequest("PUT /cart/items/{sku}", { user, path: { sku }, body }));
const remove = (region: Where, user: string, sku: string) =>
  shop(region).cart(httpRequest("DELETE /cart/items/{sku}", { user, path: { sku } }));
const show = (region: Where, user: string) => shop(region).cart(httpRequest("GET /cart", { user }));
const checkoutOf = (user: string, key: string, lines: Record<string, CartLine>) =>
  httpRequest("POST /checkout", {
    user,
    headers: { "idempotency-key": key },
    body: { cartFingerprint: cartFingerprint(sortedLines(new Map(Object.entries(lines)))) },
  });
const checkOut = (region: Where, user: string, key: string, lines: Record<string, CartLine>) =>
  shop(region).checkout(checkoutOf(user, key, lines));
const replicate = () => tables.deliverAll();

const shownLines = (response: HttpResponse) => {
  const { lines } = bodyOf(response) as { lines: ReadonlyArray<CartLine & { sku: string }> };
  return Object.fromEntries(lines.map(({ sku, quantity }) => [sku, quantity]));
};

/** The cart as both regions show it, by SKU; they must not differ. */
async function converged(user: string): Promise<Record<string, number>> {
  const [primary, standby] = await Promise.all(BOTH.map((region) => show(region, user)));
  expect(bodyOf(standby as HttpResponse)).toEqual(bodyOf(primary as HttpResponse));
  return shownLines(primary as HttpResponse);
}

test("a change that the lost region had acknowledged is in the cart when it returns, beside those made meanwhile", async () => {
  await put(PRIMARY, "ada", "mug");
  await replicate();
  await put(PRIMARY, "ada", "pot"); // Acknowledged in the primary's last second.
  await put(STANDBY, "ada", "pan");
  expect(shownLines(await show(STANDBY, "ada"))).toEqual({ mug: 2, pan: 2 });
  await replicate();
  expect(await converged("ada")).toEqual({ mug: 2, pan: 2, pot: 2 });
});

test("after an hour of both regions writing apart, both show every line that nobody removed", async () => {
  await put(PRIMARY, "bea", "mug");
  await put(PRIMARY, "bea", "pot");
  await replicate();
  for (let minute = 0; minute < 60; minute += 1) {
    await put(PRIMARY, "bea", `east-${minute % 7}`, line({ quantity: 1 + minute }));
    await put(STANDBY, "bea", `west-${minute % 5}`, line({ quantity: 1 + minute }));
  }
  await remove(STANDBY, "bea", "mug");
  await remove(PRIMARY, "bea", "east-0");
  await replicate();
  const west = { "west-0": 56, "west-1": 57, "west-2": 58, "west-3": 59, "west-4": 60 };
  const east = { "east-1": 58, "east-2": 59, "east-3": 60, "east-4": 54, "east-5": 55, "east-6": 56 };
  expect(await converged("bea")).toEqual({ ...east, pot: 2, ...west });
});

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
async function placeOnly(region: Where, user: string, key: string, lines: Record<string, CartLine>): Promise<void> {
  const own = ports[region] as ShopPorts;
  const replace = () => Promise.reject(new Error("the function has ended"));
  const ending = shopWith({ ...own, carts: Object.assign(Object.create(own.carts), { replace }) }, region);
  expect((await ending.checkout(checkoutOf(user, key, lines))).statusCode).toBe(201);
}

/** Delivers writes of orders, and none of carts. */
async function replicateOrders(): Promise<void> {
  const isOrder = ({ tableName }: Write) => tableName === ORDERS;
  while (await tables.deliver(0, () => false, isOrder));
}

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
  expect((await shop(STANDBY).cart(change(version))).statusCode).toBe(200);
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

test("of two changes of one line that had not seen each other, the larger quantity stays in both regions", async () => {
  await put(PRIMARY, "gus", "mug", line({ quantity: 3 }));
  await put(STANDBY, "gus", "mug", line({ quantity: 5 }));
  await put(PRIMARY, "gus", "pot", line({ unitPriceMinor: 900 }));
  await put(STANDBY, "gus", "pot", line({ unitPriceMinor: 950 }));
  await replicate();
  expect(await converged("gus")).toEqual({ mug: 5, pot: 2 });
  expect(bodyOf(await show(PRIMARY, "gus"))).toMatchObject({ lines: [{ quantity: 5 }, { unitPriceMinor: 900 }] });
  await put(PRIMARY, "gus", "mug", line({ quantity: 1 })); // This one has seen both.
  await replicate();
  expect(await converged("gus")).toEqual({ mug: 1, pot: 2 });
});

test("a line that one region removed and the other set again, apart from each other, stays", async () => {
  await put(PRIMARY, "hal", "mug");
  await replicate();
  await remove(PRIMARY, "hal", "mug");
  await put(STANDBY, "hal", "mug", line({ quantity: 4 }));
  await replicate();
  expect(await converged("hal")).toEqual({ mug: 4 });
});

test("a version seen in one region does not pass in another that holds something else", async () => {
  const { version } = bodyOf(await put(PRIMARY, "ivy", "mug")) as { version: number };
  await put(STANDBY, "ivy", "pot"); // One change here, too.
  const stale = await put(STANDBY, "ivy", "pan", { ...line(), expectedVersion: version });
  expect(stale.statusCode).toBe(409);
  await replicate();
  const { version: merged } = bodyOf(await show(PRIMARY, "ivy")) as { version: number };
  expect(merged).toBeGreaterThan(version);
  expect((await put(STANDBY, "ivy", "pan", { ...line(), expectedVersion: merged })).statusCode).toBe(200);
});

/** An item as a table has it that was taken over from a single region. */
async function storeOneItem(user: string): Promise<void> {
  const mug = { quantity: { N: "2" }, unitPriceMinor: { N: "1250" }, currency: { S: "EUR" } };
  const Item = {
    userId: { S: user },
    version: { N: "7" },
    lines: { M: { mug: { M: mug }, pot: { M: mug } } },
    handedOver: { M: { orderId: { S: "an-order" }, lines: { L: [{ M: { sku: { S: "pan" }, ...mug } }] } } },
    updatedAtMs: { N: String(NOW_MS) },
    expiresAtSeconds: { N: "9999999999" },
  };
  await tables.clients[PRIMARY].send(new PutItemCommand({ TableName: CARTS, Item }));
}

test("an item from before carts were merged is shown with its version, changed, and never written again", async () => {
  await storeOneItem("jon");
  await replicate();
  expect(bodyOf(await show(STANDBY, "jon"))).toMatchObject({ version: 7, lines: [{ sku: "mug" }, { sku: "pot" }] });
  expect((await put(PRIMARY, "jon", "pan", { ...line(), expectedVersion: 7 })).statusCode).toBe(200);
  await remove(PRIMARY, "jon", "mug");
  await replicate();
  expect(await converged("jon")).toEqual({ pan: 2, pot: 2 });
  const stored = new GetItemCommand({ TableName: CARTS, Key: { userId: { S: "jon" } } });
  for (const region of BOTH) {
    const { Item } = await tables.clients[region].send(stored);
    expect(Object.keys(Item?.["lines"]?.M ?? {})).toEqual(["mug", "pot"]);
  }
  const [items] = await Promise.all(ports.map(({ carts }) => carts.read("jon")));
  expect(mergedCart("jon", items ?? [], NOW_MS).handedOver).toMatchObject([{ orderId: "an-order" }]);
});

test("a change by the old code, while the new one is being deployed, is not lost either", async () => {
  await storeOneItem("kay");
  await put(PRIMARY, "kay", "pan");
  const version = "8";
  const pot = { quantity: { N: "6" }, unitPriceMinor: { N: "1250" }, currency: { S: "EUR" } };
  const Item = {
    userId: { S: "kay" },
    version: { N: version },
    lines: { M: { pot: { M: pot } } },
    // Its latest order, of before, was for the same pan that has been put in since.
    handedOver: {
      M: {
        orderId: { S: "an-order" },
        lines: {
          L: [
            { M: { sku: { S: "pan" }, quantity: { N: "2" }, unitPriceMinor: { N: "1250" }, currency: { S: "EUR" } } },
          ],
        },
      },
    },
    updatedAtMs: { N: String(NOW_MS) },
    expiresAtSeconds: { N: "9999999999" },
  };
  await tables.clients[PRIMARY].send(new PutItemCommand({ TableName: CARTS, Item }));
  expect(shownLines(await show(PRIMARY, "kay"))).toEqual({ pan: 2, pot: 6 });
});

const writing = { ...REGIONS, ttlDays: 90 };

/** A cart from which so many orders were taken, an hour apart, while the other region has seen none. */
function afterOrders(count: number): RegionalCart {
  let items: RegionalCart[] = [];
  for (let index = 0; index < count; index += 1) {
    const nowMs = NOW_MS + index * 3_600_000;
    const filled = withLine(mergedCart("lea", items, nowMs), "mug", line({ quantity: 1 + index }), {
      ...writing,
      nowMs,
    });
    const cart = mergedCart("lea", [filled], nowMs);
    const order = { orderId: `order-${index}`, lines: sortedLines(cart.lines), cartSeen: cart.state.seen };
    items = [withoutOrder(cart, order, true, { ...writing, nowMs }) as RegionalCart];
  }
  return items[0] as RegionalCart;
}

test("a region remembers ten orders and the latest while another has not seen them, for a day", () => {
  expect(afterOrders(15).handedOver.map(({ orderId }) => orderId)).toEqual(
    Array.from({ length: 11 }, (_, index) => `order-${index + 4}`),
  );
  const later = NOW_MS + 48 * 3_600_000;
  const changed = withLine(mergedCart("lea", [afterOrders(15)], later), "pot", line(), { ...writing, nowMs: later });
  expect(changed.handedOver.map(({ orderId }) => orderId)).toEqual(["order-14"]);
});

test("of two currencies of one line that had not seen each other, the first in the alphabet stays", async () => {
  await put(PRIMARY, "lin", "mug", line({ currency: "USD" }));
  await put(STANDBY, "lin", "mug", line({ currency: "EUR" }));
  await replicate();
  await converged("lin");
  expect(bodyOf(await show(STANDBY, "lin"))).toMatchObject({ lines: [{ sku: "mug", currency: "EUR" }] });
});

test("a cart lives as long as one region's item, and once none does, its lines are gone for good", () => {
  const expired = { expiresAtSeconds: NOW_MS / 1_000 };
  const [own, peer] = [
    regionalCart("lou", { mug: line() }),
    regionalCart("lou", { pot: line() }, { region: "us-west-2" }),
  ];
  const shown = (...items: RegionalCart[]) => [...mergedCart("lou", items, NOW_MS).lines.keys()].sort();
  expect(shown(own, { ...peer, ...expired })).toEqual(["mug", "pot"]);
  expect(shown({ ...own, ...expired }, { ...peer, ...expired })).toEqual([]);
  const empty = mergedCart(
    "lou",
    [
      { ...own, ...expired },
      { ...peer, ...expired },
    ],
    NOW_MS,
  );
  const next = withLine(empty, "pan", line(), { ...writing, nowMs: NOW_MS });
  expect(shown(next, { ...peer, ...expired })).toEqual(["pan"]);
});

test("a cart that is changed while its answer is lost is not changed twice, also where its item was deleted before", async () => {
  const peer = regionalCart(
    "lys",
    {},
    {
      region: "us-west-2",
      seen: new Map([
        ["us-west-2", 1],
        ["us-east-1", 4],
      ]),
    },
  );
  const { carts } = ports[PRIMARY] as ShopPorts;
  let stored: RegionalCart[] = [peer];
  const losing = Object.assign(Object.create(carts), {
    read: async () => stored,
    replace: async (cart: RegionalCart) => {
      stored = [peer, cart];
      return false;
    },
  });
  const { version } = mergedCart("lys", stored, NOW_MS);
  const body = { ...line(), expectedVersion: version };
  const request = httpRequest("PUT /cart/items/{sku}", { user: "lys", path: { sku: "mug" }, body });
  expect((await shopWith({ ...(ports[PRIMARY] as ShopPorts), carts: losing }, PRIMARY).cart(request)).statusCode).toBe(
    200,
  );
});

test("a region whose item has expired and was deleted goes on counting where others have seen it", () => {
  const peer = regionalCart(
    "liv",
    {},
    {
      region: "us-west-2",
      seen: new Map([
        ["us-west-2", 4],
        ["us-east-1", 9],
      ]),
    },
  );
  const next = withLine(mergedCart("liv", [peer], NOW_MS), "mug", line(), { ...writing, nowMs: NOW_MS });
  expect(next.seen.get("us-east-1")).toBe(10);
});

describe("when DynamoDB leaves items out of its answer", () => {
  const key = (suffix: string) => ({ userId: { S: `ada${suffix}` } });

  test("they are asked for again", async () => {
    const server = await startServer(({ body }, response) => {
      const asked = (body as { RequestItems: Record<string, { Keys: unknown[] }> }).RequestItems[CARTS]?.Keys.length;
      const left = asked === 3 ? { [CARTS]: { Keys: [key("→us-west-2")], ConsistentRead: true } } : {};
      answer(response, 200, { Responses: { [CARTS]: [] }, UnprocessedKeys: left });
    });
    await new DynamoDbCartStore(dynamoDbAt(server.endpoint), CARTS, REGIONS).read("ada");
    const keys = server.requests.map(
      ({ body }) => (body as { RequestItems: Record<string, { Keys: unknown }> }).RequestItems[CARTS]?.Keys,
    );
    expect(keys.slice(1)).toEqual([[key("→us-west-2")]]);
  });

  test("again and again, the request is answered with 503", async () => {
    const server = await startServer(({ body }, response) =>
      answer(response, 200, { Responses: {}, UnprocessedKeys: (body as { RequestItems: object }).RequestItems }),
    );
    const carts = new DynamoDbCartStore(dynamoDbAt(server.endpoint, { ...LIMITS, maxAttempts: 1 }), CARTS, REGIONS);
    const throttled = shopWith({ ...(ports[PRIMARY] as ShopPorts), carts }, PRIMARY);
    expect((await throttled.cart(httpRequest("GET /cart", { user: "ada" }))).statusCode).toBe(503);
    expect(server.requests).toHaveLength(4);
  });
});
