import { createHash, randomUUID } from "node:crypto";
import type { Queue } from "../../topology/topology";
import type { Pace } from "../pace";

export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Declared milliseconds since the drill began; kept when the message moves to a dead-letter queue. */
  readonly sentAtMs: number;
  firstReceivedAtMs: number | undefined;
  visibleAtMs: number;
  receiveCount: number;
}

/**
 * A standard queue: visibility time-out, receive counts, dead-lettering, retention counted from the first sending.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export class StandardQueue {
  private messages: QueuedMessage[] = [];
  private deadLetters: StandardQueue | undefined;

  constructor(
    readonly declared: Queue,
    private readonly pace: Pace,
  ) {}

  /** Messages that are received too often go there. */
  redriveTo(deadLetters: StandardQueue): void {
    this.deadLetters = deadLetters;
  }

  get depth(): number {
    return this.messages.length;
  }

  /** Messages that could be received now. */
  get visibleDepth(): number {
    const now = this.pace.nowMs();
    return this.messages.filter(({ visibleAtMs }) => visibleAtMs <= now).length;
  }

  send(body: string, attributes: Readonly<Record<string, unknown>> = {}): QueuedMessage {
    const sentAtMs = this.pace.nowMs();
    const message = {
      messageId: randomUUID(),
      body,
      attributes,
      sentAtMs,
      firstReceivedAtMs: undefined,
      visibleAtMs: sentAtMs,
      receiveCount: 0,
    };
    this.messages.push(message);
    return message;
  }

  /** Up to `max` visible messages, hidden until their visibility time-out or their deletion. */
  receive(max: number): QueuedMessage[] {
    const now = this.pace.nowMs();
    const retentionMs = this.declared.messageRetentionSeconds * 1_000;
    this.messages = this.messages.filter(({ sentAtMs }) => now - sentAtMs < retentionMs);
    const received: QueuedMessage[] = [];
    for (const message of this.messages.filter(({ visibleAtMs }) => visibleAtMs <= now)) {
      if (received.length === max) break;
      const { redrive } = this.declared;
      if (redrive !== undefined && message.receiveCount >= redrive.maxReceiveCount && this.deadLetters !== undefined) {
        this.delete(message);
        this.deadLetters.messages.push({ ...message, visibleAtMs: now });
        continue;
      }
      message.receiveCount += 1;
      message.firstReceivedAtMs ??= now;
      message.visibleAtMs = now + this.declared.visibilityTimeoutSeconds * 1_000;
      received.push(message);
    }
    return received;
  }

  delete(message: QueuedMessage): void {
    this.messages = this.messages.filter((other) => other !== message);
  }
}

export const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
