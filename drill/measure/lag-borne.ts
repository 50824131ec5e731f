/** A write of the primary before the recovery point. */
export interface LaggedWrite {
  /** Wall milliseconds from its acknowledgement to the recovery point. */
  readonly ageMs: number;
  /** Wall milliseconds that its copy takes, as drawn from the assumed lag. */
  readonly lagMs: number;
}

/**
 * How many times longer every copy could take until the recovery point objective would be missed. A copy that takes longer than its write's age
 * has not arrived; the objective is missed as soon as that is so for a write older than the objective.
 * @returns a factor, below 1 where the objective is missed already; undefined without a write older than the objective
 */
export function lagBorne(writes: readonly LaggedWrite[], objectiveMs: number): number | undefined {
  const old = writes.filter(({ ageMs, lagMs }) => ageMs > objectiveMs && lagMs > 0);
  if (old.length === 0) return undefined;
  return old.reduce((least, { ageMs, lagMs }) => Math.min(least, ageMs / lagMs), Number.POSITIVE_INFINITY);
}

/** The lag of replication in a drill: an input, which no measurement confirms. */
export interface AssumedLag {
  /** Wall milliseconds: replication is not compressed. */
  readonly medianMs: number;
  readonly p99Ms: number;
  /** By {@link lagBorne}, on the writes of this drill. */
  readonly borneFactor?: number;
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
const described = (medianMs: number, p99Ms: number) => `median ${seconds(medianMs)}, 99th percentile ${seconds(p99Ms)}`;

/** What was assumed, and how much more the objective bears. */
export function assumedLagText({ medianMs, p99Ms, borneFactor }: AssumedLag): string {
  const assumed = `the lag is assumed (${described(medianMs, p99Ms)}; AWS promises none)`;
  if (borneFactor === undefined) return `${assumed}, and no write is old enough to tell how much the objective bears`;
  return (
    `${assumed}; by these writes the objective bears ${borneFactor.toFixed(1)} times as much ` +
    `(${described(medianMs * borneFactor, p99Ms * borneFactor)})`
  );
}
