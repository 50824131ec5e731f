import { CLIENT_KINDS, type ClientKind } from "./client-kinds";
import type { RequestRecord } from "./history";

/** How the clients of one kind fared while the fault lasted. */
export interface KindMeasures {
  readonly kind: ClientKind;
  readonly clients: number;
  readonly requests: number;
  /** Of those, the ones that were not acknowledged. */
  readonly failedRequests: number;
  /** From the fault to the end of the last failed request; 0 when none failed, undefined when they failed up to the fault's end. */
  readonly recoveryTimeMs?: number;
  /** From the fault to the start of the last request sent to the primary; undefined when none was. */
  readonly lastAtPrimaryMs?: number;
}

/** Time without a failure, up to the fault's end, that counts as recovered. */
const CALM_MS = 10_000;

/** Requests of clients of a kind that were open during the fault. */
export function requestsDuring(
  requests: readonly RequestRecord[],
  beganAtMs: number,
  endedAtMs: number,
  kind: ClientKind = "ttl",
): readonly RequestRecord[] {
  return requests.filter((it) => it.clientKind === kind && it.endedAtMs >= beganAtMs && it.startedAtMs < endedAtMs);
}

/**
 * From the fault to the end of the last failed request of clients of a kind.
 * @returns 0 when none failed; undefined when they failed up to the fault's end, or no request was acknowledged after the last failure
 */
export function recoveryTime(
  requests: readonly RequestRecord[],
  beganAtMs: number,
  endedAtMs: number,
  kind: ClientKind = "ttl",
): number | undefined {
  const during = requestsDuring(requests, beganAtMs, endedAtMs, kind);
  const failures = during.filter(({ outcome }) => outcome !== "acknowledged");
  const last = Math.max(beganAtMs, ...failures.map(({ endedAtMs: at }) => at));
  const isServed = during.some(({ outcome, endedAtMs: at }) => outcome === "acknowledged" && at >= last);
  if (!isServed) return undefined;
  if (failures.length === 0) return 0;
  return last > endedAtMs - CALM_MS ? undefined : last - beganAtMs;
}

/** Figures of each kind that sent a request while the fault lasted. */
export function byKind(
  requests: readonly RequestRecord[],
  beganAtMs: number,
  endedAtMs: number,
  primaryRegion: string,
): readonly KindMeasures[] {
  return CLIENT_KINDS.flatMap((kind) => {
    const during = requestsDuring(requests, beganAtMs, endedAtMs, kind);
    if (during.length === 0) return [];
    const recoveryTimeMs = recoveryTime(requests, beganAtMs, endedAtMs, kind);
    const atPrimary = during.filter(({ region }) => region === primaryRegion).map(({ startedAtMs }) => startedAtMs);
    return [
      {
        kind,
        clients: new Set(during.map(({ clientId }) => clientId)).size,
        requests: during.length,
        failedRequests: during.filter(({ outcome }) => outcome !== "acknowledged").length,
        ...(recoveryTimeMs === undefined ? {} : { recoveryTimeMs }),
        ...(atPrimary.length === 0 ? {} : { lastAtPrimaryMs: Math.max(0, Math.max(...atPrimary) - beganAtMs) }),
      },
    ];
  });
}
