import type { CartRegions } from "./domain/cart";
import type { Money, Order, Verdict } from "./domain/order";
import type { RegionalCart } from "./domain/regional-cart";

/** Answers whether the region's table can be read right now, by resolving or by rejecting. */
export interface TableProbe {
  probe(signal: AbortSignal): Promise<void>;
}

/** A user's cart, of which each region writes an item of its own. */
export interface CartStore extends CartRegions {
  /** What every region has written of the cart, as far as it has arrived here; nothing when the user has none. */
  read(userId: string): Promise<RegionalCart[]>;
  /**
   * Writes this region's item if the stored one still has `expectedNumber` (0: if there is none).
   * @returns false when another request in this region wrote first; nothing has changed then
   */
  replace(cart: RegionalCart, expectedNumber: number): Promise<boolean>;
}

export interface Placement {
  /** The order that now stands: the one given, or the one that was there before. */
  readonly order: Order;
  readonly created: boolean;
}

/** An order that waits for payment. */
export interface UnpaidOrder {
  readonly orderId: string;
  readonly lastEnqueuedAtMs: number;
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
  settle(orderId: string, verdict: Verdict, atMs: number): Promise<boolean>;
  /** A region's unpaid orders that were last enqueued at or before `enqueuedAtMs`, longest ago first, `limit` at most. */
  listUnpaid(region: string, enqueuedAtMs: number, limit: number): Promise<UnpaidOrder[]>;
  /**
   * Notes that the order has been enqueued again.
   * @returns false when it was paid, or enqueued by somebody else, meanwhile; nothing has changed then
   */
  noteEnqueued(order: UnpaidOrder, atMs: number): Promise<boolean>;
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

export interface Charge extends Money {
  /** Also the vendor's idempotency key: the same order is never charged twice, however often it is sent. */
  readonly orderId: string;
  readonly correlationId: string;
}

export interface PaymentVendor {
  /**
   * Resolves with the vendor's verdict.
   * @throws when there is none: `VendorUnavailableError` if asking again may help, any other error if it will not by itself
   */
  charge(charge: Charge, signal: AbortSignal): Promise<Verdict>;
}

/** Counts of what the shop cares about, by their names in CloudWatch. */
export type MetricName =
  | "OrdersAccepted"
  | "OrdersPaid"
  | "OrdersDeclined"
  | "OrdersSwept"
  | "VendorFailures"
  | "AmountMismatches"
  | "DoubleSales"
  | "CartConflicts";

export interface Metrics {
  count(name: MetricName, by?: number): void;
}

/** The regions' heartbeats in one global table, as they have arrived in this region. */
export interface HeartbeatStore {
  readonly tableName: string;
  /** @param atMs - milliseconds since 1970 by this region's clock */
  write(region: string, atMs: number): Promise<void>;
  /** @returns when the region wrote it, in milliseconds since 1970 by its own clock; undefined when none has arrived yet */
  read(region: string): Promise<number | undefined>;
}

export interface HeartbeatMetrics {
  reportAge(peerRegion: string, tableName: string, ageSeconds: number): void;
}

export interface StandbyMetrics {
  reportStandby(isHealthy: boolean): void;
}

/** One address that is asked from outside. */
export interface Endpoint {
  /** @returns the answer's status code; throws when there is none within the time */
  statusCode(timeoutMs: number): Promise<number>;
}

/** Route 53's verdict for a health check, read in DNS. */
export interface HealthVerdict {
  /** @throws when nothing that can be understood comes within the time */
  isHealthy(timeoutMs: number): Promise<boolean>;
}

/** A minute in which the switch has data. */
export interface SwitchPoint {
  readonly isStoodDown: boolean;
  /** Start of the minute, in milliseconds since 1970. */
  readonly atMs: number;
}

/** The newest minutes of the switch, each undefined when there is none. */
export interface SwitchPoints {
  /** With any data point. */
  readonly newest: SwitchPoint | undefined;
  /** With a decision: an operator's, or a latch's. */
  readonly decision: SwitchPoint | undefined;
  /** In which a repeat of the state counted. */
  readonly repeat: SwitchPoint | undefined;
}

/** Data points that people and Route 53 go by. */
export interface FailoverMetrics {
  /** Takes the primary out of service until an operator releases it. */
  standPrimaryDown(): Promise<void>;
  /** Puts the state that the switch has already, as a data point that is told from a decision. */
  repeatSwitch(isStoodDown: boolean): Promise<void>;
  /** What the minutes of the last day say of the switch. */
  switchPoints(): Promise<SwitchPoints>;
  reportProbeFailures(inARow: number): Promise<void>;
}
