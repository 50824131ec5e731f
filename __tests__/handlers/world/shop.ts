import type { SQSEvent } from "aws-lambda";
import { DynamoDbCartStore } from "../../../handlers/adapters/dynamodb-cart-store";
import { DynamoDbOrderStore } from "../../../handlers/adapters/dynamodb-order-store";
import { HttpVendor } from "../../../handlers/adapters/http-vendor";
import { ResilientVendor } from "../../../handlers/adapters/resilient-vendor";
import type { CartRegions } from "../../../handlers/domain/cart";
import type { Log } from "../../../handlers/log";
import { makeCartHandler } from "../../../handlers/operations/cart";
import { makeCheckoutHandler } from "../../../handlers/operations/checkout";
import { makeOrderHandler } from "../../../handlers/operations/order";
import { makePaymentWorkerHandler } from "../../../handlers/operations/payment-worker";
import { makeSweepHandler } from "../../../handlers/operations/sweep";
import type { CartStore, OrderStore, PaymentQueue, PaymentVendor } from "../../../handlers/ports";
import { type RecordedMetrics, recordedLog } from "../events";
import { CARTS, ORDERS } from "../local-dynamodb";
import type { GlobalTables } from "./global-tables";
import type { VendorDouble } from "./vendor-double";

/** Far beyond what a charge takes here. Its timer outlives a process that dies meanwhile. */
export const CHARGE_DEADLINE_MS = 2_000;

/** Each region writes cart items of its own. */
export const CART_REGIONS: readonly [CartRegions, CartRegions] = [
  { region: "us-east-1", peerRegions: ["us-west-2"] },
  { region: "us-west-2", peerRegions: ["us-east-1"] },
];

export interface ShopPorts {
  readonly carts: CartStore;
  readonly orders: OrderStore;
  readonly queue: PaymentQueue;
  readonly vendor: PaymentVendor;
}

export interface ShopProps {
  readonly region: string;
  readonly peerRegion: string;
  readonly ownAgeSeconds: number;
  readonly takeoverAgeSeconds: number;
  readonly nowMs: () => number;
  readonly metrics: RecordedMetrics;
  /** @default one that nobody reads */
  readonly log?: Log;
}

/** What one region's functions do, over given ports: made anew for each invocation that may die, shared otherwise. */
export function shopOver(ports: ShopPorts, props: ShopProps) {
  const { carts, orders, queue, vendor } = ports;
  const { region, peerRegion, ownAgeSeconds, takeoverAgeSeconds, nowMs, metrics, log = recordedLog().log } = props;
  return {
    cart: makeCartHandler({ carts, ttlDays: 90, nowMs, metrics, log }),
    checkout: makeCheckoutHandler({ carts, orders, queue, region, cartTtlDays: 90, nowMs, metrics, log }),
    order: makeOrderHandler(orders, log),
    worker: makePaymentWorkerHandler({ orders, vendor, chargeDeadlineMs: CHARGE_DEADLINE_MS, nowMs, metrics, log }),
    sweep: makeSweepHandler({
      orders,
      queue,
      region,
      peerRegions: [peerRegion],
      ownAgeSeconds,
      takeoverAgeSeconds,
      maxOrders: 1_000,
      nowMs,
      metrics,
      log,
    }),
  };
}

/** A region's ports on real components: the SDK's client on its tables, HTTP to the vendor. */
export function realPorts(
  tables: GlobalTables,
  region: 0 | 1,
  queue: PaymentQueue,
  vendor: VendorDouble,
  metrics: RecordedMetrics,
  cartRegions: CartRegions = CART_REGIONS[region],
): ShopPorts {
  const client = tables.clients[region];
  return {
    carts: new DynamoDbCartStore(client, CARTS, cartRegions),
    orders: new DynamoDbOrderStore(client, ORDERS),
    queue,
    vendor: patientVendor(vendor, metrics),
  };
}

/**
 * One attempt a delivery, and a circuit that never opens: what these tests look at is what happens between deliveries. Nobody waits long
 * for a vendor that is known to hang, nor gives up on one that is merely slow because the machine is busy.
 */
function patientVendor(vendor: VendorDouble, metrics: RecordedMetrics): PaymentVendor {
  const key = { current: async () => "vendor-key", after: async () => "vendor-key" };
  const limits = { maxAttempts: 1, firstRetryDelayMs: 1, breakerThreshold: Number.MAX_SAFE_INTEGER, breakerOpenMs: 1 };
  const within = (timeoutMs: number) =>
    new ResilientVendor(new HttpVendor({ url: vendor.url, timeoutMs, key }), limits, metrics);
  const [hasty, patient] = [within(20), within(CHARGE_DEADLINE_MS)];
  return { charge: (charge, signal) => (vendor.isHanging ? hasty : patient).charge(charge, signal) };
}

/** Feeds a batch to a worker and deletes what it has not reported, as an event source mapping does. */
export async function feed(
  receive: () => SQSEvent | undefined,
  worker: (event: SQSEvent) => Promise<{ batchItemFailures: ReadonlyArray<{ itemIdentifier: string }> } | "died">,
  remove: (messageIds: readonly string[]) => void,
): Promise<number> {
  const event = receive();
  if (event === undefined) return 0;
  const result = await worker(event);
  if (result === "died") return event.Records.length;
  const failed = new Set(result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  remove(event.Records.map(({ messageId }) => messageId).filter((id) => !failed.has(id)));
  return event.Records.length;
}
