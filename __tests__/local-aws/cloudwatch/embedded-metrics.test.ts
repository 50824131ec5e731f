import { putEmbeddedMetrics } from "../../../local-aws/cloudwatch/embedded-metrics";
import { MetricClock } from "../../../local-aws/cloudwatch/metric-clock";
import { MetricStore } from "../../../local-aws/cloudwatch/metric-store";

const SPEED = 10;
const START_MS = 1_000_000;
const clock = new MetricClock(SPEED, () => START_MS);
let metrics: MetricStore;
beforeEach(() => {
  metrics = new MetricStore(clock);
});

const put = (line: string) => putEmbeddedMetrics(line, metrics, clock);

const embedded = (unit: string, value: unknown, atMs = START_MS) =>
  JSON.stringify({
    _aws: {
      Timestamp: atMs,
      CloudWatchMetrics: [{ Namespace: "shop", Dimensions: [["service"]], Metrics: [{ Name: "Seen", Unit: unit }] }],
    },
    service: "worker",
    Seen: value,
  });

const found = (dimensions: Record<string, string> = { service: "worker" }) =>
  metrics.periods({ namespace: "shop", metricName: "Seen", dimensions }, 60, 0, 600_000);

test("a line's metric is put with its namespace and dimensions", () => {
  put(embedded("Count", 3));
  expect(found()).toEqual([{ startMs: 0, sum: 3, minimum: 3, maximum: 3, sampleCount: 1 }]);
  expect(found({})).toEqual([]);
});

test("a metric belongs to the declared minute of its timestamp", () => {
  put(embedded("Count", 1, START_MS + 12_000));
  expect(found().map(({ startMs }) => startMs)).toEqual([120_000]);
});

test("times become declared times, and other units stay", () => {
  put(embedded("Seconds", 7));
  put(embedded("Bytes", 7));
  expect(found()).toMatchObject([{ minimum: 7, maximum: 70 }]);
});

test("an array of values is as many data points", () => {
  put(embedded("Count", [1, 2, 3]));
  expect(found()).toMatchObject([{ sum: 6, sampleCount: 3 }]);
});

test("each set of dimensions is a metric of its own", () => {
  const line = JSON.parse(embedded("Count", 1));
  line._aws.CloudWatchMetrics[0].Dimensions = [["service"], []];
  put(JSON.stringify(line));
  expect([found(), found({})].map((periods) => periods.length)).toEqual([1, 1]);
});

test.each(["plain text", '{"message":"_aws"}', '{"_aws": not json', '["_aws":1]', '{"_aws":1,"Seen":4}'])(
  "a line without metrics puts nothing: %s",
  (line) => {
    put(line);
    expect(found()).toEqual([]);
  },
);
