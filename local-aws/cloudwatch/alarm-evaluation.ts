import type { ComparisonOperator } from "../../topology/alarm-limits";
import type { MetricAlarm } from "../../topology/topology";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface AlarmVerdict {
  readonly state: AlarmState;
  /** Why, for people. */
  readonly reason: string;
}

const COMPARISONS: Readonly<
  Record<ComparisonOperator, readonly [sign: string, compare: (value: number, limit: number) => boolean]>
> = {
  GreaterThanOrEqualToThreshold: [">=", (value, limit) => value >= limit],
  GreaterThanThreshold: [">", (value, limit) => value > limit],
  LessThanOrEqualToThreshold: ["<=", (value, limit) => value <= limit],
  LessThanThreshold: ["<", (value, limit) => value < limit],
};

/** Periods that an alarm looks at beyond its evaluation periods: the documentation's tables have five for three. */
const EXTRA_PERIODS = 2;

/** How many closed periods an alarm looks back. */
export const rangeInPeriods = ({ evaluationPeriods }: MetricAlarm) => evaluationPeriods + EXTRA_PERIODS;

/**
 * Evaluates an alarm on its metric. Real data points come first, from as far back as the evaluation range goes; only what is missing beyond
 * them is filled in as declared. Alarms on metrics of `AWS/DynamoDB` ignore missing data unless another treatment is chosen.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * @param points - a value for each period of the range, oldest first; undefined where there is none
 */
export function evaluate(
  alarm: MetricAlarm,
  points: readonly (number | undefined)[],
  current: AlarmVerdict,
): AlarmVerdict {
  const { evaluationPeriods, datapointsToAlarm, threshold, comparisonOperator } = alarm;
  const [sign, compare] = COMPARISONS[comparisonOperator as ComparisonOperator] ?? ["?", () => false];
  const isBreaching = (value: number) => compare(value, threshold);
  const real = points.filter((point) => point !== undefined);
  const evaluated = real.slice(-evaluationPeriods);
  const breaching = evaluated.filter(isBreaching).length;
  const missing = evaluationPeriods - evaluated.length;
  const verdict = (isAlarm: boolean): AlarmVerdict => ({
    state: isAlarm ? "ALARM" : "OK",
    reason:
      `${breaching} of the last ${evaluated.length} data points [${evaluated.join(", ")}] ${sign} ${threshold}` +
      `${missing === 0 ? "" : `, ${missing} missing and treated as ${alarm.treatMissingData}`}`,
  });
  if (missing === 0 || breaching >= datapointsToAlarm) return verdict(breaching >= datapointsToAlarm);
  switch (treatmentOf(alarm)) {
    case "breaching":
      return verdict(breaching + missing >= datapointsToAlarm);
    case "notBreaching":
      return verdict(false);
    case "ignore":
      return breaching < real.length ? verdict(false) : current;
    case "missing":
      if (real.length === 0) return { state: "INSUFFICIENT_DATA", reason: "no data points in the evaluation range" };
      if (breaching < real.length) return verdict(false);
      // The newest point alone decides nothing: the next one may be within the threshold.
      return ageOfOldest(points) >= datapointsToAlarm ? verdict(true) : current;
  }
}

function treatmentOf({ namespace, treatMissingData }: MetricAlarm): MetricAlarm["treatMissingData"] {
  return namespace === "AWS/DynamoDB" && treatMissingData === "missing" ? "ignore" : treatMissingData;
}

/** In periods; 1 for the newest one. */
function ageOfOldest(points: readonly (number | undefined)[]): number {
  return points.length - points.findIndex((point) => point !== undefined);
}
