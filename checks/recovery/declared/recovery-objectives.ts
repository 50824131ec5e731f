import { asObject, type SynthesizedStack, SynthesizedStacksError } from "../../synthesized-stacks";

/** What the deployment promises, as its stacks' output says. */
export interface RecoveryObjectives {
  readonly recoveryTimeSeconds: number;
  readonly clientTimeoutSeconds: number;
  /** Whether an automatic failover lasts until an operator releases it. */
  readonly isLatched: boolean;
}

const OUTPUT = "recovery_objectives";

/** @throws {SynthesizedStacksError} if the output is missing or says something else */
export function recoveryObjectives(stack: SynthesizedStack): RecoveryObjectives {
  const where = `${stack.name}/output.${OUTPUT}`;
  const output = asObject(stack.outputs.get(OUTPUT), where);
  const seconds = (name: string) => {
    const value = output[name];
    if (typeof value === "number" && value > 0) return value;
    throw new SynthesizedStacksError(
      `${where}.${name}: expected seconds above 0, got ${JSON.stringify(value) ?? "nothing"}; synthesize again`,
    );
  };
  const failback = output["failback"];
  if (failback !== "latched" && failback !== "automatic") {
    throw new SynthesizedStacksError(
      `${where}.failback: expected latched or automatic, got ${JSON.stringify(failback) ?? "nothing"}; synthesize again`,
    );
  }
  return {
    recoveryTimeSeconds: seconds("recovery_time_seconds"),
    clientTimeoutSeconds: seconds("client_timeout_seconds"),
    isLatched: failback === "latched",
  };
}
