import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchFailoverMetrics } from "../../handlers/adapters/cloudwatch-failover-metrics";
import { feedSwitch } from "../../handlers/operations/feed-switch";
import { answer, startServer, stopServers } from "./local-server";

afterAll(stopServers);

const MINUTE_MS = 60_000;
const FEEDING = { switchDataSeconds: 600, timeoutSeconds: 6 };

/**
 * The switch as CloudWatch and Route 53 see it: of each minute the maximum counts, once it is over and up to a minute more; reading back a
 * data point may take two minutes.
 */
class Switch {
  nowMs = 0;
  private readonly points: { readonly atMs: number; readonly value: number }[] = [];

  constructor(private readonly readableAfterMs = 0) {}

  put(value: number, atMs = this.nowMs): void {
    this.points.push({ atMs, value });
  }

  /** State by the minutes that are over at a time. */
  isStoodDown(atMs = this.nowMs): boolean {
    return this.newest(Math.floor(atMs / MINUTE_MS) * MINUTE_MS)?.isStoodDown ?? false;
  }

  /** What `GetMetricStatistics` tells of the minutes, newest first, from the data points before a time. */
  private minutes(beforeMs: number) {
    const byMinute = new Map<number, number[]>();
    for (const { atMs, value } of this.points.filter((point) => point.atMs < beforeMs)) {
      const minute = Math.floor(atMs / MINUTE_MS);
      byMinute.set(minute, [...(byMinute.get(minute) ?? []), value]);
    }
    return [...byMinute].sort(([one], [other]) => other - one);
  }

  newest(beforeMs: number) {
    const [newest] = this.minutes(beforeMs);
    return newest && { isStoodDown: Math.max(...newest[1]) >= 1, atMs: newest[0] * MINUTE_MS };
  }

  /** As the adapter tells them, whose own test is below. */
  switchPoints(beforeMs: number) {
    const minutes = this.minutes(beforeMs).map(([minute, values]) => {
      const [least, most] = [Math.min(...values), Math.max(...values)];
      return { atMs: minute * MINUTE_MS, most, decided: [most, least].find(Number.isInteger) };
    });
    const decision = minutes.find(({ decided }) => decided !== undefined);
    const repeat = minutes.find(({ most }) => !Number.isInteger(most));
    const point = (value: number, atMs: number) => ({ isStoodDown: value >= 1, atMs });
    return {
      newest: this.newest(beforeMs),
      decision: decision && point(decision.decided ?? 0, decision.atMs),
      repeat: repeat && point(repeat.most, repeat.atMs),
    };
  }

  /** A run of the watch that reads at one moment, and puts at another. */
  async feed(readAtMs: number, putAtMs = readAtMs) {
    this.nowMs = readAtMs;
    return feedSwitch(
      {
        metrics: {
          switchPoints: async () => this.switchPoints(readAtMs - this.readableAfterMs + 1),
          repeatSwitch: async (isStoodDown) => this.put(isStoodDown ? 1.5 : 0.5, putAtMs),
          standPrimaryDown: async () => this.put(1, putAtMs),
          reportProbeFailures: async () => undefined,
        },
        switchVerdict: { isHealthy: async () => !this.isStoodDown(readAtMs - MINUTE_MS) },
        log: () => undefined,
        nowMs: () => readAtMs,
      },
      FEEDING,
    );
  }
}

const at = (minute: number, second = 0) => minute * MINUTE_MS + second * 1_000;

test("a switch without any data is fed what Route 53 says", async () => {
  const world = new Switch();
  expect(await world.feed(at(5))).toBe("in service");
  expect(world.newest(at(6))).toEqual({ isStoodDown: false, atMs: at(5) });
});

test.each([
  [0, "in service"],
  [1, "stood down"],
] as const)(
  "a state that somebody set to %i is repeated for months, and never more than eleven minutes old",
  async (value, state) => {
    const world = new Switch();
    world.put(value, at(0));
    for (let minute = 3; minute < 2 * 24 * 60; minute += 1) {
      const fed = await world.feed(at(minute, 20));
      expect(["not due", state]).toContain(fed);
      expect(at(minute, 20) - (world.newest(at(minute, 21))?.atMs ?? 0)).toBeLessThanOrEqual(at(11));
    }
    expect(world.isStoodDown()).toBe(value === 1);
  },
);

test("nobody is talked into: after a decision the switch is left alone for ten minutes", async () => {
  const world = new Switch();
  world.put(1, at(20));
  for (let minute = 20; minute < 30; minute += 1) expect(await world.feed(at(minute, 59))).toBe("not due");
  expect(await world.feed(at(30, 1))).toBe("stood down");
});

test("where the data and Route 53 differ nothing is put", async () => {
  const world = new Switch();
  world.put(0, at(0));
  const lost = { ...FEEDING };
  const puts: boolean[] = [];
  const fed = await feedSwitch(
    {
      metrics: {
        switchPoints: async () => world.switchPoints(at(60)),
        repeatSwitch: async (isStoodDown) => void puts.push(isStoodDown),
        standPrimaryDown: async () => undefined,
        reportProbeFailures: async () => undefined,
      },
      switchVerdict: { isHealthy: async () => false },
      log: () => undefined,
      nowMs: () => at(60),
    },
    lost,
  );
  expect([fed, puts]).toEqual(["not agreed", []]);
});

/** Every second at which a run may read, and every gap until its data point is put. */
const MOMENTS = Array.from({ length: 10 }, (_, index) => at(30) + index * 20_000);
const GAPS_MS = [0, 500, 3_000, 7_000];

