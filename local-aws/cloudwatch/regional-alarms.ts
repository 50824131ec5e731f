import { setMaxListeners } from "node:events";
import { canBeEvaluated, isStatistic } from "../../topology/alarm-limits";
import { parseMetricMath } from "../../topology/metric-math";
import type { MetricAlarm, QueriedMetric } from "../../topology/topology";
import type { Pace } from "../pace";
import type { Random } from "../seeded-random";
import { type AlarmState, type AlarmVerdict, evaluate, rangeInPeriods } from "./alarm-evaluation";
import type { MetricClock } from "./metric-clock";
import { type MetricStore, statisticOf } from "./metric-store";

export interface RegionalAlarmsProps {
  readonly alarms: readonly MetricAlarm[];
  readonly metrics: MetricStore;
  readonly clock: MetricClock;
  readonly pace: Pace;
  /** Draws the second of the minute at which an alarm is evaluated. */
  readonly random: Random;
  /** Alarms of a lost region are not evaluated and keep their state. */
  readonly isHalted: () => boolean;
  readonly onChange: (status: AlarmStatus) => void;
}

export interface AlarmStatus extends AlarmVerdict {
  readonly alarm: MetricAlarm;
  /** Declared milliseconds. */
  readonly updatedAtMs: number;
}

/** Declared milliseconds between two evaluations of an alarm, for every period. */
const LOOK_EVERY_MS = 60_000;
const NOT_LOOKED: AlarmVerdict = { state: "INSUFFICIENT_DATA", reason: "the alarm has not looked yet" };
const NOT_MODELLED: AlarmVerdict = { state: "INSUFFICIENT_DATA", reason: "the drill does not evaluate such alarms" };

/**
 * A region's alarms. Each is evaluated once a minute, on the minutes that are over. At which second AWS does not say: here each alarm has its
 * own, so that a data point takes up to two minutes to show.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export class RegionalAlarms {
  private readonly aborter = new AbortController();
  private readonly statuses = new Map<string, AlarmStatus>();
  private readonly looking: Promise<void>[] = [];

  constructor(private readonly props: RegionalAlarmsProps) {
    setMaxListeners(0, this.aborter.signal); // Each alarm waits on its own.
    for (const alarm of props.alarms) {
      const verdict = canBeEvaluated(alarm) ? NOT_LOOKED : NOT_MODELLED;
      this.statuses.set(alarm.name, { alarm, ...verdict, updatedAtMs: props.clock.nowMs() });
    }
  }

  start(): void {
    for (const alarm of this.props.alarms) {
      const phaseMs = this.props.random() * LOOK_EVERY_MS;
      if (canBeEvaluated(alarm)) this.looking.push(this.lookAgainAndAgain(alarm, phaseMs));
    }
  }

  async stop(): Promise<void> {
    this.aborter.abort();
    await Promise.all(this.looking);
  }

  /** Sorted by name, as AWS lists them. */
  all(): AlarmStatus[] {
    return [...this.statuses.values()].sort((one, other) => (one.alarm.name < other.alarm.name ? -1 : 1));
  }

  /** Undefined when there is no such alarm. */
  stateOf(name: string): AlarmState | undefined {
    return this.statuses.get(name)?.state;
  }

  private async lookAgainAndAgain(alarm: MetricAlarm, phaseMs: number): Promise<void> {
    const { signal } = this.aborter;
    const { pace, isHalted } = this.props;
    await pace.wait(phaseMs, signal);
    while (!signal.aborted) {
      if (!isHalted()) this.look(alarm);
      await pace.wait(LOOK_EVERY_MS, signal);
    }
  }

  private look(alarm: MetricAlarm): void {
    const current = this.statuses.get(alarm.name);
    if (current === undefined) return;
    const { state, reason } = evaluate(alarm, this.pointsOf(alarm), current);
    if (state === current.state) return;
    const status = { alarm, state, reason, updatedAtMs: this.props.clock.nowMs() };
    this.statuses.set(alarm.name, status);
    this.props.onChange(status);
  }

  private pointsOf(alarm: MetricAlarm): (number | undefined)[] {
    const { math } = alarm;
    if (math === undefined) return this.pointsOfMetric(alarm, alarm);
    const compute = parseMetricMath(math.expression);
    const points = Object.entries(math.metrics).map(
      ([id, metric]) => [id, this.pointsOfMetric(alarm, metric)] as const,
    );
    return Array.from({ length: rangeInPeriods(alarm) }, (_, index) =>
      compute?.(Object.fromEntries(points.map(([id, values]) => [id, values[index]]))),
    );
  }

  private pointsOfMetric(alarm: MetricAlarm, metric: QueriedMetric): (number | undefined)[] {
    const { periodSeconds } = alarm;
    const { statistic } = metric;
    if (!isStatistic(statistic)) return [];
    return this.props.metrics
      .closedPeriods(metric, periodSeconds, rangeInPeriods(alarm))
      .map((set) => set && statisticOf(statistic, set));
  }
}
