import type { DrillEvent, RequestRecord } from "./history";
import type { DrillMeasures, PerSecond } from "./result";

/** What a drill has noted down, and what its ledgers and tables said when it was over. */
export interface Observations {
  readonly requests: readonly RequestRecord[];
  readonly events: readonly DrillEvent[];
  readonly faultBeganAtMs: number;
  readonly faultEndedAtMs: number;
  readonly primaryRegion: string;
  readonly secondaryRegion: string;
  /** The health check by which Route 53 chooses; undefined where the primary has none. */
  readonly primaryCheckId: string | undefined;
  /** Writes of the lost region that were on their way when the fault began. */
  readonly strandedWrites: readonly StrandedWrite[];
  readonly orders: readonly OrderFate[];
  /** Wall milliseconds of the whole drill, for the rate. */
  readonly wallMs: number;
}

export interface StrandedWrite {
  readonly what: string;
  readonly acknowledgedAtMs: number;
  /** On the machine's clock, as replication is not compressed: age of the write when the fault began. */
  readonly ageAtFaultWallMs: number;
  readonly inTheEnd: "present" | "lost to last-writer-wins" | "lost";
}

export interface OrderFate {
  readonly orderId: string;
  readonly isPresent: boolean;
  readonly status: string | undefined;
  readonly charges: number;
  /** The amount that was acknowledged, stored and charged is one. */
  readonly isAmountRight: boolean;
}

export function measure(observed: Observations): DrillMeasures {
  const { requests, events, faultBeganAtMs, faultEndedAtMs, strandedWrites, orders } = observed;
  const after = (kind: DrillEvent["kind"], subject?: string): number | undefined => {
    const event = events.find(
      (it) => it.kind === kind && it.atMs >= faultBeganAtMs && (subject === undefined || it.subject === subject),
    );
    return event === undefined ? undefined : event.atMs - faultBeganAtMs;
  };
  const detectionTimeMs = after("check unhealthy", observed.primaryCheckId);
  const switchTimeMs = after("answer changed", observed.secondaryRegion);
  const recoveryTimeMs = recoveryTime(requests, faultBeganAtMs, faultEndedAtMs);
  const count = (fate: StrandedWrite["inTheEnd"]) => strandedWrites.filter(({ inTheEnd }) => inTheEnd === fate).length;
  return {
    faultBeganAtMs,
    faultEndedAtMs,
    ...(detectionTimeMs === undefined ? {} : { detectionTimeMs }),
    ...(switchTimeMs === undefined ? {} : { switchTimeMs }),
    ...(recoveryTimeMs === undefined ? {} : { recoveryTimeMs }),
    ...handsOn(observed),
    recoveryPointMs: Math.max(0, ...strandedWrites.map(({ ageAtFaultWallMs }) => ageAtFaultWallMs)),
    writesUnavailableAtFailover: strandedWrites.length,
    writesRecovered: count("present"),
    writesLostToLastWriterWins: count("lost to last-writer-wins"),
    ordersAcknowledged: orders.length,
    ordersLost: orders.filter(({ isPresent }) => !isPresent).length,
    ordersPaid: orders.filter(({ status }) => status === "PAID").length,
    ordersUnpaid: orders.filter(({ status }) => status === "PENDING_PAYMENT").length,
    ordersChargedTwice: orders.filter(({ charges }) => charges > 1).length,
    recoveryParts: recoveryParts(detectionTimeMs, switchTimeMs, recoveryTimeMs),
    requestsPerWallSecond: requests.length / (observed.wallMs / 1_000),
    perSecond: perSecond(requests),
  };
}

/** What the switch has brought about: how long customers took to move, whether they stayed, how long they took to return. */
function handsOn(observed: Observations): Pick<DrillMeasures, "movedTimeMs" | "returns" | "returnTimeMs"> {
  const { events, requests, faultBeganAtMs, faultEndedAtMs, primaryRegion, secondaryRegion } = observed;
  const during = events.filter(({ atMs }) => atMs >= faultBeganAtMs && atMs <= faultEndedAtMs);
  const stoodDownAtMs = during.find(({ kind }) => kind === "stood down")?.atMs;
  const releasedAtMs = during.findLast(({ kind }) => kind === "released")?.atMs;
  const changes = during.filter(({ kind }) => kind === "answer changed");
  const leftAtMs = changes.find(({ subject }) => subject === secondaryRegion)?.atMs;
  const cameBack = changes.filter(({ subject, atMs }) => subject === primaryRegion && atMs > (leftAtMs ?? 0));
  const unasked = cameBack.filter(({ atMs }) => atMs < (releasedAtMs ?? Number.POSITIVE_INFINITY));
  const asked = cameBack.find(({ atMs }) => atMs >= (releasedAtMs ?? Number.POSITIVE_INFINITY));
  const stayed = requests.filter(
    ({ honoursTtl, region, startedAtMs }) =>
      honoursTtl &&
      region === primaryRegion &&
      startedAtMs >= (stoodDownAtMs ?? 0) &&
      startedAtMs < (releasedAtMs ?? faultEndedAtMs),
  );
  const hasMoved = stoodDownAtMs !== undefined && leftAtMs !== undefined && unasked.length === 0;
  return {
    returns: unasked.length,
    ...(hasMoved ? { movedTimeMs: Math.max(0, ...stayed.map((it) => it.startedAtMs - stoodDownAtMs)) } : {}),
    ...(releasedAtMs !== undefined && asked !== undefined ? { returnTimeMs: asked.atMs - releasedAtMs } : {}),
  };
}

/** Time without a failure, up to the fault's end, that counts as recovered. */
const CALM_MS = 10_000;

/**
 * From the fault to the end of the last failed request of a client that honours TTLs.
 * @returns 0 when none failed; undefined when they failed up to the fault's end
 */
function recoveryTime(requests: readonly RequestRecord[], beganAtMs: number, endedAtMs: number): number | undefined {
  const failures = requests.filter(
    ({ honoursTtl, outcome, endedAtMs: at, startedAtMs }) =>
      honoursTtl && outcome !== "acknowledged" && at >= beganAtMs && startedAtMs < endedAtMs,
  );
  if (failures.length === 0) return 0;
  const last = Math.max(...failures.map(({ endedAtMs: at }) => at));
  return last > endedAtMs - CALM_MS ? undefined : last - beganAtMs;
}

function recoveryParts(detection: number | undefined, change: number | undefined, recovery: number | undefined) {
  if (detection === undefined || change === undefined || recovery === undefined || recovery < change) return [];
  return [
    { name: "checkers notice", ms: detection },
    { name: "the answer changes", ms: change - detection },
    { name: "caches and repeats run out", ms: recovery - change },
  ];
}

function perSecond(requests: readonly RequestRecord[]): PerSecond[] {
  const seconds: { second: number; acknowledged: Record<string, number>; failed: number; indeterminate: number }[] = [];
  for (const { endedAtMs, outcome, region } of requests) {
    const second = Math.floor(endedAtMs / 1_000);
    while (seconds.length <= second)
      seconds.push({ second: seconds.length, acknowledged: {}, failed: 0, indeterminate: 0 });
    const bucket = seconds[second];
    if (bucket === undefined) continue;
    if (outcome !== "acknowledged") bucket[outcome] += 1;
    else if (region !== undefined) bucket.acknowledged[region] = (bucket.acknowledged[region] ?? 0) + 1;
  }
  return seconds;
}
