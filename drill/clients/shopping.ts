import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { HttpAnswer } from "../../local-aws/https-client/connection";
import { DeclarationError } from "../../terraform-json/errors";
import type { Topology } from "../../topology/topology";
import type { RequestRecord } from "../measure/history";
import type { CartLine, CartPut } from "../measure/lost-puts";
import type { Customer, Operation } from "./customer";

/** An order that the service has acknowledged to a customer. */
export interface AcknowledgedOrder {
  readonly orderId: string;
  readonly userId: string;
  /** Region of the connection. */
  readonly region: string;
  readonly totalMinor: number;
  readonly currency: string;
  /** Declared milliseconds since the drill began. */
  readonly acknowledgedAtMs: number;
}

/** Receives what happens on a client's journey. */
export interface ShoppingWatcher {
  /** A cart line was sent, with an answer or without. */
  readonly onPut: (put: CartPut) => void;
  readonly onOrder: (order: AcknowledgedOrder) => void;
  /** A checkout ended without an acknowledged order, but one of its requests was not answered and may have placed one. */
  readonly onOpenCheckout: (userId: string) => void;
  /** An acknowledged checkout was retried with its idempotency key in the same region; the answer must be the same order. */
  readonly onRepeat: (isSameOrder: boolean) => void;
}

/** One in so many acknowledged checkouts is retried, as a client does that missed the answer. */
const REPEATING_SHARE = 4;

/** One in so many rounds puts a second line into the cart. */
const SECOND_LINE_SHARE = 3;
/** So many that the next put of the same SKU seldom hides a lost line. */
const SKUS = 40;

/** One round of requests of one client; resolves when the round is over. */
export type Journey = (customer: Customer, signal: AbortSignal) => Promise<void>;

const PUT_ITEM = "PUT /cart/items/{sku}";
const CHECKOUT = "POST /checkout";
const SHOW_ORDER = "GET /orders/{orderId}";

export interface Thinking {
  readonly least: number;
  readonly most: number;
}

/** How a client shops. */
export interface Habits {
  /** Wall milliseconds between two requests. */
  readonly thinkingMs: Thinking;
  /** SKUs are this with a number. Devices of one user have different ones. */
  readonly skuPrefix: string;
  /** One in so many rounds ends without a checkout, so that the cart has lines when a region is lost. */
  readonly leavingShare: number;
}

export const USUAL_HABITS: Habits = { thinkingMs: { least: 100, most: 400 }, skuPrefix: "sku-", leavingShare: 6 };
/**
 * Slower: it adds to the load of a drill in which no request may fail. It only puts lines: two devices that order in regions that cannot see
 * each other know nothing of each other's orders, and buy the same lines twice.
 */
export const SECOND_DEVICE_HABITS: Habits = {
  thinkingMs: { least: 300, most: 900 },
  skuPrefix: "sku-b",
  leavingShare: 1,
};

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
export function journeyFor(topology: Topology, watcher: ShoppingWatcher, habits: Habits = USUAL_HABITS): Journey {
  if (hasCheckout(topology)) return shopping(watcher, habits);
  const readable = [...routeKeysOf(topology)].filter((key) => /^GET [^{]*$/.test(key));
  if (readable.length === 0)
    throw new DeclarationError("routes: the drill needs the checkout's routes, or one GET route without parameters");
  return async (customer, signal) => {
    for (const name of readable) {
      await customer.persist({ name, method: "GET", path: name.slice(4) }, signal);
      await think(customer, habits, signal);
    }
  };
}

function shopping(watcher: ShoppingWatcher, habits: Habits): Journey {
  return async (customer, signal) => {
    const { random } = customer.props;
    const lines = random() * SECOND_LINE_SHARE < 1 ? 2 : 1;
    let cart: HttpAnswer | undefined;
    for (let line = 0; line < lines; line += 1) {
      cart = await putLine(customer, habits.skuPrefix, signal, watcher.onPut);
      await think(customer, habits, signal);
      if (cart === undefined || signal.aborted) return;
    }
    if (cart === undefined || random() * habits.leavingShare < 1) return;
    const orderId = await checkOut(customer, cart, signal, watcher);
    if (orderId === undefined) return;
    await think(customer, habits, signal);
    await customer.persist({ name: SHOW_ORDER, method: "GET", path: `/orders/${orderId}` }, signal);
    await think(customer, habits, signal);
  };
}

/** @returns the cart after it */
function putLine(
  customer: Customer,
  skuPrefix: string,
  signal: AbortSignal,
  onPut: ShoppingWatcher["onPut"],
): Promise<HttpAnswer | undefined> {
  const { random, newPriceMinor, userId } = customer.props;
  const quantity = 1 + Math.floor(random() * 3);
  const body = { quantity, unitPriceMinor: newPriceMinor(), currency: "EUR" };
  const sku = `${skuPrefix}${Math.floor(random() * SKUS)}`;
  const putting: Operation = { name: PUT_ITEM, method: "PUT", path: `/cart/items/${sku}`, body };
  return customer.persist(putting, signal, (request) => {
    const put = putOf(userId, { sku, ...body }, request);
    if (put !== undefined) onPut(put);
  });
}

/** What a request put into the cart, as its client knows; undefined when it cannot have reached the service. */
function putOf(userId: string, line: CartLine, request: RequestRecord): CartPut | undefined {
  const { region, startedAtMs, endedAtMs, outcome, statusCode } = request;
  if (region === undefined || (outcome === "failed" && statusCode === undefined)) return undefined;
  const isDone = statusCode !== undefined && statusCode < 300;
  return { userId, ...line, region, startedAtMs, ...(isDone ? { acknowledgedAtMs: endedAtMs } : {}) };
}

/** @returns the id of the order; undefined when none was acknowledged */
async function checkOut(
  customer: Customer,
  cart: HttpAnswer,
  signal: AbortSignal,
  { onOrder, onOpenCheckout, onRepeat }: ShoppingWatcher,
): Promise<string | undefined> {
  const { random, pace, userId } = customer.props;
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
    if (customer.unacknowledged > before) onOpenCheckout(userId);
    return undefined;
  }
  const { orderId, totalMinor, currency } = JSON.parse(placed.body) as AcknowledgedOrder;
  const { region = "" } = customer;
  onOrder({ orderId, userId, region, totalMinor, currency, acknowledgedAtMs: pace.nowMs() });
  if (random() * REPEATING_SHARE < 1) await repeat(customer, placing, orderId, signal, onRepeat);
  return orderId;
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
async function think({ props: { random } }: Customer, { thinkingMs }: Habits, signal: AbortSignal): Promise<void> {
  const { least, most } = thinkingMs;
  const ms = least + random() * (most - least);
  await setTimeout(ms, undefined, { signal }).catch(() => {}); // Aborted: nobody has anything more to think about.
}
