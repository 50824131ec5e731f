import { receiptOf } from "../cart-receipt";
import { afterWriting, type Cart, mergedCart, storedNumber, withLine } from "../domain/cart";
import { type CartLine, cartFingerprint, isSameLine, sortedLines } from "../domain/cart-lines";
import { RequestError } from "../domain/errors";
import { type HttpHandler, makeHttpHandler } from "../http-handler";
import { type HttpRequest, jsonBody, userOf } from "../http-request";
import { jsonResponse } from "../http-response";
import type { Log } from "../log";
import type { CartStore, Metrics } from "../ports";
import { cartItemBody, noQuery, parse, removalQuery, skuParameter } from "../request-schemas";

/** Times that a change is done over because another request changed the cart in between. */
const MAX_RETRIES = 3;

export interface CartDependencies {
  readonly carts: CartStore;
  readonly ttlDays: number;
  readonly nowMs: () => number;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Sets one line, or removes it. */
interface CartChange {
  readonly sku: string;
  readonly line: CartLine | undefined;
  /** Change this version of the cart or none. */
  readonly expectedVersion: number | undefined;
}

export function makeCartHandler(dependencies: CartDependencies): HttpHandler {
  return makeHttpHandler(dependencies.log, async (request) => {
    const userId = userOf(request);
    const change = changeOf(request);
    const ordered = receiptOf(request, userId);
    const readCart = async () =>
      mergedCart(userId, await dependencies.carts.read(userId), dependencies.nowMs(), ordered);
    const cart = change === undefined ? await readCart() : await changeCart(dependencies, readCart, change);
    const lines = sortedLines(cart.lines);
    return jsonResponse(200, { version: cart.version, fingerprint: cartFingerprint(lines), lines });
  });
}

function changeOf(request: HttpRequest): CartChange | undefined {
  const query = request.queryStringParameters ?? {};
  const skuOf = () => parse(skuParameter, request.pathParameters?.["sku"], { path: "sku" });
  switch (request.routeKey) {
    case "GET /cart":
      parse(noQuery, query, "query");
      return undefined;
    case "PUT /cart/items/{sku}": {
      const sku = skuOf();
      parse(noQuery, query, "query");
      const { expectedVersion, ...line } = parse(cartItemBody, jsonBody(request), "body");
      return { sku, line, expectedVersion };
    }
    case "DELETE /cart/items/{sku}": {
      const sku = skuOf();
      const { expectedVersion } = parse(removalQuery, query, "query");
      return { sku, line: undefined, expectedVersion };
    }
    default:
      throw new RequestError("not-found", `no such route: ${request.routeKey}`);
  }
}

/**
 * Optimistic: no request waits for a lock of a dead function. A change meets another request's in one of three ways: another line
 * was changed, and this change is done over, since the two commute; this very line was, and the caller must look again; or the line
 * is as wanted already, as after a write whose answer was lost and that the SDK has repeated. Other regions' changes never get in its
 * way: they write items of their own.
 */
async function changeCart(
  dependencies: CartDependencies,
  readCart: () => Promise<Cart>,
  change: CartChange,
): Promise<Cart> {
  const { carts, ttlDays, nowMs, metrics } = dependencies;
  const { region, peerRegions } = carts;
  let seen: Cart | undefined;
  for (let attempt = 0; attempt <= MAX_RETRIES; attempt += 1) {
    const cart = await readCart();
    if (isDone(cart, change, seen, region)) return cart;
    refuseIfOverwriting(cart, change, seen);
    const changed = withLine(cart, change.sku, change.line, { region, peerRegions, ttlDays, nowMs: nowMs() });
    if (await carts.replace(changed, storedNumber(cart, region))) return afterWriting(cart, changed, nowMs());
    metrics.count("CartConflicts");
    seen = cart;
  }
  throw cartChanged("is being changed by other requests", (await readCart()).version);
}

/** @param seen - the cart that the last attempt failed to change, if there was one */
function isDone(
  cart: Cart,
  { sku, line, expectedVersion }: CartChange,
  seen: Cart | undefined,
  region: string,
): boolean {
  if (!isSameLine(cart.lines.get(sku), line)) return false;
  if (seen !== undefined) {
    return storedNumber(cart, region) === storedNumber(seen, region) + 1 || expectedVersion === undefined;
  }
  return line === undefined && (expectedVersion === undefined || cart.version === expectedVersion);
}

function refuseIfOverwriting(cart: Cart, { sku, expectedVersion }: CartChange, seen: Cart | undefined): void {
  if (expectedVersion !== undefined && cart.version !== expectedVersion) {
    throw cartChanged(`has version ${cart.version}, not ${expectedVersion}`, cart.version);
  }
  if (seen !== undefined && !isSameLine(cart.lines.get(sku), seen.lines.get(sku))) {
    throw cartChanged("was changed in the same line by another request", cart.version);
  }
}

function cartChanged(how: string, currentVersion: number): RequestError {
  return new RequestError("cart-changed", `the cart ${how}; read it again and repeat what you still want`, {
    currentVersion,
  });
}
