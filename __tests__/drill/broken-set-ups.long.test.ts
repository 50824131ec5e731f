import { BROKEN_SET_UPS, expectToFail, forgetfulFolder, missedBy, oneItemFolder } from "./broken-set-ups";

const TIMEOUT_MS = 240_000;

// `npm test` drills the first.
test.concurrent.each(BROKEN_SET_UPS.slice(1))("%s fails the drill", (...setUp) => expectToFail(setUp), TIMEOUT_MS);

test.concurrent(
  "a handler that ignores the idempotency key fails the drill",
  async () => expect(await missedBy(forgetfulFolder(), "replication-paused")).toContain("idempotency violations"),
  TIMEOUT_MS,
);

test.concurrent(
  "carts of one item a user, which every region writes, fail the drill",
  async () => expect(await missedBy(oneItemFolder(), "replication-paused")).toContain("writes lost"),
  TIMEOUT_MS,
);
