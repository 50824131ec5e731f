import type { Cart } from "./domain/cart";
import type { Order, PaymentOutcome } from "./domain/order";

/** Answers whether the region's table can be read right now, by resolving or by rejecting. */
export interface TableProbe {
  probe(signal: AbortSignal): Promise<void>;
}

export interface CartStore {
  /** The cart as last acknowledged in this region, or undefined when the user has none. */
  read(userId: string): Promise<Cart | undefined>;
  /**
   * Writes the cart if the stored one still has `expectedVersion` (0: if there is none).
   * @returns false when somebody else wrote first; nothing has changed then
   */
  replace(cart: Cart, expectedVersion: number): Promise<boolean>;
}

export interface Placement {
  /** The order that now stands: the one given, or the one that was there before. */
  readonly order: Order;
  readonly created: boolean;
}

export interface OrderStore {
  /** Writes the order unless one with its id stands already. */
  place(order: Order): Promise<Placement>;
  /** The order as last acknowledged in this region. */
  read(orderId: string): Promise<Order | undefined>;
  /**
   * Ends the wait for payment.
   * @returns false when the order was no longer waiting; nothing has changed then
   */
  settle(orderId: string, outcome: PaymentOutcome, atMs: number): Promise<boolean>;
  /** Ids of a region's unpaid orders placed at or before `placedAtMs`, oldest first, `limit` at most. */
  listUnpaid(region: string, placedAtMs: number, limit: number): Promise<string[]>;
}

export interface EnqueueFailure {
  readonly orderId: string;
  readonly reason: string;
}

export interface PaymentQueue {
  send(orderId: string): Promise<void>;
  /** Sends up to {@link PaymentQueue.batchSize} ids in one call. Resolves with those that were refused one by one. */
  sendBatch(orderIds: readonly string[]): Promise<EnqueueFailure[]>;
  readonly batchSize: number;
}

/** The vendor's key, which may be rotated at any time. */
export interface VendorKey {
  current(): Promise<string>;
  /** Reads the key again, unless that has happened since `rejectedKey` was handed out. */
  after(rejectedKey: string): Promise<string>;
}

export interface Charge {
  /** Also the vendor's idempotency key: the same order is never charged twice, however often it is sent. */
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface PaymentVendor {
  /** Resolves with the vendor's verdict; rejects when there is none and the charge must be tried again. */
  charge(charge: Charge): Promise<PaymentOutcome>;
}
