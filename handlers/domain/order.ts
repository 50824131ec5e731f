import { createHash } from "node:crypto";
import { type Cart, type CartLine, sortedLines } from "./cart";
import { ConflictError } from "./errors";

/** How the vendor's answer ends an order's wait. */
export type PaymentOutcome = "PAID" | "DECLINED";
export type OrderStatus = "PENDING_PAYMENT" | PaymentOutcome;

export interface OrderLine extends CartLine {
  readonly sku: string;
}

export interface Order {
  readonly orderId: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  readonly currency: string;
  /** Hash of what was ordered: tells a repeated request from another one under the same key. */
  readonly cartFingerprint: string;
  readonly placedAtMs: number;
  /** The region that took the order, for as long as it is unpaid. */
  readonly unpaidRegion?: string;
  readonly paidAtMs?: number;
  readonly declinedAtMs?: number;
}

/** SHA-256 of the lines in SKU order; the cart's version and times do not count. */
export function cartFingerprint(lines: readonly OrderLine[]): string {
  const canonical = lines.map(({ sku, quantity, unitPriceMinor, currency }) => [
    sku,
    quantity,
    unitPriceMinor,
    currency,
  ]);
  return createHash("sha256").update(JSON.stringify(canonical)).digest("hex");
}

/** The order that this cart makes when it is placed now, in this region. */
export function orderOf(cart: Cart, orderId: string, region: string, nowMs: number): Order {
  const lines = sortedLines(cart.lines);
  const [first] = lines;
  if (first === undefined) throw new ConflictError("the cart is empty; put an item into it first");
  const currencies = [...new Set(lines.map((line) => line.currency))].sort();
  if (currencies.length > 1) {
    throw new ConflictError(
      `an order has one currency, the cart has ${currencies.join(", ")}; remove the lines of the others first`,
    );
  }
  return {
    orderId,
    userId: cart.userId,
    status: "PENDING_PAYMENT",
    lines,
    // At most 100 lines of 999 at 1e9: 1e14 is still an exact integer.
    totalMinor: lines.reduce((total, line) => total + line.quantity * line.unitPriceMinor, 0),
    currency: first.currency,
    cartFingerprint: cartFingerprint(lines),
    placedAtMs: nowMs,
    unpaidRegion: region,
  };
}
