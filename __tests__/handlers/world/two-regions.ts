import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type CartLine, cartFingerprint, sortedLines } from "../../../handlers/domain/cart-lines";
import type { HttpResponse } from "../../../handlers/http-response";
import { bodyOf, httpRequest, line, recordedMetrics } from "../events";
import { CARTS, ORDERS } from "../local-dynamodb";
import { GlobalTables, type Write } from "./global-tables";
import { QueueEmulator } from "./queue-emulator";
import { realPorts, type ShopPorts, type ShopProps, shopOver } from "./shop";
import { VendorDouble } from "./vendor-double";

export const NOW_MS = 1_800_000_000_000;
export const [PRIMARY, STANDBY] = [0, 1] as const;
export const BOTH = [PRIMARY, STANDBY] as const;

export let tables: GlobalTables;
export let ports: readonly ShopPorts[];
let shops: ReadonlyArray<ReturnType<typeof shopOver>>;

/** One shop in two regions, for the tests of one file. Nothing arrives in the other region before {@link replicate}. */
export function useTwoRegions(): void {
  beforeAll(openShops);
  beforeEach(() => tables.reset());
  afterAll(() => tables.stop());
}

async function openShops(): Promise<void> {
  tables = await GlobalTables.start();
  const queue = () => new QueueEmulator({ visibilityTimeoutMs: 1, maxReceiveCount: 1, retentionMs: 1 }, () => NOW_MS);
  ports = BOTH.map((region) => realPorts(tables, region, queue(), new VendorDouble(), recordedMetrics()));
  shops = ports.map((own, region) => shopWith(own, region));
}

export function shopWith(own: ShopPorts, region: number, recording: Partial<Pick<ShopProps, "metrics" | "log">> = {}) {
  return shopOver(own, {
    ...{ region: `region-${region}`, peerRegion: `region-${1 - region}`, ownAgeSeconds: 1, takeoverAgeSeconds: 2 },
    ...{ nowMs: () => NOW_MS, metrics: recordedMetrics(), ...recording },
  });
}

export type Where = (typeof BOTH)[number];
export const shop = (region: Where) => shops[region] as (typeof shops)[number];
export const put = (region: Where, user: string, sku: string, body: CartLine & { expectedVersion?: number } = line()) =>
  shop(region).cart(httpRequest("PUT /cart/items/{sku}", { user, path: { sku }, body }));
export const remove = (region: Where, user: string, sku: string) =>
  shop(region).cart(httpRequest("DELETE /cart/items/{sku}", { user, path: { sku } }));
export const show = (region: Where, user: string) => shop(region).cart(httpRequest("GET /cart", { user }));
export const checkoutOf = (user: string, key: string, lines: Record<string, CartLine>) =>
  httpRequest("POST /checkout", {
    user,
    headers: { "idempotency-key": key },
    body: { cartFingerprint: cartFingerprint(sortedLines(new Map(Object.entries(lines)))) },
  });
export const checkOut = (region: Where, user: string, key: string, lines: Record<string, CartLine>) =>
  shop(region).checkout(checkoutOf(user, key, lines));
export const replicate = () => tables.deliverAll();

export const shownLines = (response: HttpResponse) => {
  const { lines } = bodyOf(response) as { lines: ReadonlyArray<CartLine & { sku: string }> };
  return Object.fromEntries(lines.map(({ sku, quantity }) => [sku, quantity]));
};

/** The cart as both regions show it, by SKU; they must not differ. */
export async function converged(user: string): Promise<Record<string, number>> {
  const [primary, standby] = await Promise.all(BOTH.map((region) => show(region, user)));
  expect(bodyOf(standby as HttpResponse)).toEqual(bodyOf(primary as HttpResponse));
  return shownLines(primary as HttpResponse);
}

export async function placeOnly(
  region: Where,
  user: string,
  key: string,
  lines: Record<string, CartLine>,
): Promise<void> {
  const own = ports[region] as ShopPorts;
  const replace = () => Promise.reject(new Error("the function has ended"));
  const ending = shopWith({ ...own, carts: Object.assign(Object.create(own.carts), { replace }) }, region);
  expect((await ending.checkout(checkoutOf(user, key, lines))).statusCode).toBe(201);
}

/** Delivers writes of orders, and none of carts. */
export async function replicateOrders(): Promise<void> {
  const isOrder = ({ tableName }: Write) => tableName === ORDERS;
  while (await tables.deliver(0, () => false, isOrder));
}

export async function storeOneItem(user: string): Promise<void> {
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
