import { type CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { FailoverMetrics } from "../ports";

export interface FailoverMetricNames {
  readonly namespace: string;
  readonly primaryRegion: string;
  /** The stand-down switch. */
  readonly switchMetricName: string;
  readonly probeMetricName: string;
}

/**
 * Puts data points straight into the region's CloudWatch: the switch must not wait for log lines to be turned into metrics.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export class CloudWatchFailoverMetrics implements FailoverMetrics {
  constructor(
    private readonly client: CloudWatchClient,
    private readonly names: FailoverMetricNames,
  ) {}

  standPrimaryDown(): Promise<void> {
    return this.#put(this.names.switchMetricName, 1);
  }

  reportProbeFailures(inARow: number): Promise<void> {
    return this.#put(this.names.probeMetricName, inARow);
  }

  async #put(metricName: string, value: number): Promise<void> {
    const { namespace, primaryRegion } = this.names;
    await this.client.send(
      new PutMetricDataCommand({
        Namespace: namespace,
        MetricData: [
          {
            MetricName: metricName,
            Dimensions: [{ Name: "PrimaryRegion", Value: primaryRegion }],
            Value: value,
            Unit: "Count",
          },
        ],
      }),
    );
  }
}
