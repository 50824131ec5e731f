import type { RegionWorld } from "../../local-aws/world/region-world";
import type { DnsRecord, Topology } from "../../topology/topology";
import { hasSwitch, type SwitchAlarm, switchAlarm } from "./switch-alarm";

/** The switch by which the primary is stood down: who throws it, and how long it takes. */
export class Switchboard {
  /** Told of each data point that reaches the switch's metric, whoever has put it. */
  onDataPoint: (value: number) => void = () => {};

  constructor(
    private readonly topology: Topology,
    private readonly record: DnsRecord,
    private readonly regions: ReadonlyMap<string, RegionWorld>,
  ) {}

  /** Whether an operator can stand the primary down: an alarm is among what its record's health check goes by. */
  get isDeclared(): boolean {
    return hasSwitch(this.topology, this.record);
  }

  /** One evaluation, and the TTL of the record, in declared milliseconds; undefined without a switch. */
  get timesMs(): { readonly evaluation: number; readonly ttl: number } | undefined {
    if (!this.isDeclared) return undefined;
    const { periodSeconds, evaluationPeriods } = this.found.alarm;
    return { evaluation: periodSeconds * evaluationPeriods * 1_000, ttl: this.record.ttlSeconds * 1_000 };
  }

  /** Once the regions stand. */
  watch(): void {
    if (!this.isDeclared) return;
    const { alarm } = this.found;
    this.regions.get(alarm.region)?.metrics.onPut(alarm, (value) => this.onDataPoint(value));
  }

  /**
   * Puts a data point into the metric behind the switch, as an operator would: 1 stands the primary down, 0 releases it.
   * @returns whether it got there: not while the CloudWatch of its region is out of reach
   * @throws {DeclarationError} naming what is missing, when there is no switch
   */
  put(value: 0 | 1): boolean {
    const { alarm } = this.found;
    const region = this.regions.get(alarm.region);
    if (region?.hasCloudWatch !== true) return false;
    region.metrics.put(alarm, value);
    return true;
  }

  private get found(): SwitchAlarm {
    return switchAlarm(this.topology, this.record);
  }
}