test.each([
  [
    "an operator's, repeated every 10 s until Route 53 shows it, and once more",
    (world: Switch, fromMs: number) => {
      let atMs = fromMs;
      for (; !world.isStoodDown(atMs - 20_000); atMs += 10_000) world.put(1, atMs);
      world.put(1, atMs);
    },
  ],
  [
    "the latch's, in three minutes",
    (world: Switch, fromMs: number) => {
      for (const minute of [0, 1, 2]) world.put(1, fromMs + minute * MINUTE_MS);
    },
  ],
])("a stand-down is never undone by a run that cannot read it yet: %s", async (_, standDown) => {
  for (const readMs of MOMENTS) {
    for (const gapMs of GAPS_MS) {
      for (let earlierMs = -10_000; earlierMs <= 130_000; earlierMs += 5_000) {
        const world = new Switch(120_000);
        world.put(0.5, at(19)); // Fed eleven minutes ago: it is due again.
        standDown(world, readMs - earlierMs);
        await world.feed(readMs, readMs + gapMs);
        const overMs = Math.ceil((readMs - earlierMs + 1) / MINUTE_MS) * MINUTE_MS;
        for (let minute = 0; minute < 8; minute += 1) {
          expect([readMs, gapMs, earlierMs, minute, world.isStoodDown(overMs + minute * MINUTE_MS)]).toEqual([
            ...[readMs, gapMs, earlierMs, minute, true],
          ]);
        }
      }
    }
  }
});

describe("whatever a run could not see, the decision holds once it can be read", () => {
  const decisions = [
    [
      "a release, until it shows in the minute before",
      0,
      (world: Switch, fromMs: number) => {
        for (let atMs = fromMs; ; atMs += 10_000) {
          world.put(0, atMs);
          if (!world.isStoodDown(atMs)) return;
        }
      },
    ],
    ["a single data point that releases", 0, (world: Switch, fromMs: number) => world.put(0, fromMs)],
    ["a single data point that stands down", 1, (world: Switch, fromMs: number) => world.put(1, fromMs)],
  ] as const;

  test.each(decisions)("%s", async (_, value, decide) => {
    let corrections = 0;
    for (const readableAfterMs of [0, 5_000, 30_000, 120_000]) {
      for (const gapMs of GAPS_MS) {
        for (let second = 0; second < 60; second += 7) {
          for (let earlierMs = -10_000; earlierMs <= 130_000; earlierMs += 10_000) {
            const world = new Switch(readableAfterMs);
            world.put(value === 0 ? 1.5 : 0.5, at(19));
            const readMs = at(32, second);
            decide(world, readMs - earlierMs);
            await world.feed(readMs, readMs + gapMs);
            for (let run = 1; run <= 9; run += 1) {
              if ((await world.feed(readMs + run * MINUTE_MS)) === "corrected") corrections += 1;
            }
            const end = readMs + 10 * MINUTE_MS;
            const settled = [...Array(5).keys()].map((minute) => world.isStoodDown(end - minute * MINUTE_MS));
            expect([readableAfterMs, gapMs, second, earlierMs, settled]).toEqual([
              ...[readableAfterMs, gapMs, second, earlierMs, settled.map(() => value === 1)],
            ]);
          }
        }
      }
    }
    expect(corrections).toBeGreaterThan(0);
  });
});

const STATISTICS = [
  // [minimum, maximum] of minutes, newest first.
  ["a decision alone", [[1, 1]], [true, true, undefined]],
  ["a repeat alone", [[0.5, 0.5]], [false, undefined, false]],
  [
    "a repeat after a decision",
    [
      [1.5, 1.5],
      [1, 1],
    ],
    [true, true, true],
  ],
  ["a release beside a repeat of what it released", [[0, 1.5]], [true, false, true]],
  ["a stand-down beside a repeat of what it ended", [[0.5, 1]], [true, true, undefined]],
  ["a stand-down beside a repeat of it", [[1, 1.5]], [true, true, true]],
  ["both decisions in one minute: the larger counts", [[0, 1]], [true, true, undefined]],
  ["nothing", [], [undefined, undefined, undefined]],
] as const;

test.each(STATISTICS)("minutes with %s are told apart", async (_, minutes, expected) => {
  const newestSeconds = 1_700_000_100;
  const server = await startServer((_request, response) =>
    answer(response, 200, {
      // In any order.
      Datapoints: minutes
        .map(([Minimum, Maximum], index) => ({ Timestamp: newestSeconds - index * 60, Minimum, Maximum }))
        .reverse(),
    }),
  );
  const client = new CloudWatchClient({
    region: "us-west-2",
    endpoint: server.endpoint,
    credentials: { accessKeyId: "example", secretAccessKey: "example" },
  });
  const metrics = new CloudWatchFailoverMetrics(client, {
    namespace: "shop-example/failover",
    primaryRegion: "us-east-1",
    switchMetricName: "PrimaryStoodDown",
    probeMetricName: "PrimaryProbeFailures",
  });
  const { newest, decision, repeat } = await metrics.switchPoints();
  client.destroy();
  expect([newest?.isStoodDown, decision?.isStoodDown, repeat?.isStoodDown]).toEqual(expected);
  if (newest !== undefined) expect(newest.atMs).toBe(newestSeconds * 1_000);
  const [{ body, headers } = { body: {}, headers: {} }] = server.requests;
  expect(headers["x-amz-target"]).toMatch(/\.GetMetricStatistics$/);
  const { StartTime, EndTime, ...rest } = body as { StartTime: number; EndTime: number };
  expect(rest).toEqual({
    Namespace: "shop-example/failover",
    MetricName: "PrimaryStoodDown",
    Dimensions: [{ Name: "PrimaryRegion", Value: "us-east-1" }],
    Period: 60,
    Statistics: ["Minimum", "Maximum"],
  });
  expect((EndTime - StartTime) / 60).toBeLessThanOrEqual(1_440);
});
