import type { MetricAlarm } from "../../../topology/topology";

/** The alarm behind a stand-down switch, as a topology declares it. */
export function declaredAlarm(overrides: Partial<MetricAlarm> = {}): MetricAlarm {
  return {
    address: "failover-dns: aws_cloudwatch_metric_alarm.switch",
    region: "us-west-2",
    name: "stood-down",
    namespace: "shop/failover",
    metricName: "PrimaryStoodDown",
    dimensions: { PrimaryRegion: "us-east-1" },
    statistic: "Maximum",
    periodSeconds: 60,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "ignore",
    ...overrides,
  };
}
