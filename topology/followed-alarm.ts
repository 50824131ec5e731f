import { DeclarationError } from "../terraform-json/errors";
import { canBeEvaluated } from "./alarm-limits";
import type { AlarmHealthCheck, MetricAlarm, Topology } from "./topology";

/**
 * Finds the alarm that a health check follows. Route 53 requires a single metric and a plain statistic.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
 * @throws {DeclarationError} if there is no such alarm in a region of the drill
 */
export function followedAlarm(topology: Topology, { address, alarmName, alarmRegion }: AlarmHealthCheck): MetricAlarm {
  const alarm = topology.alarms.find(({ name, region }) => name === alarmName && region === alarmRegion);
  if (alarm === undefined) {
    throw new DeclarationError(
      `${address}: must follow an alarm on one metric; ${alarmRegion} declares none of the name ${alarmName}`,
    );
  }
  if (!canBeEvaluated(alarm)) {
    const { statistic, comparisonOperator, periodSeconds } = alarm;
    throw new DeclarationError(
      `${address}: must follow an alarm with a plain statistic, a fixed threshold and periods of whole minutes; ` +
        `${alarm.address} has ${statistic}, ${comparisonOperator}, ${periodSeconds} s`,
    );
  }
  if (!topology.regions.some(({ name }) => name === alarmRegion)) {
    throw new DeclarationError(
      `${address}: must follow an alarm in a region of the drill, got ${alarmRegion}; ` +
        `those regions are ${topology.regions.map(({ name }) => name).join(", ")}`,
    );
  }
  return alarm;
}
