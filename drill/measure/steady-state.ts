import type { RequestRecord } from "./history";

/** How the API answered before the fault. Failures at that time come from the deployment itself. */
export interface SteadyState {
  /** Requests answered with an error at any time before the fault, of any client. */
  readonly errors: number;
  /** Requests that ended in the last stretch before the fault; the stretch is as long as the steady phase. */
  readonly requests: number;
  /** Of those, without any answer: no address, no connection, or not in time. */
  readonly unanswered: number;
  readonly stretchMs: number;
  /** Whether the API's name resolved to the primary when the fault began. After an earlier failover the drill shows nothing. */
  readonly isPrimaryInService: boolean;
}

/**
 * Share of requests that may stay without an answer. At speed 20 a client's time-out of 5 s is 250 ms of wall time, and a machine that stalls
 * for so long fails the requests that are open then. After a longer stall the drill waits for a better stretch. Errors do not depend on the
 * speed, because functions' time is not compressed: none is allowed.
 */
export const UNANSWERED_SHARE = 0.05;

export function steadyState(
  requests: readonly RequestRecord[],
  faultBeganAtMs: number,
  stretchMs: number,
  isPrimaryInService: boolean,
): SteadyState {
  const before = requests.filter(({ endedAtMs }) => endedAtMs < faultBeganAtMs);
  const stretch = before.filter(({ endedAtMs }) => endedAtMs >= faultBeganAtMs - stretchMs);
  const isError = ({ outcome, statusCode }: RequestRecord) => outcome !== "acknowledged" && statusCode !== undefined;
  const isSilence = ({ outcome, statusCode }: RequestRecord) => outcome !== "acknowledged" && statusCode === undefined;
  return {
    errors: before.filter(isError).length,
    requests: stretch.length,
    unanswered: stretch.filter(isSilence).length,
    ...{ stretchMs, isPrimaryInService },
  };
}

export function isSteady(state: SteadyState): boolean {
  return state.errors === 0 && isAnswered(state);
}

/** Whether waiting longer cannot improve the steady state. */
export function isAnswered({ requests, unanswered, isPrimaryInService }: SteadyState): boolean {
  return isPrimaryInService && requests > 0 && unanswered <= requests * UNANSWERED_SHARE;
}
