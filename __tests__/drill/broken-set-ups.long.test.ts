import { BROKEN_SET_UPS, expectToFail, forgetfulFolder, missedBy } from "./broken-set-ups";

const TIMEOUT_MS = 240_000;

// `npm test` drills the first.
test.concurrent.each(BROKEN_SET_UPS.slice(1))("%s fails the drill", (...setUp) => expectToFail(setUp), TIMEOUT_MS);

test.concurrent(
  "a handler that ignores the idempotency key fails the drill",
  async () => expect(await missedBy(forgetfulFolder(), "replication-paused")).toContain("idempotency violations"),
  TIMEOUT_MS,
);
