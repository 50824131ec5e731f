import type { Cart } from "./cart";
import { cartFingerprint, type OrderLine, sortedLines } from "./cart-lines";
import { joinSeen, type Seen } from "./cart-state";
import { RequestError } from "./errors";

export type OrderStatus = "PENDING_PAYMENT" | "PAID" | "DECLINED";

/** An amount in the currency's minor unit. */
export interface Money {
  readonly amountMinor: number;
  /** ISO 4217 code. */
  readonly currency: string;
}

/** The vendor's last word on an order. A vendor that could not be asked, or gave no answer, has not said it. */
export type Verdict = { readonly outcome: "PAID"; readonly charged: Money } | { readonly outcome: "DECLINED" };

export interface Order {
  readonly orderId: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  readonly currency: string;
  /** Hash of what was ordered: tells a repeated request from another one under the same key. */
  readonly cartFingerprint: string;
  /** What was seen of the cart when it was ordered: the order takes all lines of that out of the cart, and no others. */
  readonly cartSeen: Seen;
  /** Follows the order from the request that placed it to the vendor, through queues and regions. */
  readonly correlationId: string;
  readonly placedAtMs: number;
  /** The region that took the order, for as long as it is unpaid. */
  readonly unpaidRegion?: string;
  /** When the order was last put into a payment queue, for as long as it is unpaid; at first, when it was placed. */
  readonly lastEnqueuedAtMs?: number;
  readonly paidAtMs?: number;
  /** What the vendor says it charged. Differs from `totalMinor` only where a warning was logged. */
  readonly chargedMinor?: number;
  readonly declinedAtMs?: number;
}

export interface Placing {
  readonly orderId: string;
  readonly userId: string;
  readonly region: string;
  readonly correlationId: string;
  readonly nowMs: number;
}

/** What a checkout orders. */
export interface Intended {
  readonly lines: readonly OrderLine[];
  readonly cartSeen: Seen;
}

/** The order for these lines, at least one, when it is placed now, in this region. */
export function orderOf({ lines, cartSeen }: Intended, placing: Placing): Order {
  const currencies = [...new Set(lines.map((line) => line.currency))].sort();
  const [currency] = currencies;
  if (currency === undefined) throw new RequestError("cart-empty", "the cart is empty; put an item into it first");
  if (currencies.length > 1) {
    throw new RequestError(
      "mixed-currencies",
      `an order has one currency, the cart has ${currencies.join(", ")}; remove the lines of the others first`,
    );
  }
  return {
    orderId: placing.orderId,
    userId: placing.userId,
    status: "PENDING_PAYMENT",
    lines,
    // 100 lines of 999 at 1e9 in each region are 1e14 a region: still an exact integer.
    totalMinor: lines.reduce((total, line) => total + line.quantity * line.unitPriceMinor, 0),
    currency,
    cartFingerprint: cartFingerprint(lines),
    cartSeen,
    correlationId: placing.correlationId,
    placedAtMs: placing.nowMs,
    unpaidRegion: placing.region,
    lastEnqueuedAtMs: placing.nowMs,
  };
}

/**
 * What a checkout means to order, as far as the cart can tell: the contents with the fingerprint that the customer saw, or
 * whatever is in the cart. A repeat whose first request has emptied the cart already finds what that one took.
 * @returns undefined when the cart does not hold, and did not hand over, what the customer saw
 */
export function intendedBy(cart: Cart, orderId: string, seenFingerprint?: string): Intended | undefined {
  // What an earlier order of the client has taken is seen as well, so that its receipts never say less than the one before.
  const cartSeen = joinSeen(cart.state.seen, cart.receipt?.cartSeen ?? new Map());
  const present: Intended = { lines: sortedLines(cart.lines), cartSeen };
  const note = cart.handedOver.find((it) => it.orderId === orderId);
  const handedOver: Intended | undefined = note === undefined ? undefined : { lines: note.lines, cartSeen: note.seen };
  const intended =
    seenFingerprint === undefined
      ? handedOver !== undefined && present.lines.length === 0
        ? handedOver
        : present
      : [handedOver, present].find((it) => it !== undefined && cartFingerprint(it.lines) === seenFingerprint);
  // The cart replicates apart from the order: what it handed over may arrive in the standby before the order does.
  const isOther = handedOver !== undefined && intended !== undefined;
  if (isOther && cartFingerprint(intended.lines) !== cartFingerprint(handedOver.lines))
    throw idempotencyKeyReused(orderId);
  return intended;
}

export function idempotencyKeyReused(orderId: string): RequestError {
  return new RequestError(
    "idempotency-key-reused",
    `this key has placed order ${orderId} for other cart contents; use a new key for a new order`,
    { orderId },
  );
}
