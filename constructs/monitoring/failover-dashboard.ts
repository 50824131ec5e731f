import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { RegionalAccount } from "../providers-and-state/regional-arns";

export interface FailoverDashboardProps extends RegionalAccount {
  readonly dashboardName: string;
  readonly primaryRegion: string;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly switchMetricName: string;
  readonly probeMetricName: string;
  /** Alarms of the standby that show the state of the failover. */
  readonly alarmNames: readonly string[];
}

/** The state of the failover, from the standby's own metrics. */
export class FailoverDashboard extends Construct {
  constructor(scope: Construct, id: string, props: FailoverDashboardProps) {
    super(scope, id);
    const { region, accountId, primaryRegion, namespace, dimensions } = props;
    const graph = (title: string, metricName: string) => ({
      type: "metric",
      width: 12,
      height: 6,
      properties: {
        title,
        region,
        view: "timeSeries",
        period: 60,
        metrics: [[namespace, metricName, ...Object.entries(dimensions).flat(), { stat: "Maximum" }]],
      },
    });
    const widgets = [
      {
        type: "alarm",
        width: 24,
        height: 3,
        properties: {
          title: `Alarms about ${primaryRegion}, in ${region}`,
          alarms: props.alarmNames.map((name) => `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`),
        },
      },
      graph(
        `Stand-down switch of ${primaryRegion}: 1 stands down, 0 releases, 1.5 and 0.5 repeat the state`,
        props.switchMetricName,
      ),
      graph(`Failed probes of ${primaryRegion} in a row`, props.probeMetricName),
    ];
    new CloudwatchDashboard(this, "Resource", {
      dashboardName: props.dashboardName,
      dashboardBody: JSON.stringify({ widgets }),
    });
  }
}
