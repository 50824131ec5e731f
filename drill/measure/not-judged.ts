import type { Objectives } from "../../topology/topology";
import type { Fault } from "../faults/fault";
import { whyNoRecoveryPoint } from "./recovery-point";
import { recoveryTimesNotJudged } from "./recovery-time-objectives";
import type { DrillMeasures, NotJudged } from "./result";

/** Recovery objectives that this fault cannot judge, each with the reason. Left out, they would look met. */
export function notJudged(
  fault: Fault,
  objectives: Objectives,
  measures: DrillMeasures,
  hasCheckout: boolean,
): NotJudged[] {
  const point = whyRecoveryPointIsNotJudged(fault, measures, hasCheckout);
  return [
    ...recoveryTimesNotJudged(fault, objectives, measures),
    ...(point === undefined
      ? []
      : [{ name: "recovery point", objective: `≤ ${objectives.recoveryPointSeconds.toFixed(1)} s`, reason: point }]),
  ];
}

/** Undefined where the recovery point is judged. Clients without a checkout write nothing and can lose nothing. */
export function whyRecoveryPointIsNotJudged(
  { mustFailOver, isByHand, isGray, marksRecoveryPoint }: Fault,
  measures: DrillMeasures,
  hasCheckout: boolean,
): string | undefined {
  if (marksRecoveryPoint === true) return "the region is drained first: 'writes left behind' is judged instead";
  if (isGray === true) return "the primary still answers, and its acknowledged writes still reach the standby";
  if (isByHand === true) return "the primary is healthy, and its acknowledged writes still reach the standby";
  if (mustFailOver !== true) return "this fault need not cause a failover, and without one there is no recovery point";
  const { writesBeforeRecoveryPoint, writesWithoutReplica, assumedLag } = measures;
  const unmeasured = whyNoRecoveryPoint(measures);
  if (unmeasured === undefined && assumedLag !== undefined && assumedLag.borneFactor === undefined) {
    return "no write before the fault was old enough to miss it, whatever the lag: give the drill a longer time before the fault";
  }
  const hasWrites = writesBeforeRecoveryPoint + writesWithoutReplica > 0;
  return hasCheckout || hasWrites ? undefined : unmeasured;
}
