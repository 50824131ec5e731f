import { receiptHeaders, receiptOf } from "../cart-receipt";
import { type Cart, mergedCart, type Receipt, storedNumber, withoutOrder } from "../domain/cart";
import { RequestError } from "../domain/errors";
import { idempotencyKeyReused, intendedBy, type Order, orderOf } from "../domain/order";
import { orderIdOf } from "../domain/order-id";
import { reportDoubleSales } from "../double-sales";
import { type HttpHandler, makeHttpHandler, type RequestContext } from "../http-handler";
import { type HttpRequest, jsonBody, userOf } from "../http-request";
import { jsonResponse } from "../http-response";
import { errorFields, type Log } from "../log";
import type { CartStore, Metrics, OrderStore, PaymentQueue, Placement } from "../ports";
import { checkoutBody, idempotencyKeyHeader, noQuery, parse } from "../request-schemas";
import { orderView } from "./order";

export interface CheckoutDependencies {
  readonly carts: CartStore;
  readonly orders: OrderStore;
  readonly queue: PaymentQueue;
  readonly region: string;
  readonly cartTtlDays: number;
  readonly nowMs: () => number;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What one request asks for. */
interface Checkout {
  readonly userId: string;
  readonly orderId: string;
  /** Fingerprint of the cart that the customer saw, if the client tells it. */
  readonly seenFingerprint: string | undefined;
  /** The customer's order before, if the client tells of it. */
  readonly receipt: Receipt | undefined;
}

/**
 * Places the order for what is in the cart. The conditional write decides, so that requests at the same moment still make one order;
 * once it is done the order stands, and the two steps after it (enqueue, empty the cart) may fail without harm.
 */
export function makeCheckoutHandler(dependencies: CheckoutDependencies): HttpHandler {
  return makeHttpHandler(dependencies.log, async (request, context) => {
    const checkout = checkoutOf(request, dependencies.nowMs());
    const { userId, orderId } = checkout;
    const cart = await readCart(dependencies, checkout);
    const placement = await place(dependencies, checkout, cart, context.correlationId);
    const { order, created } = placement;
    if (created) {
      dependencies.metrics.count("OrdersAccepted");
      context.log("INFO", "order-placed", { orderId });
    }
    await Promise.all([
      enqueueUnpaid(dependencies, order, context),
      handOver(dependencies, checkout, placement, cart, context),
    ]);
    return jsonResponse(created ? 201 : 200, orderView(order), {
      location: `/orders/${orderId}`,
      ...receiptHeaders(userId, order),
    });
  });
}

async function readCart({ carts, nowMs }: CheckoutDependencies, { userId, receipt }: Checkout): Promise<Cart> {
  return mergedCart(userId, await carts.read(userId), nowMs(), receipt);
}

function checkoutOf(request: HttpRequest, nowMs: number): Checkout {
  const userId = userOf(request);
  parse(noQuery, request.queryStringParameters ?? {}, "query");
  const key = parse(idempotencyKeyHeader, request.headers["idempotency-key"]?.trim(), { header: "idempotency-key" });
  const body = jsonBody(request);
  const { cartFingerprint } = parse(checkoutBody, body === undefined ? {} : body, "body");
  return {
    userId,
    orderId: orderIdOf(userId, key),
    seenFingerprint: cartFingerprint,
    receipt: receiptOf(request, userId, nowMs),
  };
}

/** Writes the order, or finds the one that this key has placed before. */
async function place(
  { orders, region, nowMs }: CheckoutDependencies,
  checkout: Checkout,
  cart: Cart,
  correlationId: string,
): Promise<Placement> {
  const { userId, orderId, seenFingerprint } = checkout;
  const intended = intendedBy(cart, orderId, seenFingerprint);
  if (intended === undefined || intended.lines.length === 0) {
    return { order: await standingOrder(orders, checkout, cart), created: false };
  }
  const order = orderOf(intended, { orderId, userId, region, correlationId, nowMs: nowMs() });
  const placed = await orders.place(order);
  if (placed.order.cartFingerprint !== order.cartFingerprint) throw idempotencyKeyReused(orderId);
  return placed;
}

/** The order that a repeat asks for when the cart has moved on; there must be one, and it must hold what the customer saw. */
async function standingOrder(orders: OrderStore, { orderId, seenFingerprint }: Checkout, cart: Cart): Promise<Order> {
  const standing = await orders.read(orderId);
  const members = { currentVersion: cart.version, ...(standing === undefined ? {} : { orderId }) };
  if (seenFingerprint === undefined || (standing === undefined && cart.lines.size === 0)) {
    const since = standing === undefined ? "put an item into it first" : `this key has placed order ${orderId} before`;
    throw new RequestError("cart-empty", `the cart is empty; ${since}`, members);
  }
  if (standing === undefined) {
    throw new RequestError(
      "cart-changed",
      "the cart does not hold what 'cartFingerprint' says; read it again",
      members,
    );
  }
  if (standing.cartFingerprint !== seenFingerprint) throw idempotencyKeyReused(orderId);
  return standing;
}

/**
 * The order stands whether or not its id reaches the queue: the sweep finds what was not sent. A repeated request sends
 * again, because the first may have ended before it could, or in a region that is gone; the worker skips what is paid.
 */
async function enqueueUnpaid({ queue }: CheckoutDependencies, order: Order, { log }: RequestContext): Promise<void> {
  if (order.status !== "PENDING_PAYMENT") return;
  try {
    await queue.send(order.orderId);
  } catch (error) {
    log("WARN", "order-not-enqueued", { orderId: order.orderId, ...errorFields(error) });
  }
}

/**
 * Takes what was ordered out of the cart and leaves a note of it there. Should this fail, a repeat does it. Lines that were put in or
 * changed since, here or in another region, are for another order.
 */
async function handOver(
  dependencies: CheckoutDependencies,
  checkout: Checkout,
  { order, created }: Placement,
  read: Cart,
  { log }: RequestContext,
): Promise<void> {
  const { carts, cartTtlDays: ttlDays, nowMs, metrics } = dependencies;
  const { orderId } = order;
  const { region, peerRegions } = carts;
  try {
    let cart = read;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      if (attempt > 0) cart = await readCart(dependencies, checkout);
      const changed = withoutOrder(cart, order, created, { region, peerRegions, ttlDays, nowMs: nowMs() });
      if (changed === undefined) return;
      if (await carts.replace(changed, storedNumber(cart, region)))
        return reportDoubleSales(cart, region, metrics, log);
      metrics.count("CartConflicts");
    }
    log("WARN", "cart-not-emptied", { orderId, errorMessage: "the cart is being changed by other requests" });
  } catch (error) {
    log("WARN", "cart-not-emptied", { orderId, ...errorFields(error) });
  }
}
