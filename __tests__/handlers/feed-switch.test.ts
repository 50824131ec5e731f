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

  newest(beforeMs: number) {
    const known = this.points.filter(({ atMs }) => atMs < beforeMs);
    const minute = Math.max(...known.map(({ atMs }) => Math.floor(atMs / MINUTE_MS)));
    if (known.length === 0) return undefined;
    const values = known.filter(({ atMs }) => Math.floor(atMs / MINUTE_MS) === minute).map(({ value }) => value);
    return { isStoodDown: Math.max(...values) >= 1, atMs: minute * MINUTE_MS };
  }

  /** A run of the watch that reads at one moment, and puts at another. */
  async feed(readAtMs: number, putAtMs = readAtMs) {
    this.nowMs = readAtMs;
    return feedSwitch(
      {
        metrics: {
          newestSwitchPoint: async () => this.newest(readAtMs - this.readableAfterMs + 1),
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
        newestSwitchPoint: async () => world.newest(at(60)),
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

test("a release is delayed by a minute at most", async () => {
  for (const readMs of MOMENTS) {
    for (let earlierMs = -10_000; earlierMs <= 130_000; earlierMs += 5_000) {
      const world = new Switch(120_000);
      world.put(1.5, at(19));
      const fromMs = readMs - earlierMs;
      // As `failover release` does, until Route 53 shows it.
      const alone = Math.ceil((fromMs + 1) / MINUTE_MS) * MINUTE_MS;
      for (let atMs = fromMs; atMs <= alone + 3 * MINUTE_MS; atMs += 10_000) world.put(0, atMs);
      await world.feed(readMs, readMs + 500);
      const releasedMs = [0, 1, 2, 3, 4]
        .map((minute) => alone + minute * MINUTE_MS)
        .filter((ms) => !world.isStoodDown(ms));
      expect(releasedMs.length).toBeGreaterThanOrEqual(4);
    }
  }
});

test("the newest minute with data tells the state; a half more or less does not matter", async () => {
  const server = await startServer((_, response) =>
    answer(response, 200, {
      Datapoints: [
        { Timestamp: 1_700_000_100, Maximum: 1.5 },
        { Timestamp: 1_700_000_040, Maximum: 0.5 },
      ],
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
  expect(await metrics.newestSwitchPoint()).toEqual({ isStoodDown: true, atMs: 1_700_000_100_000 });
  client.destroy();
  const [{ body, headers } = { body: {}, headers: {} }] = server.requests;
  expect(headers["x-amz-target"]).toMatch(/\.GetMetricStatistics$/);
  const { StartTime, EndTime, ...rest } = body as { StartTime: number; EndTime: number };
  expect(rest).toEqual({
    Namespace: "shop-example/failover",
    MetricName: "PrimaryStoodDown",
    Dimensions: [{ Name: "PrimaryRegion", Value: "us-east-1" }],
    Period: 60,
    Statistics: ["Maximum"],
  });
  expect((EndTime - StartTime) / 60).toBeLessThanOrEqual(1_440);
});
