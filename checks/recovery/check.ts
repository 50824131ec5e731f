import { automaticFailoverBudget, type RecoveryTimeBudgetInput } from "../../config/recovery-time-budget";
import type { Stack } from "../../terraform-json/stack";
import type { FailoverPair } from "../independence/failover-pair";
import type { RecoveryObjectives } from "./declared/recovery-objectives";
import { recoveryPath } from "./declared/recovery-path";
import { judge, type Problem, problemsOf } from "./judge";
import { procedures } from "./steps/procedures";
import type { Procedure } from "./steps/step";
import { type Measured, readMeasured } from "./time/drill-report";
import { declaredBudgetInput, type LatchTime, latchTime } from "./time/recovery-time";

/** Everything that the check found. */
export interface RecoveryResult {
  readonly pair: FailoverPair;
  readonly procedures: readonly Procedure[];
  readonly problems: readonly Problem[];
  readonly objectives: RecoveryObjectives;
  /** Undefined when nothing fails over by itself. */
  readonly budgetInput: RecoveryTimeBudgetInput | undefined;
  /** Undefined when nothing is latched. */
  readonly latch: LatchTime | undefined;
  readonly measured: Measured;
}

/**
 * Follows every step of a recovery through the synthesized stacks.
 * @param drillReport - folder of a drill's report, which need not be there
 * @throws {DeclarationError} if the stacks do not tell
 * @throws {DrillReportError} if there is a report that cannot be understood
 */
export function checkRecovery(stacks: readonly Stack[], drillReport: string): RecoveryResult {
  const path = recoveryPath(stacks);
  const { pair, records, objectives } = path;
  const judged = judge(procedures(path), pair);
  const budgetInput = declaredBudgetInput(path);
  return {
    pair,
    procedures: judged,
    problems: problemsOf(judged),
    objectives,
    budgetInput,
    latch: latchTime(path, budgetInput),
    measured: readMeasured(drillReport, {
      apiName: records.apiName,
      primaryRegion: pair.primaryRegion,
      secondaryRegion: pair.standbyRegion,
    }),
  };
}

/** Seconds of the longest automatic failover, by declaration. */
export function worstSeconds({ budgetInput }: Pick<RecoveryResult, "budgetInput">): number | undefined {
  return budgetInput && automaticFailoverBudget(budgetInput).worstSeconds;
}

/** Whether recovery needs nothing that it must not, and fits its objective. */
export function passes(result: RecoveryResult): boolean {
  const worst = worstSeconds(result);
  return result.problems.length === 0 && worst !== undefined && worst <= result.objectives.recoveryTimeSeconds;
}
