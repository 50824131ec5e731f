import { Pace } from "../../../local-aws/pace";
import { EndpointChecker } from "../../../local-aws/route53/endpoint-checker";
import type { Probe } from "../../../local-aws/route53/probe";
import { endpointCheck } from "./declared";

const SPEED = 10;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const declaredMs = (ms: number) => jest.advanceTimersByTimeAsync(ms / SPEED);

/** Results are taken from the list, true for success; the last one stays. */
function checking(results: boolean[], { probeMs = 0, failureThreshold = 3, random = 0 } = {}) {
  const pace = new Pace(SPEED);
  const probedAtMs: number[] = [];
  const turns: boolean[] = [];
  const probe: Probe = async (_, signal) => {
    // Timers have whole milliseconds of wall time, and no less than one.
    probedAtMs.push(Math.round(pace.nowMs() / 100) * 100);
    await pace.wait(probeMs, signal);
    const isOk = results.length > 1 ? results.shift() : results[0];
    return isOk === true ? { isOk } : { isOk: false, reason: `failure ${probedAtMs.length}` };
  };
  const checker: EndpointChecker = new EndpointChecker({
    check: endpointCheck({ failureThreshold, requestIntervalSeconds: 10 }),
    probe,
    pace,
    random: () => random,
    onTurn: () => turns.push(checker.isHealthy),
  });
  checker.start();
  return { checker, probedAtMs, turns };
}

test("begins at its own phase of the interval", async () => {
  const { checker, probedAtMs } = checking([true], { random: 0.35 });
  await declaredMs(15_000);
  expect(probedAtMs).toEqual([3_500, 13_500]);
  await checker.stop();
});

test("waits for the interval from the end of a probe, not from its beginning", async () => {
  const { checker, probedAtMs } = checking([true], { probeMs: 4_000 });
  await declaredMs(30_000);
  expect(probedAtMs).toEqual([0, 14_000, 28_000]);
  await checker.stop();
});

test("is healthy from the start, and turns after as many failures in a row as the threshold says", async () => {
  const { checker, turns } = checking([true, false, false, false], { failureThreshold: 3 });
  expect(checker.isHealthy).toBe(true);
  await declaredMs(29_000);
  expect(turns).toEqual([]);
  await declaredMs(2_000);
  expect(turns).toEqual([false]);
  expect(checker.lastFailure).toMatchObject({ reason: "failure 4" });
  await checker.stop();
});

test("turns back after as many successes in a row", async () => {
  const { checker, turns } = checking([false, false, true, false, true, true], { failureThreshold: 2 });
  await declaredMs(49_000);
  expect(turns).toEqual([false]);
  await declaredMs(2_000);
  expect(turns).toEqual([false, true]);
  await checker.stop();
});

test("a single success starts the count anew", async () => {
  const { checker, turns } = checking([false, false, true, false, false, true], { failureThreshold: 3 });
  await declaredMs(100_000);
  expect(turns).toEqual([]);
  expect(checker.isHealthy).toBe(true);
  await checker.stop();
});

test("stopping breaks off the wait, and the probe that is under way", async () => {
  for (const probeMs of [0, 4_000]) {
    const { checker, probedAtMs } = checking([false], { probeMs, failureThreshold: 1 });
    await declaredMs(1_000);
    await checker.stop();
    expect(jest.getTimerCount()).toBe(0);
    expect(probedAtMs).toHaveLength(1);
    // The broken-off probe counts for nothing.
    expect(checker.isHealthy).toBe(probeMs > 0);
  }
});
