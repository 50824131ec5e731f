import type { DrillMeasures } from "./result";

export interface StrandedWrite {
  readonly what: string;
  readonly acknowledgedAtMs: number;
  /** Age of the write when the recovery point was taken, in wall milliseconds: replication is not compressed. */
  readonly ageAtFaultWallMs: number;
  /** When the standby received it, or a later write of the same item; undefined when it never did. */
  readonly arrivedAtMs?: number;
  readonly inTheEnd: "present" | "lost to last-writer-wins" | "lost";
}

/** Writes that the primary acknowledged before the recovery point. */
export interface PrimaryWrites {
  readonly replicated: number;
  /** Writes to tables without a replica in the standby; they never reach it. */
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

/** Time of failover in declared milliseconds since the drill began; undefined without a failover. */
export function switchedAtMs(faultBeganAtMs: number, switchTimeMs: number | undefined): number | undefined {
  return switchTimeMs === undefined ? undefined : faultBeganAtMs + switchTimeMs;
}

/** Counts the writes of the primary that were missing in the standby at failover, and takes the age of the oldest. */
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

/** Whether the standby held a write at failover. */
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
