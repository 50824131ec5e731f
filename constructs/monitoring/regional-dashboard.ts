import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import { apiMetric, functionMetric, type Metric, queueMetric, replicationLatency, tableThrottles } from "./metric";
import type { ObservedRegion } from "./regional-alarms";
import { peerHeartbeatAge, shopMetrics, standbyUnhealthy } from "./shop-metrics";

export interface RegionalDashboardProps {
  readonly dashboardName: string;
  readonly namePrefix: string;
  readonly region: string;
  readonly observed: ObservedRegion;
}

/** An overview of one region, from that region's metrics only: it works while the other region is down. */
export class RegionalDashboard extends Construct {
  constructor(scope: Construct, id: string, props: RegionalDashboardProps) {
    super(scope, id);
    const { observed, region, namePrefix } = props;
    const graphs: [title: string, metrics: Metric[]][] = [
      ["Requests and errors", ["Count", "4xx", "5xx"].map((name) => apiMetric(observed.api, name, "Sum"))],
      ["Response time, ms", ["p50", "p99"].map((stat) => apiMetric(observed.api, "Latency", stat))],
      [
        `Replication to ${observed.peerRegion}, ms`,
        observed.tableNames.map((name) => replicationLatency(name, observed.peerRegion)),
      ],
      [
        `Age of ${observed.peerRegion}'s heartbeat, s`,
        observed.tableNames.map((name) => peerHeartbeatAge(namePrefix, observed.peerRegion, name)),
      ],
      ["Standby unhealthy", [standbyUnhealthy(namePrefix)]],
      [
        "Unpaid messages",
        [
          queueMetric(observed.queueName, "ApproximateNumberOfMessagesVisible"),
          queueMetric(observed.deadLetterQueueName, "ApproximateNumberOfMessagesVisible"),
        ],
      ],
      ["Oldest unpaid message, s", [queueMetric(observed.queueName, "ApproximateAgeOfOldestMessage")]],
      ["Orders", shopMetrics(namePrefix, "OrdersAccepted", "OrdersPaid", "OrdersDeclined", "OrdersSwept")],
      ["Trouble", shopMetrics(namePrefix, "VendorFailures", "AmountMismatches", "DoubleSales", "CartConflicts")],
      ["Function errors", observed.functionNames.map((name) => functionMetric(name, "Errors"))],
      ["Function throttles", observed.functionNames.map((name) => functionMetric(name, "Throttles"))],
      ["Table throttles", tableThrottles(observed.tableNames, observed.indexes)],
    ];
    new CloudwatchDashboard(this, "Resource", {
      dashboardName: props.dashboardName,
      dashboardBody: JSON.stringify({
        widgets: graphs.map(([title, metrics], index) => ({
          type: "metric",
          x: (index % 2) * 12,
          y: Math.floor(index / 2) * 6,
          width: 12,
          height: 6,
          properties: { title, region, view: "timeSeries", period: 60, metrics: metrics.map(dashboardMetric) },
        })),
      }),
    });
  }
}

/** A metric in the array form of a dashboard's body (AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure). */
function dashboardMetric({ namespace, metricName, dimensions, stat }: Metric): (string | object)[] {
  return [namespace, metricName, ...Object.entries(dimensions).flat(), { stat }];
}
