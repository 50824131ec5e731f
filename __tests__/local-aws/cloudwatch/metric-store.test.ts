import { MetricClock } from "../../../local-aws/cloudwatch/metric-clock";
import { MetricStore, statisticOf } from "../../../local-aws/cloudwatch/metric-store";

const LATENCY = { namespace: "AWS/DynamoDB", metricName: "ReplicationLatency", dimensions: { TableName: "carts" } };
let nowDateMs = 1_000_000;
const clock = new MetricClock(10, () => nowDateMs);

test("declared time runs as fast as the drill, dates do not", () => {
  nowDateMs += 6_000;
  expect(clock.nowMs()).toBe(60_000);
  expect(clock.dateMs(60_000)).toBe(1_006_000);
  expect(clock.declaredMs(1_006_000)).toBe(60_000);
});

test("a client's five minutes are five declared minutes", () => {
  expect(clock.windowEdgeMs(nowDateMs - 300_000)).toBe(clock.nowMs() - 300_000);
});

test("each period has its five statistics", () => {
  const store = new MetricStore(clock);
  for (const [value, atMs] of [
    [4, 0],
    [2, 59_999],
    [9, 60_000],
    [1, 180_000],
  ] as const)
    store.put(LATENCY, value, atMs);
  const [first, ...others] = store.periods(LATENCY, 60, 0, 180_000);
  if (first === undefined) throw new Error("no period has data");
  const statistics = (["Sum", "Average", "Minimum", "Maximum", "SampleCount"] as const).map((it) =>
    statisticOf(it, first),
  );
  expect([first.startMs, ...statistics]).toEqual([0, 6, 3, 2, 4, 2]);
  expect(others).toEqual([{ startMs: 60_000, sum: 9, minimum: 9, maximum: 9, sampleCount: 1 }]);
});

test("longer periods take in the minutes that they last", () => {
  const store = new MetricStore(clock);
  for (const minute of [0, 1, 4, 5]) store.put(LATENCY, minute, minute * 60_000);
  expect(store.periods(LATENCY, 300, 120_000, 600_000).map(({ startMs, sum }) => [startMs, sum])).toEqual([
    [0, 5],
    [300_000, 5],
  ]);
});

test("a value that was seen several times counts as often", () => {
  const store = new MetricStore(clock);
  store.put(LATENCY, 3, 0, 4);
  expect(store.periods(LATENCY, 60, 0, 60_000)).toMatchObject([{ sum: 12, sampleCount: 4, maximum: 3 }]);
});

test("other dimensions are another metric, and their order is none", () => {
  const store = new MetricStore(clock);
  store.put({ ...LATENCY, dimensions: { A: "1", B: "2" } }, 1, 0);
  const found = (dimensions: Record<string, string>) => store.periods({ ...LATENCY, dimensions }, 60, 0, 60_000).length;
  expect([found({ B: "2", A: "1" }), found({ A: "1" }), found({})]).toEqual([1, 0, 0]);
});
