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
  `no acknowledged order is lost or charged twice, and every total matches, in ${HISTORIES} histories`,
  async () => {
    await histories.play(HISTORIES);
    histories.expectToHaveHappened({ acknowledged: 50, deaths: 50, charges: 50, swept: 50 });
  },
  TIMEOUT_MS,
);

test(
  "without the sweep, an order is never paid",
  async () => {
    expect(await histories.firstFault({ sweep: true }, 1_000)).toMatch(/was never paid/);
  },
  TIMEOUT_MS,
);
