import type { Objectives } from "../../topology/topology";
import type { Fault } from "../faults/fault";
import { whyNoRecoveryPoint } from "./recovery-point";
import type { DrillMeasures, NotJudged } from "./result";

/** Recovery objectives that the deployment promises and this fault cannot judge, with the reason: silence would read as kept. */
export function notJudged(
  fault: Fault,
  { recoveryTimeSeconds, recoveryPointSeconds }: Objectives,
  measures: DrillMeasures,
  hasCheckout: boolean,
): NotJudged[] {
  const point = whyRecoveryPointIsNotJudged(fault, measures, hasCheckout);
  const atMost = (seconds: number) => `≤ ${seconds.toFixed(1)} s`;
  return [
    ...(fault.whyNoRecoveryTime === undefined
      ? []
      : [{ name: "recovery time", objective: atMost(recoveryTimeSeconds), reason: fault.whyNoRecoveryTime }]),
    ...(point === undefined
      ? []
      : [{ name: "recovery point", objective: atMost(recoveryPointSeconds), reason: point }]),
  ];
}

/** Undefined where it is judged; customers who write nothing cannot lose anything, where those of a checkout must have written. */
export function whyRecoveryPointIsNotJudged(
  { mustFailOver, isByHand, marksRecoveryPoint }: Fault,
  measures: DrillMeasures,
  hasCheckout: boolean,
): string | undefined {
  if (marksRecoveryPoint === true) return "the region is emptied first: 'writes left behind' is judged instead";
  if (isByHand === true) return "the primary lives, and what it has acknowledged still reaches the standby";
  if (mustFailOver !== true) return "the fault need not fail over, and without a failover there is no such point";
  const { writesBeforeRecoveryPoint, writesWithoutReplica } = measures;
  const hasWrites = writesBeforeRecoveryPoint + writesWithoutReplica > 0;
  return hasCheckout || hasWrites ? undefined : whyNoRecoveryPoint(measures);
}
