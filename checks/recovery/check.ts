import {
  automaticFailoverBudget,
  type ClientKind,
  type RecoveryTimeBudgetInput,
} from "../../config/recovery-time-budget";
import type { Stack } from "../../terraform-json/stack";
import type { FailoverPair } from "../independence/failover-pair";
import type { RecoveryObjectives } from "./declared/recovery-objectives";
import { recoveryPath } from "./declared/recovery-path";
import { judge, type Problem, problemsOf } from "./judge";
import { procedures } from "./steps/procedures";
import type { Procedure } from "./steps/step";
import { type Measured, readMeasured } from "./time/drill-report";
import { declaredBudgetInput, type LatchTime, latchTime } from "./time/recovery-time";

/** The check's findings. */
export interface RecoveryResult {
  readonly pair: FailoverPair;
  readonly procedures: readonly Procedure[];
  readonly problems: readonly Problem[];
  readonly objectives: RecoveryObjectives;
  /** Undefined without automatic failover. */
  readonly budgetInput: RecoveryTimeBudgetInput | undefined;
  /** Undefined when nothing is latched. */
  readonly latch: LatchTime | undefined;
  readonly measured: Measured;
}

/**
 * Follows every step of a recovery through the synthesized stacks.
 * @param drillReport - folder of a drill's report; it may be missing
 * @throws {DeclarationError} if the stacks do not say what the check needs to know
 * @throws {DrillReportError} if there is a report that cannot be read
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

/** Worst-case seconds of an automatic failover for clients of a kind, as declared. */
export function worstSeconds(
  { budgetInput }: Pick<RecoveryResult, "budgetInput">,
  clients: ClientKind = "ttl",
): number | undefined {
  return budgetInput && automaticFailoverBudget(budgetInput, clients).worstSeconds;
}

/** A promise that the declared settings may break. */
export interface BrokenPromise {
  readonly worstSeconds: number;
  readonly promisedSeconds: number;
  /** Whom it was made to: `clients that honour TTLs`, `browsers`. */
  readonly clients: string;
}

/** Recovery times that may be longer than promised; none without an automatic failover. */
export function brokenPromises(result: RecoveryResult): readonly BrokenPromise[] {
  const { recoveryTimeSeconds, browserRecoveryTimeSeconds } = result.objectives;
  const promises = [
    ["ttl", recoveryTimeSeconds, "clients that honour TTLs"],
    ["browser", browserRecoveryTimeSeconds, "browsers"],
  ] as const;
  return promises.flatMap(([kind, promisedSeconds, clients]) => {
    const worst = worstSeconds(result, kind);
    return worst === undefined || worst <= promisedSeconds ? [] : [{ worstSeconds: worst, promisedSeconds, clients }];
  });
}

/** Whether recovery has no forbidden dependency and meets its objectives. */
export function passes(result: RecoveryResult): boolean {
  return result.problems.length === 0 && result.budgetInput !== undefined && brokenPromises(result).length === 0;
}
