import { parseMetricMath } from "./metric-math";
import type { MetricAlarm } from "./topology";

/** Plain statistics: the ones that an alarm behind a health check may use. */
export const STATISTICS = ["Sum", "Average", "Minimum", "Maximum", "SampleCount"] as const;

export type Statistic = (typeof STATISTICS)[number];

export const isStatistic = (name: string): name is Statistic => (STATISTICS as readonly string[]).includes(name);

/** Comparisons with a fixed threshold. */
export const COMPARISON_OPERATORS = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanOrEqualToThreshold",
  "LessThanThreshold",
] as const;

export type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number];

/** Declared seconds: data points of one minute are not told apart. */
export const RESOLUTION_SECONDS = 60;

/** Whether the drill can evaluate an alarm. Percentiles, other metric math than {@link parseMetricMath}'s, anomaly bands and high-resolution periods are not modelled. */
export function canBeEvaluated({ statistic, math, comparisonOperator, periodSeconds }: MetricAlarm): boolean {
  const statistics = math === undefined ? [statistic] : Object.values(math.metrics).map((metric) => metric.statistic);
  return (
    statistics.every(isStatistic) &&
    (math === undefined || parseMetricMath(math.expression) !== undefined) &&
    (COMPARISON_OPERATORS as readonly string[]).includes(comparisonOperator) &&
    periodSeconds % RESOLUTION_SECONDS === 0
  );
}
