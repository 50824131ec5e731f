import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueueRedrivePolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-policy";
import { Construct } from "constructs";

export interface PaymentQueueProps {
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  /** How long a received message stays hidden; at least six times the worker's time-out. */
  readonly visibilityTimeoutSeconds: number;
  /** Failed receives after which SQS moves a message to the dead-letter queue, 1 to 1000. */
  readonly maxReceiveCount: number;
}

/** The longest that SQS keeps a message. */
const FOURTEEN_DAYS_SECONDS = 14 * 24 * 60 * 60;

/**
 * A queue and its dead-letter queue. Both keep messages for SQS's longest, 14 days; a dead-letter queue counts from the first
 * enqueueing, so only the orders table keeps an order durably.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
export class PaymentQueue extends Construct {
  public readonly queueArn: string;
  public readonly queueUrl: string;
  public readonly queueName: string;
  public readonly deadLetterQueueName: string;

  constructor(scope: Construct, id: string, props: PaymentQueueProps) {
    super(scope, id);
    if (!Number.isInteger(props.maxReceiveCount) || props.maxReceiveCount < 1 || props.maxReceiveCount > 1000) {
      throw new Error(
        `${this.node.path}: 'maxReceiveCount' must be a whole number from 1 to 1000, got ${props.maxReceiveCount}; ` +
          "lower values set orders aside after shorter vendor outages",
      );
    }
    const deadLetters = new SqsQueue(this, "DeadLetters", {
      name: props.deadLetterQueueName,
      messageRetentionSeconds: FOURTEEN_DAYS_SECONDS,
      sqsManagedSseEnabled: true,
    });
    const queue = new SqsQueue(this, "Resource", {
      name: props.queueName,
      messageRetentionSeconds: FOURTEEN_DAYS_SECONDS,
      visibilityTimeoutSeconds: props.visibilityTimeoutSeconds,
      receiveWaitTimeSeconds: 20,
      sqsManagedSseEnabled: true,
      // The resource below owns the policy and shows its drift; here the same text in another layout would look like a change.
      lifecycle: { ignoreChanges: ["redrive_policy"] },
    });
    new SqsQueueRedrivePolicy(this, "Redrive", {
      queueUrl: queue.url,
      redrivePolicy: `{"deadLetterTargetArn":"${deadLetters.arn}","maxReceiveCount":${props.maxReceiveCount}}`,
    });
    this.queueArn = queue.arn;
    this.queueUrl = queue.url;
    this.queueName = queue.name;
    this.deadLetterQueueName = deadLetters.name;
  }

  /**
   * Feeds the queue's messages to a function, which answers with the ones that failed: the others of a batch are not retried.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
   * @param maximumConcurrency - maximum concurrent batches, 2 to 1000: the load that the vendor can take
   */
  public feed(functionArn: string, batchSize: number, maximumConcurrency: number): void {
    new LambdaEventSourceMapping(this, "Mapping", {
      eventSourceArn: this.queueArn,
      functionName: functionArn,
      batchSize,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency },
    });
  }
}
