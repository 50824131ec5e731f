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
