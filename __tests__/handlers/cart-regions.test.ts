import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDbCartStore } from "../../handlers/adapters/dynamodb-cart-store";
import { mergedCart, withLine, withoutOrder } from "../../handlers/domain/cart";
import { sortedLines } from "../../handlers/domain/cart-lines";
import type { RegionalCart } from "../../handlers/domain/regional-cart";
import { bodyOf, httpRequest, line, REGIONS, regionalCart } from "./events";
import { CARTS, dynamoDbAt, LIMITS } from "./local-dynamodb";
import { answer, startServer, stopServers } from "./local-server";
import type { ShopPorts } from "./world/shop";
import {
  BOTH,
  converged,
  NOW_MS,
  PRIMARY,
  ports,
  put,
  remove,
  replicate,
  STANDBY,
  shopWith,
  show,
  shownLines,
  storeOneItem,
  tables,
  useTwoRegions,
} from "./world/two-regions";

// What becomes of a cart when a region is lost and returns.

useTwoRegions();
afterAll(stopServers);

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
function afterOrders(count: number, linesEach = 1): RegionalCart {
  let items: RegionalCart[] = [];
  for (let index = 0; index < count; index += 1) {
    const nowMs = NOW_MS + index * 3_600_000;
    for (let sku = 0; sku < linesEach; sku += 1) {
      const cart = mergedCart("lea", items, nowMs);
      items = [withLine(cart, `sku-${sku}`, line({ quantity: 1 + index }), { ...writing, nowMs })];
    }
    const cart = mergedCart("lea", items, nowMs);
    const order = { orderId: `order-${index}`, lines: sortedLines(cart.lines), cartSeen: cart.state.seen };
    items = [withoutOrder(cart, order, true, { ...writing, nowMs }) as RegionalCart];
  }
  return items[0] as RegionalCart;
}

test("a region remembers orders of a hundred lines and the latest while another has not seen them, for a day", () => {
  const remembered = (orders: number, linesEach: number) =>
    afterOrders(orders, linesEach).handedOver.map(({ orderId }) => orderId);
  expect(remembered(15, 1)).toHaveLength(15);
  expect(remembered(8, 30)).toEqual(["order-4", "order-5", "order-6", "order-7"]);
  expect(remembered(4, 100)).toEqual(["order-2", "order-3"]);
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
