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

/** Receives what happens on a client's journey. */
export interface ShoppingWatcher {
  readonly onOrder: (order: AcknowledgedOrder) => void;
  /** A checkout ended without an acknowledged order, but one of its requests was not answered and may have placed one. */
  readonly onOpenCheckout: (userId: string) => void;
  /** An acknowledged checkout was retried with its idempotency key in the same region; the answer must be the same order. */
  readonly onRepeat: (isSameOrder: boolean) => void;
}

/** One in so many acknowledged checkouts is retried, as a client does that missed the answer. */
const REPEATING_SHARE = 4;

/** One round of requests of one client; resolves when the round is over. */
export type Journey = (customer: Customer, signal: AbortSignal) => Promise<void>;

const PUT_ITEM = "PUT /cart/items/{sku}";
const CHECKOUT = "POST /checkout";
const SHOW_ORDER = "GET /orders/{orderId}";

export interface Thinking {
  readonly least: number;
  readonly most: number;
}

/** Wall milliseconds between two requests of a client. */
const THINKING_MS: Thinking = { least: 100, most: 400 };

/** Whether the declared routes include a checkout. */
export function hasCheckout(topology: Topology): boolean {
  const routeKeys = routeKeysOf(topology);
  return [PUT_ITEM, CHECKOUT, SHOW_ORDER].every((key) => routeKeys.has(key));
}

function routeKeysOf({ regions }: Topology): ReadonlySet<string> {
  return new Set(regions.flatMap(({ apis }) => apis.flatMap(({ routes }) => routes.map(({ routeKey }) => routeKey))));
}

/**
 * A journey for the declared routes: the checkout if there is one, otherwise each GET route without parameters.
 * @throws {DeclarationError} if no declared route can be requested
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
  // Another region may not have received the order yet.
  if (answer === undefined || customer.region !== before) return;
  onRepeat(answer.statusCode < 300 && (JSON.parse(answer.body) as AcknowledgedOrder).orderId === orderId);
}

/** Waits between requests in wall time: the load on the machine must not grow with the drill's speed. */
async function think({ props: { random } }: Customer, { least, most }: Thinking, signal: AbortSignal): Promise<void> {
  const ms = least + random() * (most - least);
  await setTimeout(ms, undefined, { signal }).catch(() => {}); // Aborted: nobody has anything more to think about.
}
