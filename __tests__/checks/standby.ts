import { DELIBERATE_EDGES } from "../../checks/independence/deliberate-edges";
import { findFailoverPair } from "../../checks/independence/failover-pair";
import { judge } from "../../checks/independence/report";
import { standbyEdges } from "../../checks/independence/standby-edges";
import { type AnyJson, exampleSettings, parsed, type Synthesized, synthesize } from "../synthesize";

/** The independence check over a deployment's JSON. */
export function check(synthesized: Synthesized) {
  const stacks = parsed(synthesized);
  const pair = findFailoverPair(stacks);
  const standby = standbyEdges(stacks, pair);
  return { pair, standby, ...judge(standby, DELIBERATE_EDGES) };
}

/** What the check says of the example deployment after a change to its JSON. */
export function violationsAfter(change: (stacks: AnyJson) => void, settings: unknown = exampleSettings()): string[] {
  const synthesized = synthesize(settings);
  change(synthesized.stacks);
  return check(synthesized).violations.map(
    ({ stack, resource, attribute, value }) => `${stack} ${resource} ${attribute} ${value}`,
  );
}

export const standbyFunction = (stacks: AnyJson, name: string): AnyJson =>
  Object.values<AnyJson>(stacks["api-us-west-2"].resource.aws_lambda_function).find(
    ({ function_name }) => function_name === `shop-example-${name}`,
  );

export const standbyPolicy = (stacks: AnyJson, name: string): AnyJson => {
  const [, policy] =
    Object.entries<AnyJson>(stacks["api-us-west-2"].resource.aws_iam_role_policy).find(([id]) =>
      id.startsWith(`Functions_${name}_`),
    ) ?? [];
  return policy;
};
