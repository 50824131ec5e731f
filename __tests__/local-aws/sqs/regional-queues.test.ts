import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { JsonEndpoint } from "../../../local-aws/aws-endpoints/json-endpoint";
import { Callers } from "../../../local-aws/aws-endpoints/permissions";
import { Pace } from "../../../local-aws/pace";
import { RegionalQueues } from "../../../local-aws/sqs/regional-queues";
import { QUIET_SDK } from "../../handlers/local-dynamodb";

Object.assign(process.env, QUIET_SDK);

const ACCOUNT = "123456789012";
const urlIn = (region: string, account = ACCOUNT) => `https://sqs.${region}.amazonaws.com/${account}/payments`;
const queues = new RegionalQueues(
  "us-west-2",
  [
    {
      address: "api-us-west-2: aws_sqs_queue.payments",
      arn: `arn:aws:sqs:us-west-2:${ACCOUNT}:payments`,
      name: "payments",
      url: urlIn("us-west-2"),
      visibilityTimeoutSeconds: 30,
      messageRetentionSeconds: 1_000,
    },
  ],
  new Pace(1),
);
const callers = new Callers();
const endpoint = new JsonEndpoint(queues, callers, () => {});
const clients: SQSClient[] = [];
let url: string;
beforeAll(async () => {
  url = await endpoint.start();
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await endpoint.stop();
});

function signingFor(region: string): SQSClient {
  const credentials = { accessKeyId: callers.operatorAccessKeyId, secretAccessKey: "drill" };
  const client = new SQSClient({ region, endpoint: url, credentials, maxAttempts: 1, useQueueUrlAsEndpoint: false });
  clients.push(client);
  return client;
}

test("a queue is reached by its URL, which its name leads to", async () => {
  const client = signingFor("us-west-2");
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: "payments" }));
  expect(QueueUrl).toBe(urlIn("us-west-2"));
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "one" }));
  expect(queues.all().map(({ depth }) => depth)).toEqual([1]);
});

test.each([
  ["another region", urlIn("us-east-1")],
  ["another account", urlIn("us-west-2", "999999999999")],
  ["no queue", "payments"],
])("a URL of %s is no queue of this region", async (_, QueueUrl) => {
  const [{ depth: before } = { depth: 0 }] = queues.all();
  const client = signingFor("us-west-2");
  for (const send of [
    () => client.send(new SendMessageCommand({ QueueUrl, MessageBody: "lost" })),
    () => client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: "1", MessageBody: "lost" }] })),
    () => client.send(new GetQueueAttributesCommand({ QueueUrl })),
  ]) {
    await expect(send()).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  }
  expect(queues.all().map(({ depth }) => depth)).toEqual([before]);
});

test("a request signed for another region is refused, whatever it asks for", async () => {
  const sent = signingFor("us-east-1").send(
    new SendMessageCommand({ QueueUrl: urlIn("us-west-2"), MessageBody: "lost" }),
  );
  await expect(sent).rejects.toMatchObject({
    name: "InvalidSignatureException",
    message: "Credential should be scoped to a valid region, not 'us-east-1'.",
  });
});
