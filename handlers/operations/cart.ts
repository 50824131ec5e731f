import { receiptOf } from "../cart-receipt";
import { afterWriting, type Cart, mergedCart, storedNumber, withLine } from "../domain/cart";
import { type CartLine, cartFingerprint, isSameLine, sortedLines } from "../domain/cart-lines";
import { RequestError } from "../domain/errors";
import { numberOf } from "../domain/regional-cart";
import { reportDoubleSales } from "../double-sales";
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
  return makeHttpHandler(dependencies.log, async (request, { log }) => {
    const userId = userOf(request);
    const change = changeOf(request);
    const receipt = receiptOf(request, userId, dependencies.nowMs());
    const readCart = async () =>
      mergedCart(userId, await dependencies.carts.read(userId), dependencies.nowMs(), receipt);
    const cart = change === undefined ? await readCart() : await changeCart({ ...dependencies, log }, readCart, change);
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
 * is as wanted already, as after a write whose answer was lost and that the SDK has repeated. Other regions write items of their own, and
 * matter only when this change is done over.
 */
async function changeCart(
  dependencies: CartDependencies,
  readCart: () => Promise<Cart>,
  change: CartChange,
): Promise<Cart> {
  const { carts, ttlDays, nowMs, metrics, log } = dependencies;
  const { region, peerRegions } = carts;
  let failed: Attempt | undefined;
  for (let attempt = 0; attempt <= MAX_RETRIES; attempt += 1) {
    const cart = await readCart();
    if (isDone(cart, change, failed, region)) return cart;
    refuseIfOverwriting(cart, change, failed);
    const changed = withLine(cart, change.sku, change.line, { region, peerRegions, ttlDays, nowMs: nowMs() });
    if (await carts.replace(changed, storedNumber(cart, region))) {
      reportDoubleSales(cart, region, metrics, log);
      return afterWriting(cart, changed, nowMs());
    }
    metrics.count("CartConflicts");
    failed = { cart, number: numberOf(changed) };
  }
  throw cartChanged("is being changed by other requests", (await readCart()).version);
}

/** A change that was not written, as far as its answer said. */
interface Attempt {
  readonly cart: Cart;
  /** Number that it would have had. */
  readonly number: number;
}

function isDone(
  cart: Cart,
  { sku, line, expectedVersion }: CartChange,
  failed: Attempt | undefined,
  region: string,
): boolean {
  if (!isSameLine(cart.lines.get(sku), line)) return false;
  if (failed !== undefined) return storedNumber(cart, region) === failed.number || expectedVersion === undefined;
  return line === undefined && (expectedVersion === undefined || cart.version === expectedVersion);
}

function refuseIfOverwriting(cart: Cart, { sku, expectedVersion }: CartChange, failed: Attempt | undefined): void {
  if (expectedVersion !== undefined && cart.version !== expectedVersion) {
    throw cartChanged(`has version ${cart.version}, not ${expectedVersion}`, cart.version);
  }
  if (failed !== undefined && !isSameLine(cart.lines.get(sku), failed.cart.lines.get(sku))) {
    throw cartChanged("was changed in the same line by another request", cart.version);
  }
}

function cartChanged(how: string, currentVersion: number): RequestError {
  return new RequestError("cart-changed", `the cart ${how}; read it again and repeat what you still want`, {
    currentVersion,
  });
}
