import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { GlobalTables } from "./world/global-tables";
import { history } from "./world/history";
import { CHARGE_DEADLINE_MS } from "./world/shop";
import { VendorDouble } from "./world/vendor-double";
import { type Lacking, Tally, World } from "./world/world";

const HISTORIES = 1_000;
const TIMEOUT_MS = 600_000;

const tally = new Tally();
let tables: GlobalTables;
let vendor: VendorDouble;

beforeAll(async () => {
  tables = await GlobalTables.start();
  vendor = new VendorDouble();
  await vendor.arrive();
});
afterEach(() => {
  vendor.honoursIdempotencyKeys = true;
});
afterAll(async () => {
  await Promise.all([tables.stop(), vendor.goAway()]);
  await sleep(CHARGE_DEADLINE_MS); // The deadlines of processes that died.
});

const propertyOf = (lacking: Lacking = {}) =>
  fc.asyncProperty(history, async (it) => {
    expect(await new World(tables, vendor, tally, lacking).play(it)).toEqual([]);
  });

test(
  `no acknowledged order is lost or charged twice, and every total matches, in ${HISTORIES} histories`,
  async () => {
    await fc.assert(propertyOf(), { numRuns: HISTORIES });
    // Histories in which nothing happens would prove nothing.
    expect(tally.acknowledged).toBeGreaterThan(500);
    expect(tally.repeatsAnsweredElsewhere).toBeGreaterThan(20);
    expect(tally.keysRefused).toBeGreaterThan(10);
    expect(tally.deaths).toBeGreaterThan(500);
    expect(tally.charges).toBeGreaterThan(500);
    expect(tally.swept).toBeGreaterThan(500);
    expect(tally.conflicts).toBeGreaterThan(30);
  },
  TIMEOUT_MS,
);

/** The first fault that is found in a world that lacks something. */
async function firstFault(lacking: Lacking): Promise<string> {
  const { failed, errorInstance } = await fc.check(propertyOf(lacking), {
    numRuns: HISTORIES,
    endOnFailure: true,
  });
  expect(failed).toBe(true);
  return String(errorInstance);
}

test(
  "without the condition, a reused key replaces an order that was acknowledged",
  async () => {
    expect(await firstFault({ placeCondition: true })).toMatch(/was acknowledged over/);
  },
  TIMEOUT_MS,
);

test(
  "without the vendor's idempotency key, an order is charged twice",
  async () => {
    vendor.honoursIdempotencyKeys = false;
    expect(await firstFault({})).toMatch(/was charged \d times/);
  },
  TIMEOUT_MS,
);

test(
  "without the sweep, an order is never paid",
  async () => {
    expect(await firstFault({ sweep: true })).toMatch(/was never paid/);
  },
  TIMEOUT_MS,
);

test(
  "without the fingerprint, two regions take one key for different carts",
  async () => {
    expect(await firstFault({ fingerprint: true })).toMatch(/was acknowledged over|was charged/);
  },
  TIMEOUT_MS,
);
