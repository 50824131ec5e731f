import { createHash } from "node:crypto";

/** Lines that may be put into a cart. Regions that could not see each other may each have put in as many. */
export const MAX_LINES = 100;
export const MAX_QUANTITY = 999;
export const MAX_UNIT_PRICE_MINOR = 1_000_000_000;

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

export function isSameLine(left: CartLine | undefined, right: CartLine | undefined): boolean {
  return (
    left?.quantity === right?.quantity &&
    left?.unitPriceMinor === right?.unitPriceMinor &&
    left?.currency === right?.currency
  );
}

/**
 * Which of two lines of one SKU stays when neither change had seen the other: the larger quantity, then the lower price, then the
 * currency that comes first in the alphabet. It depends on the lines alone, so every region decides alike, whatever its clock says.
 * @returns negative when `left` stays, positive when `right` does, 0 when they are the same line
 */
export function compareConcurrent(left: CartLine, right: CartLine): number {
  if (left.quantity !== right.quantity) return right.quantity - left.quantity;
  if (left.unitPriceMinor !== right.unitPriceMinor) return left.unitPriceMinor - right.unitPriceMinor;
  return left.currency < right.currency ? -1 : Number(left.currency > right.currency);
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
