import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { EventSourceMapping } from "../../topology/topology";
import type { Pace } from "../pace";
import type { QueuedMessage, StandardQueue } from "./queue";

/** What an invocation came to: the function's result, or the error that it ended with. */
export type Invoke = (event: unknown) => Promise<{ readonly payload: unknown } | { readonly functionError: string }>;

const DEFAULT_CONCURRENCY = 5;
/** Declared milliseconds between two looks at an empty queue: Lambda's long polling finds a message about at once. */
const IDLE_MS = 200;

/**
 * An event source mapping: receives batches, invokes the function, deletes what it has not reported as failed. An invocation that fails as
 * a whole leaves its whole batch in the queue.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export class Poller {
  private readonly aborter = new AbortController();
  private readonly lanes: Promise<void>[] = [];

  constructor(
    private readonly mapping: EventSourceMapping,
    private readonly region: string,
    private readonly queue: StandardQueue,
    private readonly invoke: Invoke,
    private readonly pace: Pace,
    /** A region that is lost polls nothing. */
    private readonly isHalted: () => boolean,
  ) {}

  start(): void {
    const lanes = Math.min(this.mapping.maximumConcurrency ?? DEFAULT_CONCURRENCY, DEFAULT_CONCURRENCY);
    for (let lane = 0; lane < lanes; lane += 1) this.lanes.push(this.poll());
  }

  async stop(): Promise<void> {
    this.aborter.abort();
    await Promise.all(this.lanes);
  }

  private async poll(): Promise<void> {
    const { signal } = this.aborter;
    while (!signal.aborted) {
      const messages = this.isHalted() ? [] : this.queue.receive(this.mapping.batchSize);
      if (messages.length === 0) await this.pace.wait(IDLE_MS, signal);
      else await this.process(messages);
    }
  }

  private async process(messages: readonly QueuedMessage[]): Promise<void> {
    const result = await this.invoke(this.eventOf(messages));
    if ("functionError" in result) return;
    const isFailed = this.mapping.reportsBatchItemFailures ? failuresIn(result.payload, messages) : () => false;
    for (const message of messages) if (!isFailed(message)) this.queue.delete(message);
  }

  private eventOf(messages: readonly QueuedMessage[]): SQSEvent {
    return {
      Records: messages.map(({ messageId, body, receiveCount, sentAtMs, firstReceivedAtMs }) => ({
        messageId,
        receiptHandle: messageId,
        body,
        attributes: {
          ApproximateReceiveCount: String(receiveCount),
          SentTimestamp: String(Math.round(sentAtMs)),
          SenderId: "AIDADRILL",
          ApproximateFirstReceiveTimestamp: String(Math.round(firstReceivedAtMs ?? sentAtMs)),
        },
        messageAttributes: {},
        md5OfBody: "",
        eventSource: "aws:sqs",
        eventSourceARN: this.mapping.queueArn,
        awsRegion: this.region,
      })),
    };
  }
}

/**
 * Which messages a function has reported as failed: none by an empty or missing list, all by a report that cannot be read, or that names
 * anything but messages of the batch.
 */
function failuresIn(payload: unknown, messages: readonly QueuedMessage[]): (message: QueuedMessage) => boolean {
  const everything = () => true;
  const response = payload ?? {};
  if (typeof response !== "object") return everything;
  const failures: unknown = (response as Partial<SQSBatchResponse>).batchItemFailures ?? [];
  if (!Array.isArray(failures)) return everything;
  const failedIds = new Set(failures.map((failure) => failure?.itemIdentifier));
  const ids = new Set(messages.map(({ messageId }) => messageId));
  return [...failedIds].every((id) => ids.has(id)) ? ({ messageId }) => failedIds.has(messageId) : everything;
}
