import { setTimeout as sleep } from "node:timers/promises";
import {
  MAX_RECEIVE_COUNT,
  SWEEP_OWN_AGE_SECONDS,
  SWEEP_TAKEOVER_AGE_SECONDS,
  VISIBILITY_TIMEOUT_SECONDS,
} from "../../constructs/payments/payment-timing";
import { bodyOf, httpRequest, line, type RecordedMetrics, recordedMetrics } from "./events";
import { GlobalTables } from "./world/global-tables";
import { QueueEmulator } from "./world/queue-emulator";
import { CHARGE_DEADLINE_MS, feed, realPorts, shopOver } from "./world/shop";
import { VendorDouble } from "./world/vendor-double";

// The vendor is away for thirty days while both regions go on taking orders. Time is under control: a day is a few steps, in which the
// sweep runs once rather than every five minutes, which would only give it more chances.

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const OUTAGE_DAYS = 30;
const RETENTION_DAYS = 14;
const TIMEOUT_MS = 300_000;
const QUEUE = {
  visibilityTimeoutMs: VISIBILITY_TIMEOUT_SECONDS * 1_000,
  maxReceiveCount: MAX_RECEIVE_COUNT,
  retentionMs: RETENTION_DAYS * DAY_MS,
};
const REGIONS = [0, 1] as const;

let tables: GlobalTables;
let vendor: VendorDouble;
let nowMs: number;
let metrics: RecordedMetrics;
let queues: readonly QueueEmulator[];
let shops: ReadonlyArray<ReturnType<typeof shopOver>>;

beforeEach(async () => {
  tables = await GlobalTables.start();
  vendor = new VendorDouble();
  await vendor.arrive();
  nowMs = Date.UTC(2026, 0, 1);
  metrics = recordedMetrics();
  const clock = () => nowMs;
  queues = REGIONS.map(() => new QueueEmulator(QUEUE, clock));
  shops = REGIONS.map((region) =>
    shopOver(realPorts(tables, region, queues[region] as QueueEmulator, vendor, metrics), {
      region: `region-${region}`,
      peerRegion: `region-${1 - region}`,
      ownAgeSeconds: SWEEP_OWN_AGE_SECONDS,
      takeoverAgeSeconds: SWEEP_TAKEOVER_AGE_SECONDS,
      nowMs: clock,
      metrics,
    }),
  );
});
afterEach(async () => {
  await Promise.all([tables.stop(), vendor.goAway()]);
  await sleep(CHARGE_DEADLINE_MS);
});

/** One customer's order; its id, once it was accepted. */
async function accept(region: 0 | 1, user: string): Promise<string> {
  const shop = shops[region] as (typeof shops)[number];
  await shop.cart(httpRequest("PUT /cart/items/{sku}", { user, path: { sku: "mug" }, body: line() }));
  const placed = await shop.checkout(httpRequest("POST /checkout", { user, headers: { "idempotency-key": "k" } }));
  expect(placed.statusCode).toBe(201);
  return String(bodyOf(placed)["orderId"]);
}

/** What runs by itself, until each message has had its receives. */
async function work(isSwept: boolean): Promise<void> {
  for (const shop of isSwept ? shops : []) {
    await shop.sweep();
    await tables.deliverAll();
  }
  for (let receive = 0; receive <= QUEUE.maxReceiveCount; receive += 1) {
    for (const region of REGIONS) {
      const [shop, queue] = [shops[region], queues[region]];
      if (shop === undefined || queue === undefined) throw new Error(`no region ${region}`);
      while (
        (await feed(
          () => queue.receive(),
          shop.worker,
          (ids) => queue.delete(ids),
        )) > 0
      );
    }
    await tables.deliverAll();
    nowMs += QUEUE.visibilityTimeoutMs;
  }
}

/** @returns the ids of the orders accepted during the outage, at whose end the vendor is back */
async function outage(isSwept: boolean): Promise<string[]> {
  const orderIds: string[] = [];
  await vendor.goAway();
  for (let day = 0; day < OUTAGE_DAYS; day += 1) {
    const morningMs = nowMs;
    for (const region of REGIONS) orderIds.push(await accept(region, `customer-${day}-${region}`));
    await work(isSwept);
    nowMs = morningMs + DAY_MS;
  }
  expect(vendor.moved).toEqual([]);
  await vendor.arrive();
  return orderIds;
}

async function statuses(orderIds: readonly string[], region: 0 | 1): Promise<string[]> {
  const { orders } = realPorts(tables, region, queues[region] as QueueEmulator, vendor, metrics);
  return Promise.all(orderIds.map(async (orderId) => (await orders.read(orderId))?.status ?? "lost"));
}

test(
  "every order accepted during thirty days without the vendor is paid exactly once after its return",
  async () => {
    const orderIds = await outage(true);
    expect(orderIds).toHaveLength(2 * OUTAGE_DAYS);
    expect(queues.every(({ forgotten }) => forgotten > 0)).toBe(true); // The queue has let go of messages; the table has not.
    await work(true);
    for (const region of REGIONS) expect(new Set(await statuses(orderIds, region))).toEqual(new Set(["PAID"]));
    expect(vendor.moved.map(({ orderId }) => orderId).sort()).toEqual([...orderIds].sort());
    expect(new Set(vendor.moved.map(({ amountMinor }) => amountMinor))).toEqual(new Set([2_500]));
    expect(metrics.counts).toMatchObject({ OrdersAccepted: 60, OrdersPaid: 60 });
    nowMs += DAY_MS;
    await work(true); // Nothing is left to do, nor done twice.
    expect(vendor.moved).toHaveLength(orderIds.length);
  },
  TIMEOUT_MS,
);

test(
  "the queues alone would have lost them: without the sweep none is paid, and most are in no queue any more",
  async () => {
    const orderIds = await outage(false);
    await work(false);
    expect(new Set(await statuses(orderIds, 0))).toEqual(new Set(["PENDING_PAYMENT"]));
    for (const queue of queues) {
      expect(queue.deadLetterCount).toBeLessThanOrEqual(RETENTION_DAYS);
      expect(queue.forgotten + queue.deadLetterCount).toBe(OUTAGE_DAYS);
    }
  },
  TIMEOUT_MS,
);
