import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { DeclarationError } from "../../terraform-json/errors";
import type { Topology } from "../../topology/topology";
import type { Customer, Operation } from "./customer";

/** An order that the service has acknowledged to a customer. */
export interface AcknowledgedOrder {
  readonly orderId: string;
  readonly totalMinor: number;
  readonly currency: string;
  /** Declared milliseconds since the drill began. */
  readonly acknowledgedAtMs: number;
}

/** What a journey tells whoever watches. */
export interface ShoppingWatcher {
  readonly onOrder: (order: AcknowledgedOrder) => void;
  /** A checkout ended without an order, but a request of it went unanswered and may have placed one. */
  readonly onOpenCheckout: (userId: string) => void;
  /** A checkout that was acknowledged has been repeated under its key, in the same region; the answer should be the same order. */
  readonly onRepeat: (isSameOrder: boolean) => void;
}

/** One of so many acknowledged checkouts is repeated, as clients do that have missed the answer. */
const REPEATING_SHARE = 4;

/** What one round through the API is, for one customer; resolves when the round is over. */
export type Journey = (customer: Customer, signal: AbortSignal) => Promise<void>;

const PUT_ITEM = "PUT /cart/items/{sku}";
const CHECKOUT = "POST /checkout";
const SHOW_ORDER = "GET /orders/{orderId}";

export interface Thinking {
  readonly least: number;
  readonly most: number;
}

/** Wall milliseconds between two requests of a customer. */
const THINKING_MS: Thinking = { least: 100, most: 400 };

/** Whether the declared routes are those of a checkout, which customers can shop through. */
export function hasCheckout(topology: Topology): boolean {
  const routeKeys = routeKeysOf(topology);
  return [PUT_ITEM, CHECKOUT, SHOW_ORDER].every((key) => routeKeys.has(key));
}

function routeKeysOf({ regions }: Topology): ReadonlySet<string> {
  return new Set(regions.flatMap(({ apis }) => apis.flatMap(({ routes }) => routes.map(({ routeKey }) => routeKey))));
}

/**
 * A journey that fits the declared routes: a checkout, where there is one; else each route that can be read without knowing anything.
 * @throws {DeclarationError} if no route can be asked
 */
export function journeyFor(topology: Topology, watcher: ShoppingWatcher, thinking: Thinking = THINKING_MS): Journey {
  if (hasCheckout(topology)) return shopping(watcher, thinking);
  const readable = [...routeKeysOf(topology)].filter((key) => /^GET [^{]*$/.test(key));
  if (readable.length === 0)
    throw new DeclarationError("routes: the drill needs the checkout's routes, or one GET route without parameters");
  return async (customer, signal) => {
    for (const name of readable) {
      await customer.persist({ name, method: "GET", path: name.slice(4) }, signal);
      await think(customer, thinking, signal);
    }
  };
}

function shopping({ onOrder, onOpenCheckout, onRepeat }: ShoppingWatcher, thinking: Thinking): Journey {
  return async (customer, signal) => {
    const { random, pace } = customer.props;
    const quantity = 1 + Math.floor(random() * 3);
    const item = { quantity, unitPriceMinor: 500 + Math.floor(random() * 5_000), currency: "EUR" };
    const sku = `sku-${Math.floor(random() * 5)}`;
    const cart = await customer.persist(
      { name: PUT_ITEM, method: "PUT", path: `/cart/items/${sku}`, body: item },
      signal,
    );
    await think(customer, thinking, signal);
    if (cart === undefined || signal.aborted) return;
    const { fingerprint } = JSON.parse(cart.body) as { fingerprint?: string };
    const placing: Operation = {
      name: CHECKOUT,
      method: "POST",
      path: "/checkout",
      headers: { "idempotency-key": randomUUID() },
      ...(fingerprint === undefined ? {} : { body: { cartFingerprint: fingerprint } }),
    };
    const before = customer.unacknowledged;
    const placed = await customer.persist(placing, signal);
    if (placed === undefined || placed.statusCode >= 300) {
      if (customer.unacknowledged > before) onOpenCheckout(customer.props.userId);
      return;
    }
    const { orderId, totalMinor, currency } = JSON.parse(placed.body) as AcknowledgedOrder;
    onOrder({ orderId, totalMinor, currency, acknowledgedAtMs: pace.nowMs() });
    if (random() * REPEATING_SHARE < 1) await repeat(customer, placing, orderId, signal, onRepeat);
    await think(customer, thinking, signal);
    await customer.persist({ name: SHOW_ORDER, method: "GET", path: `/orders/${orderId}` }, signal);
    await think(customer, thinking, signal);
  };
}

async function repeat(
  customer: Customer,
  placing: Operation,
  orderId: string,
  signal: AbortSignal,
  onRepeat: ShoppingWatcher["onRepeat"],
): Promise<void> {
  const before = customer.region;
  const answer = await customer.persist(placing, signal);
  // Another region may not have heard of the order yet, and then says so.
  if (answer === undefined || customer.region !== before) return;
  onRepeat(answer.statusCode < 300 && (JSON.parse(answer.body) as AcknowledgedOrder).orderId === orderId);
}

/** Thinking is not compressed: how much a machine can bear does not grow with the drill's speed. */
async function think({ props: { random } }: Customer, { least, most }: Thinking, signal: AbortSignal): Promise<void> {
  const ms = least + random() * (most - least);
  await setTimeout(ms, undefined, { signal }).catch(() => {}); // Aborted: nobody has anything more to think about.
}
