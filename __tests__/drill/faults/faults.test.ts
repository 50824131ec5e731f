import { type Breakable, FAULTS } from "../../../drill/faults/faults";

/** Notes down what a fault does. */
function told(): { world: Breakable; calls: string[] } {
  const calls: string[] = [];
  const answer = (_: unknown, name: string) => {
    if (name === "primaryRegion") return "us-east-1";
    return async (...values: unknown[]) => void calls.push([name, ...values].join(" "));
  };
  return { world: new Proxy({}, { get: answer }) as Breakable, calls };
}

test("where the primary's DynamoDB is gone, its replication is held up as long", async () => {
  const { world, calls } = told();
  await FAULTS.find(({ name }) => name === "primary-dynamodb-gone")?.run(world, 90);
  expect(calls).toEqual([
    "loseDynamoDb us-east-1",
    "pauseReplication us-east-1",
    "wait 90",
    "returnDynamoDb us-east-1",
    "resumeReplication us-east-1",
  ]);
});
