import { createHash } from "node:crypto";
import { RequestError } from "./errors";

export const MAX_LINES = 100;
export const MAX_QUANTITY = 999;
export const MAX_UNIT_PRICE_MINOR = 1_000_000_000;

const SECONDS_PER_DAY = 86_400;

export interface CartLine {
  readonly quantity: number;
  /** Price of one, in the currency's minor unit: cents, pence, or whole yen. */
  readonly unitPriceMinor: number;
  /** ISO 4217 code. */
  readonly currency: string;
}

/** A line with its SKU, as carts are shown and orders keep it. */
export interface OrderLine extends CartLine {
  readonly sku: string;
}

/** Lines by SKU. A map, not an object: `constructor` is a possible SKU. */
export type Lines = ReadonlyMap<string, CartLine>;

export interface Cart {
  readonly userId: string;
  /** Grows by one at every write; 0 for a cart that was never written. */
  readonly version: number;
  readonly lines: Lines;
  /** What the latest checkout took out of the cart, and for which order: a repeat of that checkout finds it here. */
  readonly handedOver?: HandedOver;
  readonly updatedAtMs: number;
  readonly expiresAtSeconds: number;
}

export interface HandedOver {
  readonly orderId: string;
  /** In SKU order. */
  readonly lines: readonly OrderLine[];
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

export function isSameLine(left: CartLine | undefined, right: CartLine | undefined): boolean {
  return (
    left?.quantity === right?.quantity &&
    left?.unitPriceMinor === right?.unitPriceMinor &&
    left?.currency === right?.currency
  );
}

/** The lines with one set, or removed when `line` is undefined. */
export function withLine(lines: Lines, sku: string, line: CartLine | undefined): Lines {
  const changed = new Map(lines);
  if (line === undefined) {
    changed.delete(sku);
    return changed;
  }
  changed.set(sku, line);
  if (changed.size > MAX_LINES) {
    throw new RequestError("cart-full", `a cart holds at most ${MAX_LINES} lines; remove one first`);
  }
  return changed;
}

/** The cart's lines without those that an order took and that have not changed since. */
export function withoutOrdered(lines: Lines, ordered: readonly OrderLine[]): Lines {
  const left = new Map(lines);
  for (const line of ordered) if (isSameLine(left.get(line.sku), line)) left.delete(line.sku);
  return left;
}

/** The cart's next version, with what `changes` says. */
export function nextCart(
  cart: Cart,
  changes: Partial<Pick<Cart, "lines" | "handedOver">>,
  nowMs: number,
  ttlDays: number,
): Cart {
  return {
    ...cart,
    ...changes,
    version: cart.version + 1,
    updatedAtMs: nowMs,
    expiresAtSeconds: Math.floor(nowMs / 1_000) + ttlDays * SECONDS_PER_DAY,
  };
}

/** Lines in SKU order, which does not depend on how they were stored. */
export function sortedLines(lines: Lines): OrderLine[] {
  return [...lines]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([sku, { quantity, unitPriceMinor, currency }]) => ({ sku, quantity, unitPriceMinor, currency }));
}

/** SHA-256 of lines in SKU order: the same for the same contents in every region, whatever the cart's version there. */
export function cartFingerprint(lines: readonly OrderLine[]): string {
  const canonical = lines.map(({ sku, quantity, unitPriceMinor, currency }) => [
    sku,
    quantity,
    unitPriceMinor,
    currency,
  ]);
  return createHash("sha256").update(JSON.stringify(canonical)).digest("hex");
}
