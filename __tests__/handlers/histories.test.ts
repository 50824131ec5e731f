import { Histories } from "./world/play-histories";

// `npm run test:long` plays 1,000 histories, and shows that each safeguard is needed.

const HISTORIES = 100;
const TIMEOUT_MS = 240_000;
let histories: Histories;

beforeAll(async () => {
  histories = await Histories.start();
});
afterAll(() => histories.stop());

test(
  `no acknowledged order or cart change is lost, none is charged twice, and every total matches, in ${HISTORIES} histories`,
  async () => {
    await histories.play(HISTORIES);
    histories.expectToHaveHappened({ acknowledged: 50, deaths: 50, charges: 50, swept: 50 });
    histories.expectToHaveHappened({ partitions: 20, cartChanges: 200, concurrentChanges: 30 });
  },
  TIMEOUT_MS,
);

test(
  "without the sweep, an order is never paid",
  async () => {
    expect((await histories.firstFault({ sweep: true }, 1_000)).fault).toMatch(/was never paid/);
  },
  TIMEOUT_MS,
);

test(
  "with one item of a cart that both regions write, an acknowledged change is lost within a hundred histories",
  async () => {
    const { fault, histories: played } = await histories.firstFault({ regionalItems: true }, 1_000);
    expect(fault).toMatch(/has lost or kept a change|differs between the regions/);
    expect(played).toBeLessThanOrEqual(HISTORIES);
  },
  TIMEOUT_MS,
);
