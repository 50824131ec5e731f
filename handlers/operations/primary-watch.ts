import { isNativeError } from "node:util/types";
import * as z from "zod/mini";
import { errorFields, type Log } from "../log";
import type { Endpoint, FailoverMetrics } from "../ports";

/** How one run watches; EventBridge Scheduler hands it over as the schedule's input says. */
const watchSchema = z.strictObject({
  /** Seconds from the run's start for which it goes on; longer while failures are being counted. */
  watchSeconds: z.number().check(z.positive()),
  /** Seconds from an answer to the next request: the health check's own. */
  intervalSeconds: z.number().check(z.positive()),
  /** Failures in a row after which the primary is taken for gone: the health check's own. */
  failureThreshold: z.int().check(z.positive()),
  /** Seconds that an answer may take, connecting included. */
  timeoutSeconds: z.number().check(z.positive()),
  /** Whether a failover is made to last. */
  latch: z.boolean(),
});

export type Watch = z.infer<typeof watchSchema>;

export interface PrimaryWatchDependencies {
  /** The primary's own endpoint. */
  readonly primary: Endpoint;
  /** Whoever answers under the API's name. */
  readonly api: Endpoint;
  /** The region that this function runs in: the standby. */
  readonly region: string;
  readonly metrics: FailoverMetrics;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export interface WatchResult {
  readonly probes: number;
  /** Most failures in a row. */
  readonly failuresInARow: number;
  readonly latched: boolean;
}

/** The switch was to be thrown, and could not be. */
export class LatchError extends Error {
  override readonly name = "LatchError";
}

/** Once the primary is taken for gone, the failover is waited for more closely than the next probe. */
const MAXIMUM_WAIT_FOR_FAILOVER = 0.2;

/**
 * Watches the primary from the standby, and makes an automatic failover last: once the primary has failed as often in a row as the health
 * check allows, and customers are answered by this region, it stands the primary down. From then on only an operator lets them return.
 *
 * It follows a failover and never causes one: this is one place's view, and a broken path between two regions must not take a primary
 * off that the rest of the world reaches. Standing down what is stood down already changes nothing, so runs may overlap and repeat.
 *
 * @throws {LatchError} when the switch could not be thrown in the whole run
 */
export const makePrimaryWatch = (dependencies: PrimaryWatchDependencies) => async (event: unknown) => {
  const { primary, api, region, metrics, log, nowMs, wait } = dependencies;
  const watch = watchSchema.parse(event);
  const timeoutMs = watch.timeoutSeconds * 1_000;
  const intervalMs = watch.intervalSeconds * 1_000;
  const endsAtMs = nowMs() + watch.watchSeconds * 1_000;
  let [probes, inARow, failuresInARow, latched] = [0, 0, 0, false];
  let latchFailure: unknown;
  for (;;) {
    probes += 1;
    const failure = await failureOf(primary, timeoutMs);
    if (failure !== undefined) log("WARN", "primary-probe-failed", errorFields(failure));
    inARow = failure === undefined ? 0 : inARow + 1;
    failuresInARow = Math.max(failuresInARow, inARow);
    const isGone = inARow >= watch.failureThreshold;
    if (isGone && watch.latch && (await isAnsweredBy(region, api, timeoutMs))) {
      latchFailure = await metrics.standPrimaryDown().then(() => undefined, asError);
      latched = latchFailure === undefined;
      log(latched ? "WARN" : "ERROR", latched ? "failover-latched" : "latch-failed", errorFieldsOf(latchFailure));
    }
    const isCounting = inARow > 0 && !isGone;
    if (latched || (nowMs() >= endsAtMs && !isCounting)) break;
    await wait(isGone ? intervalMs * MAXIMUM_WAIT_FOR_FAILOVER : intervalMs);
  }
  await metrics.reportProbeFailures(failuresInARow);
  if (latchFailure !== undefined)
    throw new LatchError(`${region}: the primary could not be stood down`, { cause: latchFailure });
  return { probes, failuresInARow, latched } satisfies WatchResult;
};

/** Healthy is what Route 53 takes for it: a status of 2xx or 3xx in time. */
async function failureOf(endpoint: Endpoint, timeoutMs: number): Promise<Error | undefined> {
  try {
    const { statusCode } = await endpoint.get(timeoutMs);
    return statusCode >= 200 && statusCode < 400 ? undefined : new Error(`status ${statusCode}`);
  } catch (error) {
    return asError(error);
  }
}

/** Route 53 has failed over when this region answers under the API's name. No answer, or one that says nothing, proves nothing. */
async function isAnsweredBy(region: string, api: Endpoint, timeoutMs: number): Promise<boolean> {
  try {
    const { body } = await api.get(timeoutMs);
    return (JSON.parse(body) as { region?: unknown }).region === region;
  } catch {
    return false;
  }
}

const asError = (error: unknown): Error => (isNativeError(error) ? error : new Error(String(error)));

const errorFieldsOf = (error: unknown) => (error === undefined ? {} : errorFields(error));
