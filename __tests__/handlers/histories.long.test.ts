import { Histories } from "./world/play-histories";

const HISTORIES = 1_000;
const TIMEOUT_MS = 600_000;
let histories: Histories;

beforeAll(async () => {
  histories = await Histories.start();
});
afterEach(() => {
  histories.vendor.honoursIdempotencyKeys = true;
});
afterAll(() => histories.stop());

test(
  `no acknowledged order or cart change is lost, none is charged twice, and every total matches, in ${HISTORIES} histories`,
  async () => {
    await histories.play(HISTORIES);
    histories.expectToHaveHappened({
      ...{ acknowledged: 501, deaths: 501, charges: 501, swept: 501 },
      ...{ repeatsAnsweredElsewhere: 21, keysRefused: 11, conflicts: 31 },
      ...{ partitions: 201, cartChanges: 2_001, concurrentChanges: 301 },
    });
  },
  TIMEOUT_MS,
);

test(
  "without the condition, a reused key replaces an acknowledged order",
  async () => {
    expect((await histories.firstFault({ placeCondition: true }, HISTORIES)).fault).toMatch(/was acknowledged over/);
  },
  TIMEOUT_MS,
);

test(
  "without the vendor's idempotency key, an order is charged twice",
  async () => {
    histories.vendor.honoursIdempotencyKeys = false;
    expect((await histories.firstFault({}, HISTORIES)).fault).toMatch(/was charged \d times/);
  },
  TIMEOUT_MS,
);

test(
  "without the step that empties the cart, an order leaves its lines there",
  async () => {
    expect((await histories.firstFault({ handOver: true }, HISTORIES)).fault).toMatch(/has left its lines/);
  },
  TIMEOUT_MS,
);

test(
  "without the fingerprint, two regions take one key for different carts",
  async () => {
    expect((await histories.firstFault({ fingerprint: true }, HISTORIES)).fault).toMatch(
      /was acknowledged over|was charged/,
    );
  },
  TIMEOUT_MS,
);
