import type { DrillEvent, RequestRecord } from "./history";
import type { ObjectiveResult } from "./result";
import { UNANSWERED_SHARE } from "./steady-state";

/**
 * Declared milliseconds from a gray failure until an alarm must ring. The slowest of the stacks' alarms on capacity and errors wants three minutes
 * that breach; one minute more is cut by the failure's start, one is waited for the evaluation, and one until CloudWatch has the data.
 */
export const ALARM_WITHIN_MS = 360_000;

/** What a gray failure came to. */
export interface GrayFailure {
  /** From the fault to the first alarm; undefined when none rang. */
  readonly alarmAfterMs?: number;
  readonly alarmName?: string;
  /** Requests of clients that honour TTLs, once standing down had to be in force, until the release. */
  readonly acknowledgedAfterwards: number;
  /** Answered with an error. */
  readonly errorsAfterwards: number;
  /** Without an answer, which a busy machine may cause. */
  readonly unansweredAfterwards: number;
}

/** @param inForceMs - declared milliseconds from the data point until every such client has moved */
export function grayFailure(
  requests: readonly RequestRecord[],
  events: readonly DrillEvent[],
  faultBeganAtMs: number,
  inForceMs: number,
): GrayFailure {
  const rang = events.find(({ kind }) => kind === "alarm rang");
  const stoodDown = events.find(({ kind, atMs }) => kind === "stood down" && atMs >= faultBeganAtMs);
  const released = events.find(({ kind, atMs }) => kind === "released" && atMs >= (stoodDown?.atMs ?? 0));
  const fromMs = stoodDown === undefined ? Number.POSITIVE_INFINITY : stoodDown.atMs + inForceMs;
  const toMs = released?.atMs ?? Number.POSITIVE_INFINITY;
  const afterwards = requests.filter(
    ({ clientKind, startedAtMs, endedAtMs }) => clientKind === "ttl" && startedAtMs >= fromMs && endedAtMs < toMs,
  );
  const failed = afterwards.filter(({ outcome }) => outcome !== "acknowledged");
  return {
    ...(rang === undefined ? {} : { alarmAfterMs: rang.atMs - faultBeganAtMs, alarmName: rang.subject ?? "" }),
    acknowledgedAfterwards: afterwards.filter(({ outcome }) => outcome === "acknowledged").length,
    errorsAfterwards: failed.filter(({ statusCode }) => statusCode !== undefined).length,
    unansweredAfterwards: failed.filter(({ statusCode }) => statusCode === undefined).length,
  };
}

/** As in a steady state: a busy machine may leave some requests without an answer. */
const isServed = (acknowledged: number, unanswered: number) =>
  acknowledged > 0 && unanswered <= UNANSWERED_SHARE * (acknowledged + unanswered);

/** An alarm must ring in time, and after standing down the standby must serve. */
export function grayFailureObjectives(seen: GrayFailure): ObjectiveResult[] {
  const { alarmAfterMs, alarmName, acknowledgedAfterwards, errorsAfterwards, unansweredAfterwards } = seen;
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  return [
    {
      name: "alarm",
      isMet: alarmAfterMs !== undefined && alarmAfterMs <= ALARM_WITHIN_MS,
      measured: alarmAfterMs === undefined ? "never" : `after ${seconds(alarmAfterMs)}`,
      objective: `≤ ${seconds(ALARM_WITHIN_MS)}`,
      explanation: alarmName === undefined ? "no alarm of the stacks rang" : `${alarmName} rang first`,
    },
    {
      name: "served after standing down",
      isMet: errorsAfterwards === 0 && isServed(acknowledgedAfterwards, unansweredAfterwards),
      measured: `${errorsAfterwards} errors`,
      objective: "0",
      explanation: `${acknowledgedAfterwards} requests acknowledged, ${unansweredAfterwards} without an answer, between the time by which clients must have moved and the release`,
    },
  ];
}
