import { currentCart } from "../domain/cart";
import { ConflictError, IdempotencyKeyReusedError } from "../domain/errors";
import { orderOf } from "../domain/order";
import { orderIdOf, parseIdempotencyKey } from "../domain/order-id";
import { userOf } from "../http-request";
import { answeringErrors, type HttpHandler, jsonResponse } from "../http-response";
import { errorFields, type Log } from "../log";
import type { CartStore, OrderStore, PaymentQueue } from "../ports";
import { orderView } from "./order";

export interface CheckoutDependencies {
  readonly carts: CartStore;
  readonly orders: OrderStore;
  readonly queue: PaymentQueue;
  readonly region: string;
  readonly nowMs: () => number;
  readonly log: Log;
}

/**
 * Places the order for what is in the cart. The cart is read first, and not the order: only the cart can tell whether a
 * repeated key repeats the request (200, the same order) or means something else (422, or 409 for an empty cart). The
 * conditional write then decides, so two requests at the same moment still make one order.
 */
export function makeCheckoutHandler(dependencies: CheckoutDependencies): HttpHandler {
  const { carts, orders, region, nowMs, log } = dependencies;
  return answeringErrors(async (request) => {
    const userId = userOf(request);
    const orderId = orderIdOf(userId, parseIdempotencyKey(request.headers["idempotency-key"]));
    const now = nowMs();
    const cart = currentCart(await carts.read(userId), userId, now);
    if (cart.lines.size === 0 && (await orders.read(orderId)) !== undefined) {
      throw new ConflictError(`this key has placed order ${orderId}, and the cart has been emptied since`);
    }
    const order = orderOf(cart, orderId, region, now);
    const placed = await orders.place(order);
    if (placed.order.cartFingerprint !== order.cartFingerprint) {
      throw new IdempotencyKeyReusedError(
        `this key has placed order ${orderId} for other cart contents; use a new key for a new order`,
      );
    }
    if (placed.created) log("INFO", "order-placed", { orderId, region });
    if (placed.order.status === "PENDING_PAYMENT") await enqueue(dependencies, orderId);
    return jsonResponse(placed.created ? 201 : 200, orderView(placed.order), { location: `/orders/${orderId}` });
  });
}

/**
 * The order stands whether or not its id reaches the queue: the sweep finds what was not sent. A repeated request sends
 * again, because the first may have ended before it could, or in a region that is gone; the worker skips what is paid.
 */
async function enqueue({ queue, log }: CheckoutDependencies, orderId: string): Promise<void> {
  try {
    await queue.send(orderId);
  } catch (error) {
    log("WARN", "order-not-enqueued", { orderId, ...errorFields(error) });
  }
}
