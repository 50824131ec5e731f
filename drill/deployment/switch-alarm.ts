import { DeclarationError } from "../../terraform-json/errors";
import { followedAlarm } from "../../topology/followed-alarm";
import type { AlarmHealthCheck, DnsRecord, HealthCheck, MetricAlarm, Topology } from "../../topology/topology";

/** The alarm of the stand-down switch. */
export interface SwitchAlarm {
  readonly check: AlarmHealthCheck;
  readonly alarm: MetricAlarm;
}

/**
 * Finds the alarm behind a record: its health check is, or has among its children, one that follows an alarm.
 * @throws {DeclarationError} naming what is missing on the way
 */
export function switchAlarm(topology: Topology, record: DnsRecord): SwitchAlarm {
  const { healthCheckId } = record;
  if (healthCheckId === undefined)
    throw new DeclarationError(`${record.address}: must have a health check to have a switch`);
  const [check] = alarmChecksOf(topology.healthChecks, healthCheckId);
  if (check === undefined) {
    throw new DeclarationError(
      `${record.address}: its health check must be, or have among its children, a CLOUDWATCH_METRIC check to have a switch; got none`,
    );
  }
  return { check, alarm: followedAlarm(topology, check) };
}

/** Whether there is an alarm behind a record. */
export function hasSwitch({ healthChecks }: Topology, { healthCheckId }: DnsRecord): boolean {
  return healthCheckId !== undefined && alarmChecksOf(healthChecks, healthCheckId).length > 0;
}

function alarmChecksOf(checks: readonly HealthCheck[], id: string, seen = new Set<string>()): AlarmHealthCheck[] {
  const check = checks.find((candidate) => candidate.id === id);
  if (check === undefined || seen.has(id)) return [];
  seen.add(id);
  if (check.type === "CLOUDWATCH_METRIC") return [check];
  return check.type === "CALCULATED" ? check.childIds.flatMap((childId) => alarmChecksOf(checks, childId, seen)) : [];
}
