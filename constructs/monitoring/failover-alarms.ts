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
  /** The stand-down switch, whose state the watch repeats every ten minutes or so. */
  readonly switchMetricName: string;
  /** Failed probes in a row, as the watch reports them about once a minute. */
  readonly probeMetricName: string;
  /** The health check's failure threshold. */
  readonly failureThreshold: number;
  readonly watchFunctionName: string;
}

/** Alarms about the failover itself. They are in the standby, so they work while the primary is down. The switch has its own alarm. */
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
      treatMissingData: "notBreaching", // The alarm below fires when the watch does not report.
    });
    new CloudwatchMetricAlarm(this, "primary-unwatched", {
      ...probes,
      alarmName: `${namePrefix}-primary-unwatched`,
      alarmDescription: "Nobody watches the primary: an automatic failover may not be latched",
      statistic: "SampleCount",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      // A run that counts up to a high threshold reports late.
      evaluationPeriods: 10,
      treatMissingData: "breaching",
    });
    new CloudwatchMetricAlarm(this, "switch-without-data", {
      ...told,
      namespace,
      dimensions: { ...dimensions },
      metricName: props.switchMetricName,
      alarmName: `${namePrefix}-switch-without-data`,
      alarmDescription:
        "The switch has had no data for half an hour: its state rests on Route 53's memory, which is meant for some hours",
      statistic: "SampleCount",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 30,
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
      evaluationPeriods: 1, // A run that fails to latch a failover may be the only failing run.
      treatMissingData: "notBreaching",
    });
  }
}
