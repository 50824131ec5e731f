import { MetricClock } from "../../../local-aws/cloudwatch/metric-clock";
import { MetricStore } from "../../../local-aws/cloudwatch/metric-store";
import { type AlarmStatus, RegionalAlarms } from "../../../local-aws/cloudwatch/regional-alarms";
import { Pace } from "../../../local-aws/pace";
import type { MetricAlarm } from "../../../topology/topology";
import { declaredAlarm } from "./declared-alarm";

const SPEED = 10;
const SWITCH = declaredAlarm();
const declaredMs = (ms: number) => jest.advanceTimersByTimeAsync(ms / SPEED);
const PHASE = 0.5;

let running: RegionalAlarms[] = [];
let isHalted = false;
beforeEach(() => {
  jest.useFakeTimers();
  isHalted = false;
});
afterEach(async () => {
  await Promise.all(running.map((alarms) => alarms.stop()));
  running = [];
  jest.useRealTimers();
});

function watching(...declared: MetricAlarm[]) {
  const clock = new MetricClock(SPEED);
  const metrics = new MetricStore(clock);
  const changes: AlarmStatus[] = [];
  const alarms = new RegionalAlarms({
    alarms: declared,
    metrics,
    clock,
    pace: new Pace(SPEED),
    random: () => PHASE,
    isHalted: () => isHalted,
    onChange: (status) => changes.push(status),
  });
  running.push(alarms);
  alarms.start();
  return { alarms, metrics, changes };
}

test("an alarm looks once a minute, in its own part of it, at minutes that are over, and begins without data", async () => {
  const { alarms, metrics } = watching(SWITCH);
  metrics.put(SWITCH, 1);
  expect(alarms.stateOf("stood-down")).toBe("INSUFFICIENT_DATA");
  await declaredMs(89_000);
  expect(alarms.stateOf("stood-down")).toBe("INSUFFICIENT_DATA");
  await declaredMs(2_000);
  expect(alarms.stateOf("stood-down")).toBe("ALARM");
});

test("a period of several minutes ends with the last whole minute, and advances by a minute", async () => {
  const { alarms, metrics } = watching(declaredAlarm({ periodSeconds: 300, threshold: 2, statistic: "Sum" }));
  await declaredMs(4 * 60_000 + 10_000); // The fifth minute: a period that is counted from 0 would end with it.
  metrics.put(SWITCH, 1);
  await declaredMs(60_000);
  metrics.put(SWITCH, 1);
  await declaredMs(30_000);
  expect(alarms.stateOf("stood-down")).toBe("OK");
  await declaredMs(60_000);
  expect(alarms.stateOf("stood-down")).toBe("ALARM");
});

test("one data point holds for hours where missing data is ignored, until another one", async () => {
  const { alarms, metrics, changes } = watching(SWITCH);
  metrics.put(SWITCH, 1);
  await declaredMs(5 * 3_600_000);
  expect(alarms.stateOf("stood-down")).toBe("ALARM");
  metrics.put(SWITCH, 0);
  await declaredMs(120_000);
  expect(alarms.stateOf("stood-down")).toBe("OK");
  expect(changes.map(({ state }) => state)).toEqual(["ALARM", "OK"]);
});

test("a maximum does not notice a 0 in the minute of a 1, but notices the next minute's", async () => {
  const { alarms, metrics } = watching(SWITCH);
  metrics.put(SWITCH, 1);
  metrics.put(SWITCH, 0);
  await declaredMs(110_000);
  expect(alarms.stateOf("stood-down")).toBe("ALARM");
  metrics.put(SWITCH, 0);
  await declaredMs(45_000);
  expect(alarms.stateOf("stood-down")).toBe("OK");
});

test("a data point that was put just before a minute's end is not overlooked", async () => {
  const { alarms, metrics } = watching(SWITCH);
  await declaredMs(59_000);
  metrics.put(SWITCH, 1);
  await declaredMs(35_000);
  expect(alarms.stateOf("stood-down")).toBe("ALARM");
});

test("data that stops leaves an alarm without data, once it is out of the evaluation range", async () => {
  const { alarms, metrics } = watching(declaredAlarm({ treatMissingData: "missing" }));
  metrics.put(SWITCH, 0);
  await declaredMs(220_000);
  expect(alarms.stateOf("stood-down")).toBe("OK");
  await declaredMs(60_000);
  expect(alarms.stateOf("stood-down")).toBe("INSUFFICIENT_DATA");
});

test("an alarm of several periods wants as many data points as declared", async () => {
  const { alarms, metrics } = watching(declaredAlarm({ evaluationPeriods: 3, datapointsToAlarm: 2 }));
  const states: unknown[] = [];
  await declaredMs(40_000); // Each evaluation comes after the minute of one data point, and before the next one's.
  for (const value of [0, 1, 0, 1, 1]) {
    metrics.put(SWITCH, value);
    await declaredMs(60_000);
    states.push(alarms.stateOf("stood-down"));
  }
  expect(states).toEqual(["OK", "OK", "OK", "ALARM", "ALARM"]);
});

test("alarms of a lost region stay as they are, and look again on its return", async () => {
  const { alarms, metrics } = watching(SWITCH);
  isHalted = true;
  metrics.put(SWITCH, 1);
  await declaredMs(60_000);
  expect(alarms.stateOf("stood-down")).toBe("INSUFFICIENT_DATA");
  isHalted = false;
  await declaredMs(31_000);
  expect(alarms.stateOf("stood-down")).toBe("ALARM");
});

test("an alarm on an expression computes it in each period, and rings when enough of them breach", async () => {
  const metric = (metricName: string) => ({ namespace: "AWS/ApiGateway", metricName, dimensions: { ApiId: "a" } });
  const ratio = declaredAlarm({
    ...{ name: "server-errors", namespace: "", metricName: "", dimensions: {}, statistic: "" },
    ...{ evaluationPeriods: 3, datapointsToAlarm: 2, threshold: 5, comparisonOperator: "GreaterThanThreshold" },
    treatMissingData: "notBreaching",
    math: {
      expression: "IF(m2 > 0, 100 * m1 / m2, 0)",
      metrics: { m1: { ...metric("5xx"), statistic: "Sum" }, m2: { ...metric("Count"), statistic: "Sum" } },
    },
  });
  const { alarms, metrics } = watching(ratio);
  const minute = async (errors: number) => {
    metrics.put(metric("5xx"), errors);
    metrics.put(metric("Count"), 100);
    await declaredMs(60_000);
  };
  await minute(5);
  expect(alarms.stateOf("server-errors")).toBe("OK");
  await minute(6);
  await minute(6);
  await minute(6);
  expect(alarms.stateOf("server-errors")).toBe("ALARM");
});

test("an alarm that is not modelled says so, and there is none of another name", async () => {
  const { alarms } = watching(declaredAlarm({ statistic: "p99", treatMissingData: "breaching" }));
  await declaredMs(120_000);
  expect(alarms.all()).toMatchObject([
    { state: "INSUFFICIENT_DATA", reason: "the drill does not evaluate such alarms" },
  ]);
  expect(alarms.stateOf("another")).toBeUndefined();
});
