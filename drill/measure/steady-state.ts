import type { RequestRecord } from "./history";

/** How customers were served before anything was broken: whatever went wrong then is the set-up's own doing. */
export interface SteadyState {
  /** Those that were over before the fault began, of every client. */
  readonly requests: number;
  /** Answered with an error. */
  readonly errors: number;
  /** Without any answer: no address, no connection, or not in time. */
  readonly unanswered: number;
}

/**
 * Share that may stay without an answer. A client's time-out of 5 s is 250 ms of the machine's clock at speed 20; a machine that stalls for so
 * long fails those who wait just then. Customers think for nine tenths of their time, so that a stall takes one request of each tenth
 * customer; in a steady state of some four requests each that is 2.5 %, and there may be two. Errors are no matter of speed, as functions'
 * time is not shortened: none is allowed.
 */
export const UNANSWERED_SHARE = 0.05;

export function steadyState(requests: readonly RequestRecord[], faultBeganAtMs: number): SteadyState {
  const before = requests.filter(({ endedAtMs }) => endedAtMs < faultBeganAtMs);
  const missed = before.filter(({ outcome }) => outcome !== "acknowledged");
  const errors = missed.filter(({ statusCode }) => statusCode !== undefined).length;
  return { requests: before.length, errors, unanswered: missed.length - errors };
}

export function isSteady({ requests, errors, unanswered }: SteadyState): boolean {
  return requests > 0 && errors === 0 && unanswered <= requests * UNANSWERED_SHARE;
}
