import { ConflictError, InvalidRequestError } from "./errors";

export const MAX_LINES = 100;
export const MAX_QUANTITY = 999;
export const MAX_UNIT_PRICE_MINOR = 1_000_000_000;

const SKU = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const CURRENCY = /^[A-Z]{3}$/;
const SECONDS_PER_DAY = 86_400;

export interface CartLine {
  readonly quantity: number;
  /** Price of one, in the currency's minor unit: cents, pence, or whole yen. */
  readonly unitPriceMinor: number;
  /** ISO 4217 code. */
  readonly currency: string;
}

export interface Cart {
  readonly userId: string;
  /** Grows by one at every write; 0 for a cart that was never written. */
  readonly version: number;
  /** Lines by SKU. A map, not an object: `constructor` is a possible SKU. */
  readonly lines: ReadonlyMap<string, CartLine>;
  readonly updatedAtMs: number;
  readonly expiresAtSeconds: number;
}

export function parseSku(sku: string | undefined): string {
  if (sku === undefined || !SKU.test(sku)) {
    throw new InvalidRequestError(`'sku' must match ${SKU.source}`);
  }
  return sku;
}

export function parseCartLine(body: unknown): CartLine {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new InvalidRequestError("expected a JSON object with 'quantity', 'unitPriceMinor' and 'currency'");
  }
  const { quantity, unitPriceMinor, currency } = body as Readonly<Record<string, unknown>>;
  if (typeof currency !== "string" || !CURRENCY.test(currency)) {
    throw new InvalidRequestError("'currency' must be three capital letters, such as EUR");
  }
  return {
    quantity: parseWholeNumber("quantity", quantity, 1, MAX_QUANTITY),
    unitPriceMinor: parseWholeNumber("unitPriceMinor", unitPriceMinor, 0, MAX_UNIT_PRICE_MINOR),
    currency,
  };
}

function parseWholeNumber(name: string, value: unknown, minimum: number, maximum: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < minimum || value > maximum) {
    throw new InvalidRequestError(`'${name}' must be a whole number from ${minimum} to ${maximum}`);
  }
  return value;
}

/**
 * The cart to show or change now. An expired one counts as empty although it may still be stored, since DynamoDB deletes
 * expired items days late; its version is kept, because the next write must replace exactly that item.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
 */
export function currentCart(stored: Cart | undefined, userId: string, nowMs: number): Cart {
  if (stored === undefined) {
    return { userId, version: 0, lines: new Map(), updatedAtMs: nowMs, expiresAtSeconds: 0 };
  }
  return stored.expiresAtSeconds * 1_000 <= nowMs ? { ...stored, lines: new Map() } : stored;
}

/** A change of a cart's lines; returns the very same lines when there is nothing to change. */
export type CartChange = (lines: Cart["lines"]) => Cart["lines"];

export const settingLine =
  (sku: string, line: CartLine): CartChange =>
  (lines) => {
    if (!lines.has(sku) && lines.size >= MAX_LINES) {
      throw new ConflictError(`a cart holds at most ${MAX_LINES} lines; remove one first`);
    }
    return new Map(lines).set(sku, line);
  };

export const removingLine =
  (sku: string): CartChange =>
  (lines) => {
    if (!lines.has(sku)) return lines;
    const remaining = new Map(lines);
    remaining.delete(sku);
    return remaining;
  };

/** The cart's next version, holding `lines`. */
export function nextCart(cart: Cart, lines: Cart["lines"], nowMs: number, ttlDays: number): Cart {
  return {
    userId: cart.userId,
    version: cart.version + 1,
    lines,
    updatedAtMs: nowMs,
    expiresAtSeconds: Math.floor(nowMs / 1_000) + ttlDays * SECONDS_PER_DAY,
  };
}

/** Lines in SKU order, which does not depend on how they were stored. */
export function sortedLines(lines: Cart["lines"]): Array<CartLine & { readonly sku: string }> {
  return [...lines]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([sku, { quantity, unitPriceMinor, currency }]) => ({ sku, quantity, unitPriceMinor, currency }));
}
