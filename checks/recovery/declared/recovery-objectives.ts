import { DeclarationError } from "../../../terraform-json/errors";
import { objectAt } from "../../../terraform-json/json";
import type { Stack } from "../../../terraform-json/stack";

/** The deployment's objectives, from the output of its stack. */
export interface RecoveryObjectives {
  readonly recoveryTimeSeconds: number;
  readonly browserRecoveryTimeSeconds: number;
  readonly clientTimeoutSeconds: number;
  /** Whether an automatic failover lasts until an operator releases it. */
  readonly isLatched: boolean;
}

const OUTPUT = "recovery_objectives";

/** @throws {DeclarationError} if the output is missing or malformed */
export function recoveryObjectives(stack: Stack): RecoveryObjectives {
  const where = `${stack.name}/output.${OUTPUT}`;
  const output = objectAt(where, stack.outputs.get(OUTPUT));
  const seconds = (name: string) => {
    const value = output[name];
    if (typeof value === "number" && value > 0) return value;
    throw new DeclarationError(
      `${where}.${name}: expected seconds above 0, got ${JSON.stringify(value) ?? "nothing"}; synthesize again`,
    );
  };
  const failback = output["failback"];
  if (failback !== "latched" && failback !== "automatic") {
    throw new DeclarationError(
      `${where}.failback: expected latched or automatic, got ${JSON.stringify(failback) ?? "nothing"}; synthesize again`,
    );
  }
  return {
    recoveryTimeSeconds: seconds("recovery_time_seconds"),
    browserRecoveryTimeSeconds: seconds("browser_recovery_time_seconds"),
    clientTimeoutSeconds: seconds("client_timeout_seconds"),
    isLatched: failback === "latched",
  };
}
