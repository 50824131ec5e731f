import type { Order } from "../../handlers/domain/order";
import { bodyOf, httpRequest, line, type RecordedMetrics, recordedMetrics } from "./events";
import { GlobalTables } from "./world/global-tables";
import { QueueEmulator } from "./world/queue-emulator";
import { feed, realPorts, shopOver } from "./world/shop";
import { VendorDouble } from "./world/vendor-double";

// An order is one item that two regions may write, so the last writer wins. Nothing acknowledged is lost by it.

const QUEUE = { visibilityTimeoutMs: 360_000, maxReceiveCount: 5, retentionMs: 1_209_600_000 };
const MINUTE_MS = 60_000;
const BOTH = [0, 1] as const;
const [PRIMARY, STANDBY] = BOTH;

let tables: GlobalTables;
let vendor: VendorDouble;
let metrics: RecordedMetrics;
let queues: readonly QueueEmulator[];
let nowMs: number;

beforeAll(async () => {
  tables = await GlobalTables.start();
  vendor = new VendorDouble();
  await vendor.arrive();
});
afterAll(() => Promise.all([tables.stop(), vendor.goAway()]));
beforeEach(() => {
  nowMs = 1_800_000_000_000;
  tables.reset();
  tables.clockMs = () => nowMs;
  vendor.moved.length = 0;
  metrics = recordedMetrics();
  queues = BOTH.map(() => new QueueEmulator(QUEUE, () => nowMs));
});

type Where = (typeof BOTH)[number];
const ports = (region: Where) => realPorts(tables, region, queues[region] as QueueEmulator, vendor, metrics);
const shop = (region: Where) =>
  shopOver(ports(region), {
    ...{
      region: `region-${region}`,
      peerRegion: `region-${1 - region}`,
      ownAgeSeconds: 2_100,
      takeoverAgeSeconds: 3_600,
    },
    ...{ nowMs: () => nowMs, metrics },
  });

async function work(region: Where): Promise<void> {
  const queue = queues[region] as QueueEmulator;
  await feed(
    () => queue.receive(),
    (event) => shop(region).worker(event),
    (ids) => queue.delete(ids),
  );
}

const placing = (user: string) => httpRequest("POST /checkout", { user, headers: { "idempotency-key": "k1" } });

/** An order that the primary has placed for a cart that the standby has, too. @returns its id */
async function placeInPrimary(user: string): Promise<string> {
  await shop(PRIMARY).cart(httpRequest("PUT /cart/items/{sku}", { user, path: { sku: "mug" }, body: line() }));
  await tables.deliverAll();
  return String(bodyOf(await shop(PRIMARY).checkout(placing(user)))["orderId"]);
}

const stored = async (orderId: string) => Promise.all(BOTH.map((region) => ports(region).orders.read(orderId)));
const statuses = async (orderId: string) => (await stored(orderId)).map((order) => (order as Order).status);

test("a payment that a later placing under the same key overwrites is settled again, and charged once", async () => {
  const orderId = await placeInPrimary("ada");
  await work(PRIMARY); // Paid there, and not replicated.
  nowMs += MINUTE_MS;
  await shop(STANDBY).checkout(placing("ada")); // The repeat finds no order yet: one key, one id, the same contents.
  await tables.deliverAll();
  expect(await statuses(orderId)).toEqual(["PENDING_PAYMENT", "PENDING_PAYMENT"]);
  await work(STANDBY);
  await tables.deliverAll();
  expect(await statuses(orderId)).toEqual(["PAID", "PAID"]);
  expect(vendor.moved).toEqual([{ orderId, amountMinor: 2_500, currency: "EUR" }]);
});

test("a payment that a peer's mark overwrites is settled again, and charged once", async () => {
  const orderId = await placeInPrimary("bea");
  await tables.deliverAll();
  await work(PRIMARY); // Paid there; from now on the regions cannot see each other.
  nowMs += 70 * MINUTE_MS;
  await shop(STANDBY).sweep(); // Takes the order over: enqueues it, and marks it later than it was paid.
  vendor.mood = "fails";
  await work(STANDBY);
  await tables.deliverAll();
  expect(await statuses(orderId)).toEqual(["PENDING_PAYMENT", "PENDING_PAYMENT"]);
  vendor.mood = "answers";
  nowMs += 10 * MINUTE_MS;
  await work(STANDBY);
  await tables.deliverAll();
  expect(await statuses(orderId)).toEqual(["PAID", "PAID"]);
  expect(vendor.moved).toHaveLength(1);
});

test("both regions that placed one order hold one, of the contents that both have acknowledged", async () => {
  const orderId = await placeInPrimary("cal");
  const repeated = await shop(STANDBY).checkout(placing("cal"));
  expect([repeated.statusCode, bodyOf(repeated)]).toMatchObject([201, { orderId, totalMinor: 2_500 }]);
  await tables.deliverAll();
  const [here, there] = await stored(orderId);
  expect(here).toEqual(there);
  for (const region of BOTH) await work(region);
  expect(vendor.moved).toHaveLength(1);
});
