import { RESOLUTION_SECONDS, type Statistic } from "../../topology/alarm-limits";
import type { MetricClock } from "./metric-clock";

/** Identity of a metric. Each combination of dimensions is its own metric. */
export interface MetricId {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface StatisticSet {
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly sampleCount: number;
}

export interface PeriodStatistics extends StatisticSet {
  /** Declared milliseconds at which the period begins. */
  readonly startMs: number;
}

const VALUES: Readonly<Record<Statistic, (set: StatisticSet) => number>> = {
  Sum: ({ sum }: StatisticSet) => sum,
  Average: ({ sum, sampleCount }: StatisticSet) => sum / sampleCount,
  Minimum: ({ minimum }: StatisticSet) => minimum,
  Maximum: ({ maximum }: StatisticSet) => maximum,
  SampleCount: ({ sampleCount }: StatisticSet) => sampleCount,
};

export const statisticOf = (statistic: Statistic, set: StatisticSet): number => VALUES[statistic](set);

const RESOLUTION_MS = RESOLUTION_SECONDS * 1_000;

/**
 * One region's metrics, in the resolution of a minute.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
 */
export class MetricStore {
  private readonly metrics = new Map<string, Map<number, StatisticSet>>();
  private readonly listeners = new Map<string, (value: number) => void>();

  constructor(private readonly clock: MetricClock) {}

  /**
   * @param atMs - declared milliseconds
   * @param count - how many times the value was seen
   */
  put(metric: MetricId, value: number, atMs: number = this.clock.nowMs(), count = 1): void {
    const key = keyOf(metric);
    this.listeners.get(key)?.(value);
    const minutes = this.metrics.get(key) ?? new Map<number, StatisticSet>();
    this.metrics.set(key, minutes);
    const minute = Math.floor(atMs / RESOLUTION_MS);
    const added = { sum: value * count, minimum: value, maximum: value, sampleCount: count };
    minutes.set(minute, merged(minutes.get(minute), added));
  }

  /** Calls a listener for each data point of one metric. A new listener replaces the old one. */
  onPut(metric: MetricId, listener: (value: number) => void): void {
    this.listeners.set(keyOf(metric), listener);
  }

  /**
   * Statistics of each period that has data and begins in the span, oldest first.
   * @param periodSeconds - declared seconds, a multiple of 60
   * @param fromMs - declared milliseconds; periods are counted from 0, so the first one begins at or before this
   * @param toMs - declared milliseconds, excluded
   */
  periods(metric: MetricId, periodSeconds: number, fromMs: number, toMs: number): PeriodStatistics[] {
    const periodMs = periodSeconds * 1_000;
    const firstMs = Math.floor(fromMs / periodMs) * periodMs;
    return this.spans(metric, periodMs, firstMs, toMs);
  }

  /**
   * Statistics of the closed periods that an alarm evaluates, oldest first; undefined where there is no data. The newest one ends with the
   * last whole minute, so that a period of several minutes advances by a minute.
   * @param count - how many periods
   */
  closedPeriods(metric: MetricId, periodSeconds: number, count: number): (StatisticSet | undefined)[] {
    const periodMs = periodSeconds * 1_000;
    const endMs = Math.floor(this.clock.nowMs() / RESOLUTION_MS) * RESOLUTION_MS;
    const firstMs = endMs - count * periodMs;
    const found = new Map(this.spans(metric, periodMs, firstMs, endMs).map((set) => [set.startMs, set]));
    return Array.from({ length: count }, (_, index) => found.get(firstMs + index * periodMs));
  }

  /** Spans of `periodMs`, counted from `firstMs`, that have data and begin before `toMs`. */
  private spans(metric: MetricId, periodMs: number, firstMs: number, toMs: number): PeriodStatistics[] {
    const found = new Map<number, StatisticSet>();
    for (const [minute, set] of this.metrics.get(keyOf(metric)) ?? []) {
      const startMs = firstMs + Math.floor((minute * RESOLUTION_MS - firstMs) / periodMs) * periodMs;
      if (startMs >= firstMs && startMs < toMs) found.set(startMs, merged(found.get(startMs), set));
    }
    return [...found].sort(([one], [other]) => one - other).map(([startMs, set]) => ({ startMs, ...set }));
  }
}

function merged(one: StatisticSet | undefined, other: StatisticSet): StatisticSet {
  if (one === undefined) return other;
  return {
    sum: one.sum + other.sum,
    minimum: Math.min(one.minimum, other.minimum),
    maximum: Math.max(one.maximum, other.maximum),
    sampleCount: one.sampleCount + other.sampleCount,
  };
}

function keyOf({ namespace, metricName, dimensions }: MetricId): string {
  return JSON.stringify([
    namespace,
    metricName,
    Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1)),
  ]);
}
