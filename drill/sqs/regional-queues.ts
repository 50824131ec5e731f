import { type ServiceCall, ServiceError, type ServiceProtocol } from "../aws-endpoints/json-endpoint";
import type { Pace } from "../pace";
import type { Queue } from "../topology/topology";
import { md5, StandardQueue } from "./queue";

interface BatchEntry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<Record<string, unknown>>;
}

const MAXIMUM_BATCH = 10;

/** SQS's endpoint in one region, as far as sending goes: receiving is the pollers' business, within the drill. */
export class RegionalQueues implements ServiceProtocol {
  readonly service = "sqs";
  private readonly byArn: ReadonlyMap<string, StandardQueue>;

  constructor(queues: readonly Queue[], pace: Pace) {
    this.byArn = new Map(queues.map((queue) => [queue.arn, new StandardQueue(queue, pace)]));
    for (const queue of this.byArn.values()) {
      const deadLetters = this.byArn.get(queue.declared.redrive?.deadLetterArn ?? "");
      if (deadLetters !== undefined) queue.redriveTo(deadLetters);
    }
  }

  queue(arn: string): StandardQueue | undefined {
    return this.byArn.get(arn);
  }

  all(): StandardQueue[] {
    return [...this.byArn.values()];
  }

  resourcesOf({ parameters }: ServiceCall): readonly string[] {
    return [this.named(parameters["QueueUrl"]).declared.arn];
  }

  async handle({ operation, parameters }: ServiceCall): Promise<object> {
    const queue = this.named(parameters["QueueUrl"]);
    switch (operation) {
      case "SendMessage": {
        const body = String(parameters["MessageBody"]);
        const { messageId } = queue.send(body, (parameters["MessageAttributes"] ?? {}) as Record<string, unknown>);
        return { MessageId: messageId, MD5OfMessageBody: md5(body) };
      }
      case "SendMessageBatch":
        return sendBatch(queue, (parameters["Entries"] ?? []) as readonly BatchEntry[]);
      case "GetQueueAttributes":
        return { Attributes: { ApproximateNumberOfMessages: String(queue.depth), QueueArn: queue.declared.arn } };
      default:
        throw new ServiceError(
          "com.amazonaws.sqs#UnsupportedOperation",
          `the drill's SQS knows SendMessage, SendMessageBatch and GetQueueAttributes; got ${operation}`,
        );
    }
  }

  /** By the queue's name, the last part of its URL: the host of a URL leads nowhere here. */
  private named(url: unknown): StandardQueue {
    const name = String(url).split("/").at(-1);
    const queue = this.all().find(({ declared }) => declared.name === name);
    if (queue === undefined) {
      throw new ServiceError("com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist.");
    }
    return queue;
  }
}

function sendBatch(queue: StandardQueue, entries: readonly BatchEntry[]): object {
  if (entries.length === 0 || entries.length > MAXIMUM_BATCH) {
    throw new ServiceError(
      "com.amazonaws.sqs#TooManyEntriesInBatchRequest",
      `a batch has 1 to ${MAXIMUM_BATCH} entries, got ${entries.length}`,
    );
  }
  const Successful = entries.map(({ Id, MessageBody, MessageAttributes }) => {
    const { messageId } = queue.send(MessageBody, MessageAttributes);
    return { Id, MessageId: messageId, MD5OfMessageBody: md5(MessageBody) };
  });
  return { Successful, Failed: [] };
}
