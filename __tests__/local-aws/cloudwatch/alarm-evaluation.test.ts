import { type AlarmState, evaluate } from "../../../local-aws/cloudwatch/alarm-evaluation";
import { canBeEvaluated } from "../../../topology/alarm-limits";
import type { MetricAlarm } from "../../../topology/topology";
import { declaredAlarm } from "./declared-alarm";

const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;
const KEPT = "kept";

/** `0` is within the threshold, `X` breaches it, `-` is missing; the newest is on the right. */
const points = (text: string) => text.split(" ").map((point) => (point === "-" ? undefined : point === "X" ? 10 : 0));

function states(alarm: Partial<MetricAlarm>, data: string): (AlarmState | typeof KEPT)[] {
  return TREATMENTS.map((treatMissingData) => {
    const declared = declaredAlarm({ ...alarm, treatMissingData });
    const current = { state: "OK" as const, reason: KEPT };
    const { state, reason } = evaluate(declared, points(data), current);
    return reason === KEPT ? KEPT : state;
  });
}

const INSUFFICIENT = "INSUFFICIENT_DATA";

// The tables of the documentation: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
test.each<[string, ...(AlarmState | typeof KEPT)[]]>([
  ["0 - X - X", "OK", "OK", "OK", "OK"],
  ["0 - - - -", "OK", "OK", "OK", "OK"],
  ["- - - - -", INSUFFICIENT, KEPT, "ALARM", "OK"],
  ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["- - X - -", "ALARM", KEPT, "ALARM", "OK"],
  ["- - - - X", KEPT, KEPT, "ALARM", "OK"],
])("3 of 3, %s", (data, missing, ignore, breaching, notBreaching) => {
  expect(states({ evaluationPeriods: 3, datapointsToAlarm: 3 }, data)).toEqual([
    missing,
    ignore,
    breaching,
    notBreaching,
  ]);
});

test.each<[string, ...(AlarmState | typeof KEPT)[]]>([
  ["0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["0 - X - -", "OK", "OK", "ALARM", "OK"],
  ["- - - - 0", "OK", "OK", "ALARM", "OK"],
  ["- - - X -", "ALARM", KEPT, "ALARM", "OK"],
])("2 of 3, %s", (data, missing, ignore, breaching, notBreaching) => {
  expect(states({ evaluationPeriods: 3, datapointsToAlarm: 2 }, data)).toEqual([
    missing,
    ignore,
    breaching,
    notBreaching,
  ]);
});

test.each([
  ["GreaterThanOrEqualToThreshold", "ALARM"],
  ["GreaterThanThreshold", "OK"],
  ["LessThanOrEqualToThreshold", "ALARM"],
  ["LessThanThreshold", "OK"],
])("a value at the threshold, %s: %s", (comparisonOperator, expected) => {
  const alarm = declaredAlarm({ comparisonOperator });
  const { state } = evaluate(alarm, [1], { state: "INSUFFICIENT_DATA", reason: "" });
  expect(state).toBe(expected);
});

test("an alarm on DynamoDB's metrics keeps its state without data, though it says nothing of it", () => {
  const alarm = declaredAlarm({ namespace: "AWS/DynamoDB", treatMissingData: "missing" });
  expect(evaluate(alarm, [undefined], { state: "ALARM", reason: KEPT })).toEqual({ state: "ALARM", reason: KEPT });
});

test("a reason tells data points and threshold", () => {
  const { reason } = evaluate(declaredAlarm(), [undefined, 1], { state: "OK", reason: "" });
  expect(reason).toBe("1 of the last 1 data points [1] >= 1");
});

test("percentiles, anomaly bands and periods below a minute are not evaluated", () => {
  expect(canBeEvaluated(declaredAlarm())).toBe(true);
  expect(canBeEvaluated(declaredAlarm({ statistic: "p99" }))).toBe(false);
  expect(canBeEvaluated(declaredAlarm({ comparisonOperator: "GreaterThanUpperThreshold" }))).toBe(false);
  expect(canBeEvaluated(declaredAlarm({ periodSeconds: 10 }))).toBe(false);
});
