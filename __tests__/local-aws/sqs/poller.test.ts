import { Pace } from "../../../local-aws/pace";
import { type Invoke, Poller } from "../../../local-aws/sqs/poller";
import { StandardQueue } from "../../../local-aws/sqs/queue";

const QUEUE_ARN = "arn:aws:sqs:us-west-2:123456789012:payments";

type Answer = Awaited<ReturnType<Invoke>>;

/** How many messages are left of the batch `a`, `b`, `c` after the function has answered it once. */
async function leftAfter(answer: (ids: readonly string[]) => Answer, reportsBatchItemFailures = true) {
  const pace = new Pace(20);
  const queue = new StandardQueue(
    {
      address: "api: aws_sqs_queue.payments",
      arn: QUEUE_ARN,
      name: "payments",
      url: "https://sqs.us-west-2.amazonaws.com/123456789012/payments",
      visibilityTimeoutSeconds: 300,
      messageRetentionSeconds: 1_000,
    },
    pace,
  );
  for (const body of ["a", "b", "c"]) queue.send(body);
  const mapping = {
    address: "api: aws_lambda_event_source_mapping.payments",
    queueArn: QUEUE_ARN,
    functionArn: "arn:aws:lambda:us-west-2:123456789012:function:pay",
    batchSize: 10,
    reportsBatchItemFailures,
    maximumConcurrency: 1,
  };
  let invoked = () => {};
  const isInvoked = new Promise<void>((resolve) => {
    invoked = resolve;
  });
  const invoke: Invoke = async (event) => {
    invoked();
    return answer((event as { Records: { messageId: string }[] }).Records.map(({ messageId }) => messageId));
  };
  const poller = new Poller(mapping, "us-west-2", queue, invoke, pace, () => false);
  poller.start();
  await isInvoked;
  await poller.stop();
  return queue.depth;
}

const reported = (...batchItemFailures: unknown[]): Answer => ({ payload: { batchItemFailures } });

test.each<[string, Answer]>([
  ["an empty list", reported()],
  ["a null list", { payload: { batchItemFailures: null } }],
  ["an empty response", { payload: {} }],
  ["a null response", { payload: null }],
])("%s is a complete success", async (_, answer) => {
  expect(await leftAfter(() => answer)).toBe(0);
});

test("what is reported stays, the rest is deleted", async () => {
  expect(await leftAfter(([, second]) => reported({ itemIdentifier: second }))).toBe(1);
});

test.each<[string, (first: string | undefined) => Answer]>([
  ["an error", () => ({ functionError: "Unhandled" })],
  ["an unknown identifier", (first) => reported({ itemIdentifier: first }, { itemIdentifier: "of another batch" })],
  ["an empty identifier", () => reported({ itemIdentifier: "" })],
  ["a null identifier", () => reported({ itemIdentifier: null })],
  ["a bad key name", (first) => reported({ messageId: first })],
  ["an entry that is no object", (first) => reported(first, null)],
  ["a list that is none", (first) => ({ payload: { batchItemFailures: first } })],
  ["a response that is no object", () => ({ payload: "failed" })],
])("%s is a complete failure", async (_, answer) => {
  expect(await leftAfter(([first]) => answer(first))).toBe(3);
});

test("nothing is read of a report that the mapping does not ask for", async () => {
  expect(await leftAfter(() => reported({ itemIdentifier: "" }), false)).toBe(0);
});
