import { DEPLOYMENTS } from "../../config/deployments";
import { synthesize } from "../synthesize";

describe.each(Object.keys(DEPLOYMENTS))("deployment %s", (name) => {
  const { stacks } = synthesize(DEPLOYMENTS[name], name);

  test.each(Object.keys(stacks))("stack %s is as reviewed", (stack) => {
    expect(stacks[stack]).toMatchSnapshot();
  });
});
