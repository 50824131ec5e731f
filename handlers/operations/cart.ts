import {
  type Cart,
  type CartChange,
  currentCart,
  nextCart,
  parseCartLine,
  parseSku,
  removingLine,
  settingLine,
  sortedLines,
} from "../domain/cart";
import { ConflictError, NotFoundError } from "../domain/errors";
import { jsonBody, userOf } from "../http-request";
import { answeringErrors, type HttpHandler, type HttpRequest, jsonResponse } from "../http-response";
import type { CartStore } from "../ports";

/** Times that a change is done over because another request changed the cart in between. */
const MAX_RETRIES = 3;

export interface CartDependencies {
  readonly carts: CartStore;
  readonly ttlDays: number;
  readonly nowMs: () => number;
}

export function makeCartHandler(dependencies: CartDependencies): HttpHandler {
  return answeringErrors(async (request) => {
    const userId = userOf(request);
    const change = changeOf(request);
    const cart =
      change === undefined
        ? currentCart(await dependencies.carts.read(userId), userId, dependencies.nowMs())
        : await changeCart(dependencies, userId, change);
    return jsonResponse(200, { version: cart.version, lines: sortedLines(cart.lines) });
  });
}

function changeOf(request: HttpRequest): CartChange | undefined {
  const sku = request.pathParameters?.["sku"];
  switch (request.routeKey) {
    case "GET /cart":
      return undefined;
    case "PUT /cart/items/{sku}":
      return settingLine(parseSku(sku), parseCartLine(jsonBody(request)));
    case "DELETE /cart/items/{sku}":
      return removingLine(parseSku(sku));
    default:
      throw new NotFoundError(`no such route: ${request.routeKey}`);
  }
}

/**
 * Optimistic: nobody waits for a lock that a dead function holds. A write whose answer was lost, and that the SDK repeats,
 * fails its condition and is done over; that is harmless, as every change sets or removes a whole line.
 */
async function changeCart(dependencies: CartDependencies, userId: string, change: CartChange): Promise<Cart> {
  const { carts, ttlDays, nowMs } = dependencies;
  for (let attempt = 0; attempt <= MAX_RETRIES; attempt += 1) {
    const now = nowMs();
    const cart = currentCart(await carts.read(userId), userId, now);
    const lines = change(cart.lines);
    if (lines === cart.lines) return cart;
    const changed = nextCart(cart, lines, now, ttlDays);
    if (await carts.replace(changed, cart.version)) return changed;
  }
  throw new ConflictError("the cart is being changed by other requests; try again");
}
