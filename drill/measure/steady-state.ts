import type { RequestRecord } from "./history";

/** How customers were served before anything was broken: whatever went wrong then is the set-up's own doing. */
export interface SteadyState {
  /** Answered with an error at any time before the fault, to whichever client. */
  readonly errors: number;
  /** Over in the last stretch before the fault, which is as long as the steady phase. */
  readonly requests: number;
  /** Of those, without any answer: no address, no connection, or not in time. */
  readonly unanswered: number;
  readonly stretchMs: number;
  /** Whether the API's name led to the primary when the fault began; a failover before it leaves nothing to show. */
  readonly isPrimaryInService: boolean;
}

/**
 * Share that may stay without an answer. A client's time-out of 5 s is 250 ms of the machine's clock at speed 20; a machine that stalls for so
 * long fails those who wait just then, one request of some. After a longer stall the drill waits for a better stretch instead. Errors are no
 * matter of speed, as functions' time is not shortened: none is allowed.
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

/** Whether waiting any longer would not make it better. */
export function isAnswered({ requests, unanswered, isPrimaryInService }: SteadyState): boolean {
  return isPrimaryInService && requests > 0 && unanswered <= requests * UNANSWERED_SHARE;
}
