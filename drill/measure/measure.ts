import type { Allowance } from "./allowances";
import type { DrillEvent, RequestRecord } from "./history";
import type { AssumedLag } from "./lag-borne";
import { lostWrites, type WritesObserved } from "./lost-writes";
import type { OrderFate } from "./order-fate";
import { byKind, recoveryTime } from "./recovery-by-kind";
import { type PrimaryWrites, recoveryPoint, type StrandedWrite, switchedAtMs } from "./recovery-point";
import type { ColdStandby, DrillMeasures, PerSecond } from "./result";
import { steadyState } from "./steady-state";
import { type OpenCheckout, type UntoldOrder, unexplained } from "./untold-orders";

/** What a drill recorded, and what tables and ledger held at its end. */
export interface Observations {
  readonly requests: readonly RequestRecord[];
  readonly events: readonly DrillEvent[];
  /** Length of the steady state before the fault. */
  readonly steadyMs: number;
  /** Region to which the API's name resolved when the fault began. */
  readonly answerBeforeFault: string | undefined;
  readonly faultBeganAtMs: number;
  readonly faultEndedAtMs: number;
  readonly primaryRegion: string;
  readonly standbyRegions: readonly string[];
  /** Health check of the primary's record; undefined without one. */
  readonly primaryCheckId: string | undefined;
  /** Writes of the lost region that were not replicated when the recovery point was taken. */
  readonly strandedWrites: readonly StrandedWrite[];
  readonly primaryWrites: PrimaryWrites;
  readonly assumedLag: AssumedLag;
  readonly coldStandby: ColdStandby | undefined;
  readonly orders: readonly OrderFate[];
  readonly untoldOrders: readonly UntoldOrder[];
  readonly openCheckouts: readonly OpenCheckout[];
  readonly written: WritesObserved;
  /** Time that AWS takes and the drill does not. */
  readonly allowances: readonly Allowance[];
  /** Wall milliseconds of the whole drill, for the rate. */
  readonly wallMs: number;
}

const isStandby =
  ({ standbyRegions }: Observations) =>
  (subject?: string) =>
    subject !== undefined && standbyRegions.includes(subject);

export function measure(observed: Observations): DrillMeasures {
  const { requests, events, faultBeganAtMs, faultEndedAtMs, orders, untoldOrders, openCheckouts } = observed;
  const after = (kind: DrillEvent["kind"], isAbout: (subject?: string) => boolean): number | undefined => {
    const event = events.find((it) => it.kind === kind && it.atMs >= faultBeganAtMs && isAbout(it.subject));
    return event === undefined ? undefined : event.atMs - faultBeganAtMs;
  };
  const detectionTimeMs = after("check unhealthy", (id) => [undefined, id].includes(observed.primaryCheckId));
  const switchTimeMs = after("answer changed", isStandby(observed));
  const kinds = byKind(requests, faultBeganAtMs, faultEndedAtMs, observed.primaryRegion);
  const recoveryTimeMs = recoveryTime(requests, faultBeganAtMs, faultEndedAtMs);
  return {
    faultBeganAtMs,
    faultEndedAtMs,
    ...(detectionTimeMs === undefined ? {} : { detectionTimeMs }),
    ...(switchTimeMs === undefined ? {} : { switchTimeMs }),
    ...(recoveryTimeMs === undefined ? {} : { recoveryTimeMs }),
    byKind: kinds,
    allowances: observed.allowances,
    assumedLag: observed.assumedLag,
    ...(observed.coldStandby === undefined ? {} : { coldStandby: observed.coldStandby }),
    ...handsOn(observed),
    ...recoveryPoint(observed.strandedWrites, observed.primaryWrites, switchedAtMs(faultBeganAtMs, switchTimeMs)),
    steadyState: steadyState(
      requests,
      faultBeganAtMs,
      observed.steadyMs,
      observed.answerBeforeFault === observed.primaryRegion,
    ),
    ...lostWrites(observed.written, orders),
    ordersAcknowledged: orders.length,
    ordersLost: orders.filter(({ isPresent }) => !isPresent).length,
    ordersPaid: orders.filter(({ status }) => status === "PAID").length,
    ordersUnpaid: orders.filter(({ status }) => status === "PENDING_PAYMENT").length,
    ordersChargedTwice: [...orders, ...untoldOrders].filter(({ charges }) => charges > 1).length,
    ordersChargedWrongly: [...orders, ...untoldOrders].filter((it) => it.isPresent && !it.isAmountRight).length,
    ordersChargedUntold: untoldOrders.length,
    ordersChargedUnexplained: unexplained(untoldOrders, openCheckouts).length,
    recoveryParts: recoveryParts(detectionTimeMs, switchTimeMs, recoveryTimeMs),
    requestsPerWallSecond: requests.length / (observed.wallMs / 1_000),
    perSecond: perSecond(requests),
  };
}

/** Effects of the switch: time until clients had moved, failbacks before the release, time until they had returned. */
function handsOn(observed: Observations): Pick<DrillMeasures, "movedTimeMs" | "returns" | "returnTimeMs"> {
  const { events, requests, faultBeganAtMs, faultEndedAtMs, primaryRegion } = observed;
  const during = events.filter(({ atMs }) => atMs >= faultBeganAtMs && atMs <= faultEndedAtMs);
  const stoodDownAtMs = during.find(({ kind }) => kind === "stood down")?.atMs;
  const releasedAtMs = during.findLast(({ kind }) => kind === "released")?.atMs;
  const changes = during.filter(({ kind }) => kind === "answer changed");
  const leftAtMs = changes.find(({ subject }) => isStandby(observed)(subject))?.atMs;
  const cameBack = changes.filter(({ subject, atMs }) => subject === primaryRegion && atMs > (leftAtMs ?? 0));
  const unasked = cameBack.filter(({ atMs }) => atMs < (releasedAtMs ?? Number.POSITIVE_INFINITY));
  const asked = cameBack.find(({ atMs }) => atMs >= (releasedAtMs ?? Number.POSITIVE_INFINITY));
  const stayed = requests.filter(
    ({ clientKind, region, startedAtMs }) =>
      clientKind === "ttl" &&
      region === primaryRegion &&
      startedAtMs >= (stoodDownAtMs ?? 0) &&
      startedAtMs < (releasedAtMs ?? faultEndedAtMs),
  );
  const isWatched = requests.some((it) => it.clientKind === "ttl" && it.startedAtMs >= (stoodDownAtMs ?? 0));
  const hasMoved = stoodDownAtMs !== undefined && leftAtMs !== undefined && unasked.length === 0 && isWatched;
  return {
    returns: unasked.length,
    ...(hasMoved ? { movedTimeMs: Math.max(0, ...stayed.map((it) => it.startedAtMs - stoodDownAtMs)) } : {}),
    ...(releasedAtMs !== undefined && asked !== undefined ? { returnTimeMs: asked.atMs - releasedAtMs } : {}),
  };
}

function recoveryParts(detection: number | undefined, change: number | undefined, recovery: number | undefined) {
  if (detection === undefined || change === undefined || recovery === undefined || recovery < change) return [];
  return [
    { name: "checkers detect the fault", ms: detection },
    { name: "the answer changes", ms: change - detection },
    { name: "caches expire, clients retry", ms: recovery - change },
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
