import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { paymentMessage } from "../domain/payment-message";
import type { EnqueueFailure, PaymentQueue } from "../ports";

export class SqsPaymentQueue implements PaymentQueue {
  /** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
  readonly batchSize = 10;

  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
  ) {}

  async send(orderId: string): Promise<void> {
    await this.client.send(new SendMessageCommand({ QueueUrl: this.queueUrl, MessageBody: paymentMessage(orderId) }));
  }

  async sendBatch(orderIds: readonly string[]): Promise<EnqueueFailure[]> {
    const { Failed } = await this.client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.queueUrl,
        Entries: orderIds.map((orderId) => ({ Id: orderId, MessageBody: paymentMessage(orderId) })),
      }),
    );
    return (Failed ?? []).map(({ Id, Code }) => ({ orderId: Id ?? "unknown", reason: Code ?? "unknown" }));
  }
}
