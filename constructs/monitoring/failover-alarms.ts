import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { functionMetric } from "./metric";

export interface FailoverAlarmsProps {
  readonly namePrefix: string;
  /** SNS topic of the standby. */
  readonly topicArn: string;
  readonly primaryRegion: string;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Failed probes in a row, as the watch reports them about once a minute. */
  readonly probeMetricName: string;
  /** As many as the health check takes for an outage. */
  readonly failureThreshold: number;
  readonly watchFunctionName: string;
}

/** Alarms about the failover itself, in the standby: they ring when the primary is dark. The switch has one of its own. */
export class FailoverAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FailoverAlarmsProps) {
    super(scope, id);
    const { namePrefix, topicArn, namespace, dimensions, probeMetricName, primaryRegion } = props;
    const told = { alarmActions: [topicArn], okActions: [topicArn], period: 60 };
    const probes = { ...told, namespace, dimensions: { ...dimensions }, metricName: probeMetricName };
    new CloudwatchMetricAlarm(this, "primary-unhealthy", {
      ...probes,
      alarmName: `${namePrefix}-primary-unhealthy`,
      alarmDescription: `${primaryRegion} has failed ${props.failureThreshold} probes in a row from the standby; see who answers with npm run failover -- status`,
      statistic: "Maximum",
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: props.failureThreshold,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching", // The alarm below tells when nobody looks.
    });
    new CloudwatchMetricAlarm(this, "primary-unwatched", {
      ...probes,
      alarmName: `${namePrefix}-primary-unwatched`,
      alarmDescription: "Nobody watches the primary: an automatic failover may not be latched",
      statistic: "SampleCount",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      // A run that counts failures to the end of a high threshold reports late.
      evaluationPeriods: 10,
      treatMissingData: "breaching",
    });
    const { stat, ...errors } = functionMetric(props.watchFunctionName, "Errors");
    new CloudwatchMetricAlarm(this, "watch-errors", {
      ...told,
      ...errors,
      dimensions: { ...errors.dimensions },
      alarmName: `${namePrefix}-primary-watch-errors`,
      alarmDescription: "The primary's watch fails: the switch may not have been thrown",
      statistic: stat,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1, // A failover that is not latched may be the only run that fails.
      treatMissingData: "notBreaching",
    });
  }
}
