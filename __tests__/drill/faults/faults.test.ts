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

describe("a gray failure", () => {
  /** A deployment whose alarm rings after so many seconds; undefined for never. */
  async function calledWith(ringsAfterSeconds: number | undefined): Promise<string[]> {
    const calls: string[] = [];
    let seconds = 0;
    let isBroken = false;
    const isRinging = () => isBroken && ringsAfterSeconds !== undefined && seconds >= ringsAfterSeconds;
    const aws = {
      throttleWrites: () => {
        isBroken = true;
      },
      admitWrites: () => calls.push("admitWrites"),
      ringingAlarms: (region: string) => (region === "us-east-1" && isRinging() ? ["old", "server-errors"] : ["old"]),
      isEndpointHealthy: () => true,
    };
    const deployment = {
      ...{ aws, primaryRegion: "us-east-1", regionNames: ["us-east-1", "us-west-2"] },
      wait: async (declared: number) => {
        seconds += declared;
      },
      noteAlarm: (name: string) => calls.push(`alarm ${name} after ${seconds}`),
      putSwitch: (value: number) => calls.push(`switch ${value}`),
      answeringRegion: async () => "us-east-1",
    } as unknown as Breakable;
    await FAULTS.find(({ name }) => name === "primary-writes-throttled")?.run(deployment, 90);
    return calls;
  }

  test("is answered by standing down as soon as a new alarm rings", async () => {
    expect(await calledWith(140)).toEqual(["alarm server-errors after 140", "switch 1", "admitWrites"]);
  });

  test("that rings nobody stands nothing down", async () => {
    expect(await calledWith(undefined)).toEqual(["admitWrites"]);
  });
});
