import { judge, placeFaults, problemsOf } from "../../../checks/recovery/judge";
import type { Step } from "../../../checks/recovery/steps/step";
import { recoveryAfter } from "./recovering";

const { pair } = recoveryAfter(() => {});

const step = (changes: Partial<Step>): Step => ({
  what: "something happens",
  service: "Some service",
  region: "us-west-2",
  plane: "data",
  page: "https://docs.aws.amazon.com/",
  resources: ["stack/aws_thing.it"],
  isNeeded: true,
  faults: [],
  ...changes,
});

test.each([
  [{}, []],
  [{ region: "global" }, []],
  [{ region: "us-east-1" }, ["recovery needs the region that has failed"]],
  [{ region: "eu-west-1" }, ["recovery needs a third region, which can fail too"]],
  [{ plane: "control" as const }, ["recovery needs the control plane of Some service"]],
  [{ plane: "control" as const, region: "global" }, ["recovery needs the control plane of Some service"]],
])("judges a needed step by its region and plane: %j", (changes, reasons) => {
  expect(placeFaults(step(changes), pair).map(({ reason }) => reason)).toEqual(reasons);
});

test("a step that recovery does not wait for may be in any region", () => {
  expect(placeFaults(step({ isNeeded: false, region: "us-east-1", plane: "control" }), pair)).toEqual([]);
});

test("a fault in several steps is one problem that names all the steps", () => {
  const far = step({ region: "us-east-1" });
  const judged = judge(
    [
      { name: "failover by hand", steps: [step({}), far] },
      { name: "failback", steps: [far] },
    ],
    pair,
  );
  expect(problemsOf(judged)).toEqual([
    {
      resource: "stack/aws_thing.it",
      region: "us-east-1",
      reason: "recovery needs the region that has failed",
      remedy: "move it to us-west-2",
      steps: ["failover by hand, step 2", "failback, step 1"],
    },
  ]);
});
