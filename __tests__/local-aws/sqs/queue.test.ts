import { Pace } from "../../../local-aws/pace";
import { StandardQueue } from "../../../local-aws/sqs/queue";

let nowWallMs = 0;
const pace = new Pace(1, () => nowWallMs);
const declared = (name: string, redrive?: { deadLetterArn: string; maxReceiveCount: number }) => ({
  address: name,
  arn: `arn:${name}`,
  name,
  url: `https://sqs/${name}`,
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 1_000,
  ...(redrive === undefined ? {} : { redrive }),
});

beforeEach(() => {
  nowWallMs = 0;
});

test("a received message is hidden until its time-out, and comes again with its count", () => {
  const queue = new StandardQueue(declared("q"), pace);
  queue.send("a");
  expect(queue.receive(10)).toMatchObject([{ body: "a", receiveCount: 1 }]);
  expect(queue.receive(10)).toEqual([]);
  nowWallMs = 30_000;
  const [again] = queue.receive(10);
  expect(again).toMatchObject({ receiveCount: 2, firstReceivedAtMs: 0 });
  if (again !== undefined) queue.delete(again);
  nowWallMs = 60_000;
  expect(queue.receive(10)).toEqual([]);
});

test("a message that was received too often moves to the dead-letter queue and keeps its age", () => {
  const queue = new StandardQueue(declared("q", { deadLetterArn: "arn:dlq", maxReceiveCount: 2 }), pace);
  const deadLetters = new StandardQueue(declared("dlq"), pace);
  queue.redriveTo(deadLetters);
  queue.send("a");
  for (const at of [0, 30_000, 60_000]) {
    nowWallMs = at;
    queue.receive(10);
  }
  expect([queue.depth, deadLetters.depth]).toEqual([0, 1]);
  nowWallMs = 999_999;
  expect(deadLetters.receive(1)).toMatchObject([{ sentAtMs: 0 }]);
  nowWallMs = 1_000_000;
  expect(deadLetters.receive(1)).toEqual([]);
});

test("hands over no more than asked for", () => {
  const queue = new StandardQueue(declared("q"), pace);
  for (const body of ["a", "b", "c"]) queue.send(body);
  expect(queue.receive(2).map(({ body }) => body)).toEqual(["a", "b"]);
  expect(queue.receive(2).map(({ body }) => body)).toEqual(["c"]);
});
