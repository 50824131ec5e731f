import type { DrillMeasures } from "./result";

export interface StrandedWrite {
  readonly what: string;
  readonly acknowledgedAtMs: number;
  /** On the machine's clock, as replication is not compressed: age of the write when the recovery point was taken. */
  readonly ageAtFaultWallMs: number;
  /** When the standby had it, or a later write in its place; undefined when it never had. */
  readonly arrivedAtMs?: number;
  readonly inTheEnd: "present" | "lost to last-writer-wins" | "lost";
}

/** What the primary had acknowledged from the drill's beginning to the recovery point. */
export interface PrimaryWrites {
  readonly replicated: number;
  /** To tables without a replica in the standby: no replication will ever bring them there. */
  readonly withoutReplica: number;
}

type RecoveryPoint = Pick<
  DrillMeasures,
  | "recoveryPointMs"
  | "writesBeforeRecoveryPoint"
  | "writesWithoutReplica"
  | "writesUnavailableAtFailover"
  | "writesRecovered"
  | "writesLostToLastWriterWins"
>;

/** When the answer changed, on the clock on which writes arrive; undefined when it did not. */
export function switchedAtMs(faultBeganAtMs: number, switchTimeMs: number | undefined): number | undefined {
  return switchTimeMs === undefined ? undefined : faultBeganAtMs + switchTimeMs;
}

/** Writes of the primary that the standby did not hold when customers came, and the age of the oldest. */
export function recoveryPoint(
  stranded: readonly StrandedWrite[],
  { replicated, withoutReplica }: PrimaryWrites,
  switchedAtMs: number | undefined,
): RecoveryPoint {
  const unavailable = stranded.filter((write) => !isVisibleAtFailover(write, switchedAtMs));
  const isMeasured = switchedAtMs !== undefined && replicated > 0 && withoutReplica === 0;
  const count = (fate: StrandedWrite["inTheEnd"]) => unavailable.filter(({ inTheEnd }) => inTheEnd === fate).length;
  return {
    ...(isMeasured ? { recoveryPointMs: Math.max(0, ...unavailable.map((write) => write.ageAtFaultWallMs)) } : {}),
    writesBeforeRecoveryPoint: replicated,
    writesWithoutReplica: withoutReplica,
    writesUnavailableAtFailover: unavailable.length,
    writesRecovered: count("present"),
    writesLostToLastWriterWins: count("lost to last-writer-wins"),
  };
}

/** Whether a write that was on its way had arrived when the answer changed. */
export function isVisibleAtFailover(
  { arrivedAtMs, inTheEnd }: StrandedWrite,
  switchedAtMs: number | undefined,
): boolean {
  return inTheEnd === "present" && (arrivedAtMs ?? Number.POSITIVE_INFINITY) <= (switchedAtMs ?? 0);
}

/** Why there is no recovery point; undefined where there is one. */
export function whyNoRecoveryPoint(
  measures: Pick<DrillMeasures, "writesWithoutReplica" | "writesBeforeRecoveryPoint" | "switchTimeMs">,
): string | undefined {
  const { writesWithoutReplica, writesBeforeRecoveryPoint, switchTimeMs } = measures;
  if (writesWithoutReplica > 0)
    return `${writesWithoutReplica} acknowledged writes went to tables without a replica in the standby`;
  if (writesBeforeRecoveryPoint === 0) return "no write was acknowledged before the fault";
  return switchTimeMs === undefined ? "nothing failed over" : undefined;
}
