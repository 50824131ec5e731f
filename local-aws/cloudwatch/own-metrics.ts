import { type InvocationResult, THROTTLED } from "../lambda/invocation";
import type { Pace } from "../pace";
import type { StandardQueue } from "../sqs/queue";
import type { MetricStore } from "./metric-store";

/** Declared milliseconds between two data points of a queue. */
const QUEUES_EVERY_MS = 60_000;

/**
 * Puts the metrics that AWS itself publishes in a region.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export class OwnMetrics {
  private readonly aborter = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly metrics: MetricStore,
    private readonly queues: readonly StandardQueue[],
    private readonly pace: Pace,
    /** A lost region publishes no metrics. */
    private readonly isHalted: () => boolean,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.aborter.abort();
    await this.running;
  }

  /**
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html#ReplicationLatency
   * @param latencyMs - milliseconds of the machine's clock, as replication is not shortened
   */
  replicated(tableName: string, receivingRegion: string, latencyMs: number): void {
    if (this.isHalted()) return;
    const dimensions = { TableName: tableName, ReceivingRegion: receivingRegion };
    this.metrics.put({ namespace: "AWS/DynamoDB", metricName: "ReplicationLatency", dimensions }, latencyMs);
  }

  /**
   * A request that an API has answered. `4xx` and `5xx` are 0 or 1, so that their average is a share.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
   */
  answered(apiId: string, stageName: string, statusCode: number): void {
    if (this.isHalted()) return;
    const put = (metricName: string, value: number) =>
      this.metrics.put(
        { namespace: "AWS/ApiGateway", metricName, dimensions: { ApiId: apiId, Stage: stageName } },
        value,
      );
    put("Count", 1);
    put("4xx", Number(statusCode >= 400 && statusCode < 500));
    put("5xx", Number(statusCode >= 500));
  }

  /**
   * An invocation that has ended. A throttled one is neither an invocation nor an error.
   * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
   */
  invoked(functionName: string, result: InvocationResult): void {
    if (this.isHalted()) return;
    const put = (metricName: string, value: number) =>
      this.metrics.put({ namespace: "AWS/Lambda", metricName, dimensions: { FunctionName: functionName } }, value);
    const isThrottled = "errorType" in result && result.errorType === THROTTLED;
    if (isThrottled) {
      put("Throttles", 1);
      return;
    }
    put("Invocations", 1);
    put("Errors", Number("functionError" in result));
  }

  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
  writeThrottled(tableName: string): void {
    if (this.isHalted()) return;
    this.metrics.put(
      { namespace: "AWS/DynamoDB", metricName: "WriteThrottleEvents", dimensions: { TableName: tableName } },
      1,
    );
  }

  private async run(): Promise<void> {
    const { signal } = this.aborter;
    while (!signal.aborted) {
      if (!this.isHalted()) for (const queue of this.queues) this.measure(queue);
      await this.pace.wait(QUEUES_EVERY_MS, signal);
    }
  }

  private measure({ declared, visibleDepth }: StandardQueue): void {
    const dimensions = { QueueName: declared.name };
    const metricName = "ApproximateNumberOfMessagesVisible";
    this.metrics.put({ namespace: "AWS/SQS", metricName, dimensions }, visibleDepth);
  }
}
