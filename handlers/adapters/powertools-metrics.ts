import { MetricUnit, Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics";
import type { OperationsEnvironment } from "../environment";
import type { EnvironmentReader } from "../environment-reader";
import type { HeartbeatMetrics, Metrics, StandbyMetrics } from "../ports";

/**
 * Counts in CloudWatch's embedded metric format: lines on stdout that CloudWatch turns into metrics, with no call on the request's way.
 * One namespace a deployment, one `service` a function; the region is where the metric is.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export class EmbeddedMetrics implements Metrics, HeartbeatMetrics, StandbyMetrics {
  private readonly metrics: PowertoolsMetrics;

  constructor(environment: EnvironmentReader<OperationsEnvironment>) {
    this.metrics = new PowertoolsMetrics({
      namespace: environment.text("METRICS_NAMESPACE"),
      serviceName: environment.ownFunction().name,
    });
  }

  count(name: Parameters<Metrics["count"]>[0], by = 1): void {
    this.metrics.addMetric(name, MetricUnit.Count, by);
  }

  /** Written at once, as one metric for each peer and table. */
  reportAge(peerRegion: string, tableName: string, ageSeconds: number): void {
    const metric = this.metrics.singleMetric();
    metric.addDimensions({ PeerRegion: peerRegion, TableName: tableName });
    metric.addMetric("PeerHeartbeatAge", MetricUnit.Seconds, ageSeconds);
  }

  /** Written at once. */
  reportStandby(isHealthy: boolean): void {
    this.metrics.singleMetric().addMetric("StandbyUnhealthy", MetricUnit.Count, isHealthy ? 0 : 1);
  }

  /** The same handler; what it has counted is written when it ends, however it ends. */
  publishing<Args extends unknown[], Result>(
    handle: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result> {
    return async (...args) => {
      try {
        return await handle(...args);
      } finally {
        if (this.metrics.hasStoredMetrics()) this.metrics.publishStoredMetrics();
      }
    };
  }
}
