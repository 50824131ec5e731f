import type { SQSEvent } from "aws-lambda";
import { paymentMessage } from "../../../handlers/domain/payment-message";
import type { EnqueueFailure, PaymentQueue } from "../../../handlers/ports";

export interface QueueLimits {
  readonly visibilityTimeoutMs: number;
  /** Receives after which a message that comes up once more rests in the dead-letter queue instead. */
  readonly maxReceiveCount: number;
  /** Counted from the first enqueueing, in the dead-letter queue too, as for SQS's standard queues. */
  readonly retentionMs: number;
}

interface Message {
  readonly id: string;
  readonly orderId: string;
  readonly enqueuedAtMs: number;
  visibleAtMs: number;
  receiveCount: number;
}

/** As much of a standard SQS queue with a dead-letter queue as a payment's way through it needs, with time under control. */
export class QueueEmulator implements PaymentQueue {
  readonly batchSize = 10;
  /** Messages that were forgotten unread because their retention was over. */
  forgotten = 0;
  /** Answers every attempt to send with an error. */
  isRefusing = false;
  private messages: Message[] = [];
  private deadLetters: Message[] = [];
  private sent = 0;

  constructor(
    private readonly limits: QueueLimits,
    private readonly nowMs: () => number,
  ) {}

  async send(orderId: string): Promise<void> {
    if (this.isRefusing) throw new Error("the queue does not answer");
    this.sent += 1;
    const now = this.nowMs();
    this.messages.push({ id: `m${this.sent}`, orderId, enqueuedAtMs: now, visibleAtMs: now, receiveCount: 0 });
  }

  async sendBatch(orderIds: readonly string[]): Promise<EnqueueFailure[]> {
    for (const orderId of orderIds) await this.send(orderId);
    return [];
  }

  get deadLetterCount(): number {
    return this.deadLetters.length;
  }

  /** The next messages, hidden from others until their visibility time-out; undefined when none is visible. */
  receive(): SQSEvent | undefined {
    this.forget();
    const now = this.nowMs();
    const received: Message[] = [];
    for (const message of this.messages.filter(({ visibleAtMs }) => visibleAtMs <= now)) {
      if (received.length === this.batchSize) break;
      if (message.receiveCount >= this.limits.maxReceiveCount) {
        this.delete([message.id]);
        this.deadLetters.push(message);
        continue;
      }
      message.receiveCount += 1;
      message.visibleAtMs = now + this.limits.visibilityTimeoutMs;
      received.push(message);
    }
    return received.length === 0 ? undefined : { Records: received.map(recordOf) };
  }

  delete(messageIds: readonly string[]): void {
    this.messages = this.messages.filter(({ id }) => !messageIds.includes(id));
  }

  private forget(): void {
    const isKept = ({ enqueuedAtMs }: Message) => this.nowMs() - enqueuedAtMs < this.limits.retentionMs;
    const before = this.messages.length + this.deadLetters.length;
    this.messages = this.messages.filter(isKept);
    this.deadLetters = this.deadLetters.filter(isKept);
    this.forgotten += before - this.messages.length - this.deadLetters.length;
  }
}

function recordOf({ id, orderId, enqueuedAtMs, receiveCount }: Message): SQSEvent["Records"][number] {
  return {
    messageId: id,
    receiptHandle: id,
    body: paymentMessage(orderId),
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(enqueuedAtMs),
      SenderId: "sender",
      ApproximateFirstReceiveTimestamp: String(enqueuedAtMs),
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:payments",
    awsRegion: "us-east-1",
  };
}
