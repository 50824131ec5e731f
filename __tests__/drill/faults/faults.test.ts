import type { Breakable } from "../../../drill/faults/breakable";
import { FAULTS } from "../../../drill/faults/faults";

/** Records what a fault does. */
function told(): { deployment: Breakable; calls: string[] } {
  const calls: string[] = [];
  const answer = (_: unknown, name: string) => {
    if (name === "primaryRegion") return "us-east-1";
    if (name === "aws") return recorder;
    return async (...values: unknown[]) => void calls.push([name, ...values].join(" "));
  };
  const recorder: object = new Proxy({}, { get: answer });
  return { deployment: recorder as Breakable, calls };
}

test("while the primary's DynamoDB is gone, its replication is paused", async () => {
  const { deployment, calls } = told();
  await FAULTS.find(({ name }) => name === "primary-dynamodb-gone")?.run(deployment, 90);
  expect(calls).toEqual([
    "loseDynamoDb us-east-1",
    "pauseReplication us-east-1",
    "wait 90",
    "returnDynamoDb us-east-1",
    "resumeReplication us-east-1",
  ]);
});
