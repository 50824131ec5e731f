import type { LocalAws } from "../../local-aws/local-aws";
import type { DnsRecord, Topology } from "../../topology/topology";
import { hasSwitch, type SwitchAlarm, switchAlarm } from "./switch-alarm";

/**
 * Declared milliseconds between two evaluations of an alarm, which looks at periods that are over.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
const ALARM_CYCLE_MS = 60_000;

/** The switch that takes the primary out of service: its metric, and how long a change takes. */
export class Switchboard {
  /** Called for each data point of the switch's metric, whoever put it. */
  onDataPoint: (value: number) => void = () => {};

  constructor(
    private readonly topology: Topology,
    private readonly record: DnsRecord,
    private readonly aws: LocalAws,
  ) {}

  /** Whether the primary has a switch: the health check of its record follows an alarm. */
  get isDeclared(): boolean {
    return hasSwitch(this.topology, this.record);
  }

  /** Region of the switch's alarm; undefined without a switch. */
  get region(): string | undefined {
    return this.isDeclared ? this.found.alarm.region : undefined;
  }

  /** Longest time until the switch's alarm shows a data point, and the TTL of the record, in declared milliseconds; undefined without a switch. */
  get timesMs(): { readonly evaluation: number; readonly ttl: number } | undefined {
    if (!this.isDeclared) return undefined;
    const { periodSeconds, evaluationPeriods } = this.found.alarm;
    return {
      evaluation: periodSeconds * evaluationPeriods * 1_000 + ALARM_CYCLE_MS,
      ttl: this.record.ttlSeconds * 1_000,
    };
  }

  /** Begins to call back for data points. The local AWS must have been started. */
  watch(): void {
    if (this.isDeclared) this.aws.onMetric(this.found.alarm, (value) => this.onDataPoint(value));
  }

  /**
   * Puts a data point into the switch's metric, as an operator does: 1 takes the primary out of service, 0 returns it.
   * @returns false when the CloudWatch of the switch's region is out of reach
   * @throws {DeclarationError} naming what is missing, when there is no switch
   */
  put(value: 0 | 1): boolean {
    return this.aws.putMetric(this.found.alarm, value);
  }

  private get found(): SwitchAlarm {
    return switchAlarm(this.topology, this.record);
  }
}
