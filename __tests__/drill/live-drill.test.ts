import { BROKEN_SET_UPS, expectToFail } from "./broken-set-ups";
import { drill, missed, synthesizedFolder } from "./short-drill";

// One drill that must meet its objectives and one that must not; `npm run test:long` drills the other broken set-ups.

/** Slow enough that a busy machine is not taken for a failing deployment: probes may take 0.7 s of wall time. */
const SPEED = 3;
const TIMEOUT_MS = 120_000;

test(
  "the example deployment meets every objective when its primary region is lost",
  async () => {
    const result = await drill(synthesizedFolder(), "primary-region-refusing", {
      ...{ speed: SPEED, durationSeconds: 60, clients: 4, seed: 3 },
      phases: { steadySeconds: 10, afterwardsSeconds: 5 },
    });
    expect(missed(result)).toEqual([]);
    expect(result.objectives.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["failover", "recovery time", "recovery point", "orders lost"]),
    );
    expect([...result.objectives, ...result.notJudged].map(({ name }) => name)).toContain("recovery in browsers");
    expect(result.measures.assumedLag).toEqual({ medianMs: 600, p99Ms: 2_000, borneFactor: expect.any(Number) });
  },
  TIMEOUT_MS,
);

test.each(BROKEN_SET_UPS.slice(0, 1))("%s fails the drill", (...setUp) => expectToFail(setUp), TIMEOUT_MS);
