import { errorFields, type Log } from "../log";
import type { HeartbeatMetrics, HeartbeatStore } from "../ports";

export interface HeartbeatDependencies {
  /** One for each global table: a table can lose its replica alone. */
  readonly stores: readonly HeartbeatStore[];
  readonly region: string;
  readonly peerRegions: readonly string[];
  readonly nowMs: () => number;
  readonly metrics: HeartbeatMetrics;
  readonly log: Log;
}

export interface HeartbeatResult {
  /** Heartbeats of this region that were written. */
  readonly written: number;
  /** Heartbeats of peers that were found. */
  readonly found: number;
}

/** Some table could not be written or read. The next run tries again. */
export class HeartbeatError extends Error {
  override readonly name = "HeartbeatError";
}

/**
 * Writes this region's heartbeat into each global table, and reports the age of each peer's as it has arrived here. Replication that stalls
 * makes the age grow, also while no customer writes. The age contains the interval between two runs and the difference of the regions' clocks.
 * A peer that has no heartbeat yet has no age: the alarm treats missing data as breaching.
 *
 * @throws {HeartbeatError} after everything has been tried
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export const makeHeartbeatHandler = (dependencies: HeartbeatDependencies) => async (): Promise<HeartbeatResult> => {
  const { stores, region, peerRegions, nowMs, log } = dependencies;
  const writes = stores.map((store) => store.write(region, nowMs()));
  const reads = stores.flatMap((store) => peerRegions.map((peer) => reportAge(dependencies, store, peer)));
  const [written, read] = await Promise.all([Promise.allSettled(writes), Promise.allSettled(reads)]);
  const failures = [...written, ...read].filter((outcome) => outcome.status === "rejected");
  for (const { reason } of failures) log("ERROR", "heartbeat-failed", errorFields(reason));
  if (failures.length > 0) {
    throw new HeartbeatError(
      `heartbeat of ${region}: ${failures.length} of ${written.length + read.length} calls failed; see the log lines before`,
    );
  }
  return { written: written.length, found: read.filter((it) => it.status === "fulfilled" && it.value).length };
};

/** @returns false when the peer has no heartbeat here */
async function reportAge(
  { metrics, nowMs, log }: HeartbeatDependencies,
  store: HeartbeatStore,
  peer: string,
): Promise<boolean> {
  const writtenAtMs = await store.read(peer);
  if (writtenAtMs === undefined) {
    log("WARN", "heartbeat-missing", { peerRegion: peer, tableName: store.tableName });
    return false;
  }
  // The peer's clock may be ahead of this one.
  metrics.reportAge(peer, store.tableName, Math.max(0, nowMs() - writtenAtMs) / 1_000);
  return true;
}
