import type { Queue } from "../../topology/topology";
import { type ServiceCall, ServiceError, type ServiceProtocol } from "../aws-endpoints/json-endpoint";
import type { Pace } from "../pace";
import { md5, StandardQueue } from "./queue";

interface BatchEntry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<Record<string, unknown>>;
}

const MAXIMUM_BATCH = 10;

/** SQS's endpoint in one region, as far as sending and counting go: receiving is the pollers' business, within the drill. */
export class RegionalQueues implements ServiceProtocol {
  readonly service = "sqs";
  private readonly byArn: ReadonlyMap<string, StandardQueue>;

  constructor(
    readonly region: string,
    queues: readonly Queue[],
    pace: Pace,
  ) {
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
    return [this.queueIn(parameters).declared.arn];
  }

  async handle({ operation, parameters }: ServiceCall): Promise<object> {
    const queue = this.queueIn(parameters);
    switch (operation) {
      case "SendMessage": {
        const body = String(parameters["MessageBody"]);
        const { messageId } = queue.send(body, (parameters["MessageAttributes"] ?? {}) as Record<string, unknown>);
        return { MessageId: messageId, MD5OfMessageBody: md5(body) };
      }
      case "SendMessageBatch":
        return sendBatch(queue, (parameters["Entries"] ?? []) as readonly BatchEntry[]);
      case "GetQueueUrl":
        return { QueueUrl: queue.declared.url };
      case "GetQueueAttributes":
        return { Attributes: attributesOf(queue, (parameters["AttributeNames"] ?? []) as readonly string[]) };
      default:
        throw new ServiceError(
          "com.amazonaws.sqs#UnsupportedOperation",
          `the drill's SQS knows SendMessage, SendMessageBatch, GetQueueUrl and GetQueueAttributes; got ${operation}`,
        );
    }
  }

  /** By the queue's name, or by its URL: one that names another region, or another account, is another queue's. */
  private queueIn({ QueueName, QueueUrl }: Readonly<Record<string, unknown>>): StandardQueue {
    const queue = this.all().find(({ declared }) =>
      QueueName === undefined ? declared.url === QueueUrl : declared.name === QueueName,
    );
    if (queue === undefined) {
      throw new ServiceError("com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist.");
    }
    return queue;
  }
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
function attributesOf(queue: StandardQueue, names: readonly string[]): Record<string, string> {
  const all = {
    QueueArn: queue.declared.arn,
    ApproximateNumberOfMessages: String(queue.visibleDepth),
    ApproximateNumberOfMessagesNotVisible: String(queue.depth - queue.visibleDepth),
    ApproximateNumberOfMessagesDelayed: "0",
  };
  const isAsked = (name: string) => names.includes("All") || names.includes(name);
  return Object.fromEntries(Object.entries(all).filter(([name]) => isAsked(name)));
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
