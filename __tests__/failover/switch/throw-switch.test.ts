import { describeDeployment } from "../../../config/deployment";
import { DEPLOYMENTS } from "../../../config/deployments";
import { validateSettings } from "../../../config/validate-settings";
import { askWithin, QuestionError } from "../../../failover/answer";
import type { Clock, Outside, RegionalAws } from "../../../failover/ports";
import { intentOf } from "../../../failover/switch/intent";
import { throwSwitch } from "../../../failover/switch/throw-switch";

const deployment = describeDeployment(validateSettings("example", DEPLOYMENTS["example"]).settings);

/** A minute of an alarm that takes each minute's maximum, and a name that follows it after a while; time passes in sleep alone. */
class Minutes {
  nowMs = 0;
  readonly sentAtMs: number[] = [];
  failures: Error[] = [];
  readonly region: string[] = [];
  private readonly points: { atMs: number; value: number }[] = [];

  constructor(
    /** Of the minute, when it begins. */
    readonly startMs: number,
    readonly nameDelayMs: number,
  ) {
    this.nowMs = startMs;
  }

  put(value: number, atMs = this.nowMs): void {
    this.points.push({ atMs, value });
  }

  get isStoodDown(): boolean {
    const minute = this.lastMinute(this.nowMs);
    return (minute ?? 0) >= 1;
  }

  private lastMinuteAt(untilMs: number): number {
    return Math.max(...this.points.filter(({ atMs }) => atMs <= untilMs).map(({ atMs }) => Math.floor(atMs / 60_000)));
  }

  private lastMinute(untilMs: number): number | undefined {
    const seen = this.points.filter(({ atMs }) => atMs <= untilMs);
    const last = Math.max(...seen.map(({ atMs }) => Math.floor(atMs / 60_000)));
    const values = seen.filter(({ atMs }) => Math.floor(atMs / 60_000) === last).map(({ value }) => value);
    return values.length === 0 ? undefined : Math.max(...values);
  }

  readonly clock: Clock = {
    nowMs: () => this.nowMs,
    date: () => "",
    sleep: async (durationMs) => {
      this.nowMs += durationMs;
    },
  };

  readonly outside: Outside = {
    names: { lookUp: async () => [this.isStoodDown ? "stood down" : "in service"] },
    reach: {
      get: async () => {
        const wasStoodDown = (this.lastMinute(this.nowMs - this.nameDelayMs) ?? 0) >= 1;
        const region = wasStoodDown ? "us-west-2" : "us-east-1";
        return { status: 200, body: JSON.stringify({ status: "ok", region }), tookMs: 1 };
      },
    },
    cloud: {
      region: (name) =>
        ({
          dataPoints: async () => {
            const value = this.lastMinute(this.nowMs);
            return value === undefined ? [] : [{ value, at: String(this.lastMinuteAt(this.nowMs)) }];
          },
          putDataPoint: async (_metric: unknown, value: number) => {
            this.region.push(name);
            const failure = this.failures.shift();
            if (failure !== undefined) throw failure;
            this.sentAtMs.push(this.nowMs);
            this.put(value);
          },
        }) as Partial<RegionalAws> as RegionalAws,
    },
  };
}

function throwing(world: Minutes, action: "stand-down" | "release", waitMs = 240_000) {
  return throwSwitch({
    intent: intentOf(action, deployment),
    outside: world.outside,
    ask: askWithin(1_000),
    clock: world.clock,
    waiting: { resendMs: 10_000, pollMs: 2_000, waitMs },
    signal: new AbortController().signal,
    onStep: () => {},
  });
}

test("a 0 in the minute of a 1 counts for nothing, and the next minute's is sent without anybody's doing", async () => {
  const world = new Minutes(30_000, 4_000);
  world.put(1, 5_000);
  const { outcome, timesSent } = await throwing(world, "release");
  expect(outcome).toEqual({ kind: "effective", switchedMs: 30_000, answeredMs: 34_000 });
  expect(world.sentAtMs).toEqual([30_000, 40_000, 50_000, 60_000]);
  expect(timesSent).toBe(4);
});

test("it is sent every ten seconds until customers' name has followed, too", async () => {
  const world = new Minutes(0, 25_000);
  const { outcome } = await throwing(world, "stand-down");
  expect(outcome).toMatchObject({ kind: "effective", switchedMs: 0, answeredMs: 26_000 });
  expect(world.sentAtMs).toEqual([0, 10_000, 20_000, 26_000]); // Once more at the end.
});

test("a call that failed is repeated at the next look", async () => {
  const world = new Minutes(0, 0);
  world.failures = [new QuestionError("throttled", "throttled"), new QuestionError("no answer", "none in time")];
  const { outcome, timesSent } = await throwing(world, "stand-down");
  expect([outcome.kind, timesSent, world.sentAtMs]).toEqual(["effective", 2, [4_000, 4_000]]);
});

test("a call that is denied is given up at once, and in the standby region", async () => {
  const world = new Minutes(0, 0);
  world.failures = [new QuestionError("denied", "allow it", true)];
  expect(await throwing(world, "stand-down")).toEqual({
    outcome: { kind: "not sent", why: "allow it" },
    timesSent: 0,
    tookMs: 0,
  });
  expect(world.region).toEqual(["us-west-2"]);
});

test("calls that never get through are no 'not effective'", async () => {
  const world = new Minutes(0, 0);
  world.failures = Array.from({ length: 99 }, () => new QuestionError("no answer", "none in time"));
  expect((await throwing(world, "stand-down", 20_000)).outcome).toEqual({ kind: "not sent", why: "none in time" });
});

test("a release stops when somebody stands the primary down meanwhile, and does not win over it", async () => {
  const world = new Minutes(600_000, 60_000);
  world.put(1, 0); // Stood down long ago.
  world.put(1, 625_000); // A colleague, in the minute of the release.
  const { outcome } = await throwing(world, "release");
  expect(outcome).toEqual({ kind: "countermanded" });
  expect(world.isStoodDown).toBe(true);
  expect(Math.max(...world.sentAtMs)).toBeLessThan(660_000);
});

test("a release is not stopped by the watch, which repeats the state with 1.5: it takes a minute longer", async () => {
  const world = new Minutes(600_000, 60_000);
  world.put(1.5, 0);
  world.put(1.5, 625_000);
  const { outcome } = await throwing(world, "release");
  expect(outcome).toMatchObject({ kind: "effective", switchedMs: 60_000 });
  expect(world.isStoodDown).toBe(false);
});

test("a stand-down of the same minute, put before the release began, is waited out", async () => {
  const world = new Minutes(630_000, 0);
  world.put(1, 605_000);
  const { outcome } = await throwing(world, "release");
  expect(outcome.kind).toBe("effective");
  expect(world.isStoodDown).toBe(false);
});
