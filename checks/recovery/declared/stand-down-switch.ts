import { SWITCH_PERIOD_SECONDS } from "../../../config/recovery-time-budget";
import { DeclarationError } from "../../../terraform-json/errors";
import type { JsonObject } from "../../../terraform-json/json";
import type { Stack } from "../../../terraform-json/stack";
import { type Fault, nameOf } from "../steps/step";
import { hearingFaults } from "./health-checks";
import { type Located, literalText, referredBlocks, resourcesOf } from "./referred-blocks";

/** A health check that follows an alarm. Operators take the primary out of service with it. */
export interface StandDownSwitch {
  readonly check: Located;
  /** Region in which Route 53 looks for the alarm. */
  readonly region: string;
  /** Undefined when that region has no alarm of that name. */
  readonly alarm: Located | undefined;
  /** Why it would not follow data points, or not keep its state. */
  readonly faults: readonly Fault[];
}

/** Finds the alarm of a health check by name and region, as Route 53 does. */
export function standDownSwitch(check: Located, stacks: readonly Stack[]): StandDownSwitch {
  const region = literalText(check, "cloudwatch_alarm_region");
  const name = alarmName(check, stacks);
  const alarms = resourcesOf("aws_cloudwatch_metric_alarm", stacks).filter(
    (alarm) => alarm.block.body["alarm_name"] === name,
  );
  const alarm = alarms.find(({ block }) => block.region === region);
  if (alarm !== undefined) {
    const faults = [...hearingFaults(check), ...stateFaults(check, alarm), ...metricFaults(alarm)];
    return { check, region, alarm, faults };
  }
  const elsewhere = alarms.map(({ block }) => block.region).join(", ");
  const missing = {
    resource: nameOf(check),
    reason: `Route 53 looks for the alarm ${name} in ${region}, where there is none${elsewhere === "" ? "" : ` (it is in ${elsewhere})`}`,
    remedy: "make cloudwatch_alarm_region the region of the alarm's provider",
  };
  return { check, region, alarm: undefined, faults: [...hearingFaults(check), missing] };
}

function alarmName(check: Located, stacks: readonly Stack[]): string {
  const { stack, block } = check;
  const where = `${block.address}.cloudwatch_alarm_name`;
  const [alarm] = referredBlocks(block.body["cloudwatch_alarm_name"], stack, stacks, where);
  return alarm === undefined ? literalText(check, "cloudwatch_alarm_name") : literalText(alarm, "alarm_name");
}

/** The switch must keep its state without data: for days, and while CloudWatch itself does not answer. */
function stateFaults(check: Located, alarm: Located): Fault[] {
  const status = check.block.body["insufficient_data_health_status"] ?? null;
  const missing = alarm.block.body["treat_missing_data"] ?? null;
  return [
    ...(status === "LastKnownStatus"
      ? []
      : [
          {
            resource: nameOf(check),
            reason: `without data it turns ${status === null ? "to the default" : String(status)}: customers fail over without an operator's decision`,
            remedy: 'set insufficient_data_health_status to "LastKnownStatus"',
          },
        ]),
    ...(missing === "ignore"
      ? []
      : [
          {
            resource: nameOf(alarm),
            reason: `it treats missing data as ${missing === null ? '"missing"' : JSON.stringify(missing)}: the switch resets a minute after it was set`,
            remedy: 'set treat_missing_data to "ignore"',
          },
        ]),
  ];
}

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** The alarm must be one that Route 53 can follow, and must distinguish 1 from 0. */
function metricFaults(alarm: Located): Fault[] {
  const { body } = alarm.block;
  const resource = nameOf(alarm);
  const faults: Fault[] = [];
  if (body["metric_query"] !== undefined || body["metric_name"] === undefined) {
    const reason = "Route 53 follows a single metric, not metric math";
    return [{ resource, reason, remedy: "name the switch's metric with metric_name and namespace" }];
  }
  if (body["extended_statistic"] !== undefined) {
    const reason = `Route 53 follows no extended statistic such as ${String(body["extended_statistic"])}`;
    faults.push({ resource, reason, remedy: 'set statistic to "Maximum" instead' });
  }
  if (body["extended_statistic"] === undefined && body["statistic"] !== "Maximum") {
    const reason = `with the statistic ${JSON.stringify(body["statistic"]) ?? "missing"} a release can undo a stand-down of the same minute`;
    faults.push({ resource, reason, remedy: 'set statistic to "Maximum"' });
  }
  const period = body["period"];
  if (typeof period !== "number" || period < 60) {
    const reason = `Route 53 follows metrics of standard resolution only, and the period is ${JSON.stringify(period) ?? "missing"}`;
    faults.push({ resource, reason, remedy: "set period to 60" });
  }
  const seconds = Number(period) * Number(body["evaluation_periods"]);
  if (seconds > SWITCH_PERIOD_SECONDS) {
    const reason = `it evaluates ${seconds} s of data; the recovery time assumes ${SWITCH_PERIOD_SECONDS} s`;
    faults.push({ resource, reason, remedy: "set period to 60 and evaluation_periods to 1" });
  }
  if (faults.length === 0 && !(alarmsAt(1, body) && !alarmsAt(0, body))) {
    const reason = "a data point of 1 does not stand the primary down, or one of 0 does not release it";
    faults.push({ resource, reason, remedy: 'make the alarm go into ALARM when the statistic "Maximum" is 1 or more' });
  }
  return faults;
}

/** Whether one data point of this value puts the alarm into ALARM. */
function alarmsAt(value: number, body: JsonObject): boolean {
  const compare = COMPARISONS[String(body["comparison_operator"])];
  const threshold = body["threshold"];
  if (compare === undefined || typeof threshold !== "number") {
    throw new DeclarationError(
      `${String(body["alarm_name"])}: expected a comparison with a number, got ${JSON.stringify(body["comparison_operator"])} and ${JSON.stringify(threshold)}`,
    );
  }
  return compare(body["statistic"] === "SampleCount" ? 1 : value, threshold);
}

/** The namespace, metric name and dimension values of the switch's data points. */
export function metricNames(alarm: Located): string[] {
  const { namespace, metric_name: metricName, dimensions } = alarm.block.body;
  return [namespace, metricName, ...Object.values((dimensions ?? {}) as JsonObject)].map(String);
}
