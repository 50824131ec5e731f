import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Construct } from "constructs";

export interface StandDownSwitchProps {
  /** The standby: alarm and metric are there, out of reach of whatever befalls the primary. */
  readonly region: string;
  readonly alarmName: string;
  /** Shown in the console's list of health checks. */
  readonly healthCheckName: string;
  readonly namespace: string;
  /** 1 stands the primary down, 0 releases it. */
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** SNS topic of the standby that hears of both. */
  readonly topicArn: string;
}

/**
 * The switch by which people take the primary out of service: one data point in the standby's CloudWatch, which is a data plane there,
 * turns a health check. It keeps its state when no data comes, for however long, and when CloudWatch itself does not answer.
 *
 * Within one period the highest value counts, so that a stand-down is never undone by a release that crosses it; who releases repeats the
 * data point until it is seen.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export class StandDownSwitch extends Construct {
  /** Healthy while the primary is not stood down. */
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
      // Route 53 copies what the alarm watches when the check is made; later changes reach it only through this.
      triggers: Object.fromEntries(
        Object.entries({ ...watched, ...dimensions }).map(([name, value]) => [name, String(value)]),
      ),
      tags: { Name: props.healthCheckName },
    });
    this.healthCheckId = check.id;
  }
}
