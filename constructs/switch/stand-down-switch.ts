import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Construct } from "constructs";

export interface StandDownSwitchProps {
  /** Provider of the standby, which holds the alarm and the metric, so that they survive the loss of the primary. */
  readonly region: string;
  readonly alarmName: string;
  /** Shown in the console's list of health checks. */
  readonly healthCheckName: string;
  readonly namespace: string;
  /** 1 stands the primary down, 0 releases it; 1.5 and 0.5 repeat either state. */
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** SNS topic of the standby that is notified of both. */
  readonly topicArn: string;
}

/**
 * The switch by which operators take the primary out of service: one data point in the standby's CloudWatch, a data-plane call, changes a
 * health check. The switch keeps its state for some hours without data, or while CloudWatch itself does not answer. AWS advises against the
 * last known status beyond that, so the watch repeats the state every ten minutes, and an alarm rings when nobody does.
 *
 * Within one period the highest value counts, so that a concurrent release never undoes a stand-down. A release therefore repeats its data
 * point until the alarm shows it.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
 */
export class StandDownSwitch extends Construct {
  /** Health check that is healthy while the primary is not stood down. */
  public readonly healthCheckId: string;

  constructor(scope: Construct, id: string, props: StandDownSwitchProps) {
    super(scope, id);
    const { namespace, metricName, dimensions } = props;
    const watched = {
      namespace,
      metricName,
      statistic: "Maximum", // Route 53 follows plain statistics of standard-resolution metrics only.
      period: 60,
      evaluationPeriods: 1,
      threshold: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
    };
    const alarm = new CloudwatchMetricAlarm(this, "Alarm", {
      ...watched,
      dimensions: { ...dimensions },
      alarmName: props.alarmName,
      alarmDescription:
        "The primary is stood down: customers stay with the standby until somebody releases it (npm run failover -- release)",
      treatMissingData: "ignore",
      alarmActions: [props.topicArn],
      okActions: [props.topicArn],
    });
    const check = new Route53HealthCheck(this, "Resource", {
      type: "CLOUDWATCH_METRIC",
      cloudwatchAlarmName: alarm.alarmName,
      cloudwatchAlarmRegion: props.region,
      insufficientDataHealthStatus: "LastKnownStatus",
      // Route 53 copies the alarm's settings when the check is created; only a changed trigger passes on later changes.
      triggers: Object.fromEntries(
        Object.entries({ ...watched, ...dimensions }).map(([name, value]) => [name, String(value)]),
      ),
      tags: { Name: props.healthCheckName },
    });
    this.healthCheckId = check.id;
  }
}
