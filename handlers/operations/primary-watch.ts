import { isNativeError } from "node:util/types";
import * as z from "zod/mini";
import { errorFields, type Log } from "../log";
import type { Endpoint, FailoverMetrics, HealthVerdict } from "../ports";

const seconds = () => z.number().check(z.positive());

/** How one run watches; EventBridge Scheduler hands it over as the schedule's input says. */
const watchSchema = z.strictObject({
  /** Seconds from the run's start for which it goes on; longer while failures are counted or a failover is not latched yet. */
  watchSeconds: seconds(),
  /** Seconds from an answer of the primary to the next request: the health check's own. */
  intervalSeconds: seconds(),
  /** Failures in a row after which the primary is taken for gone: the health check's own. */
  failureThreshold: z.int().check(z.positive()),
  /** Seconds that an answer may take, connecting included. */
  timeoutSeconds: seconds(),
  /** Seconds from one reading of Route 53's verdict to the next. */
  verdictIntervalSeconds: seconds(),
  /** Whether a failover is made to last. */
  latch: z.boolean(),
});

export type Watch = z.infer<typeof watchSchema>;

export interface PrimaryWatchDependencies {
  /** The primary's own endpoint. */
  readonly primary: Endpoint;
  /** What Route 53's checkers around the world make of that endpoint. */
  readonly verdict: HealthVerdict;
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

/** The switch had to be set and could not be, or Route 53's verdict could not be read. */
export class LatchError extends Error {
  override readonly name = "LatchError";
}

/**
 * Watches the primary from the standby in two ways at once. It makes automatic failovers last: once Route 53's checkers have seen the primary
 * fail as often in a row as the health check allows, it stands the primary down, and from then on only an operator lets customers return. And it
 * probes the primary itself, and reports that in the standby, where people are told.
 *
 * The latch goes by Route 53's verdict and not by the probes: the probes are one place's view, and a broken path between two regions must
 * neither take a primary off that the rest of the world reaches, nor hold it off against a release. Standing down what is stood down already
 * changes nothing, so runs may overlap and repeat.
 *
 * @throws {LatchError} when a failover could not be latched, or the verdict not be read in the whole run
 */
export const makePrimaryWatch = (dependencies: PrimaryWatchDependencies) => async (event: unknown) => {
  const watch = watchSchema.parse(event);
  const endsAtMs = dependencies.nowMs() + watch.watchSeconds * 1_000;
  // Neither waits for the other, nor ends with it.
  const [latching, probing] = await Promise.allSettled([
    watch.latch ? latchFailovers(dependencies, watch, endsAtMs) : false,
    probePrimary(dependencies, watch, endsAtMs),
  ]);
  if (probing.status === "rejected") dependencies.log("ERROR", "probing-failed", errorFields(probing.reason));
  if (latching.status === "rejected") throw latching.reason;
  if (probing.status === "rejected") throw probing.reason;
  return { ...probing.value, latched: latching.value } satisfies WatchResult;
};

/** @returns whether there was a failover to latch */
async function latchFailovers(
  { verdict, metrics, log, nowMs, wait }: PrimaryWatchDependencies,
  watch: Watch,
  endsAtMs: number,
): Promise<boolean> {
  let [hasRead, hasFailedOver] = [false, false];
  let failure: Error | undefined;
  for (;;) {
    try {
      // Once seen it is latched, even if the primary is healthy again before that can be done, and after the run's end.
      hasFailedOver ||= !(await verdict.isHealthy(watch.timeoutSeconds * 1_000));
      hasRead = true;
      if (hasFailedOver) {
        await metrics.standPrimaryDown();
        log("WARN", "failover-latched");
        return true;
      }
    } catch (error) {
      failure = asError(error);
      log("ERROR", hasFailedOver ? "latch-failed" : "verdict-unread", errorFields(failure));
    }
    if (nowMs() >= endsAtMs + (hasFailedOver ? patienceMs(watch) : 0)) break;
    await wait(watch.verdictIntervalSeconds * 1_000);
  }
  if (hasRead && !hasFailedOver) return false;
  const what = hasFailedOver ? "the primary has failed, and could not be stood down" : "no verdict could be read";
  throw new LatchError(what, { cause: failure });
}

/** How much longer than its time a run may last: as long as counting failures up to the threshold takes. */
function patienceMs({ failureThreshold, intervalSeconds, timeoutSeconds }: Watch): number {
  return failureThreshold * (intervalSeconds + timeoutSeconds) * 1_000;
}

async function probePrimary(
  { primary, metrics, log, nowMs, wait }: PrimaryWatchDependencies,
  watch: Watch,
  endsAtMs: number,
): Promise<Omit<WatchResult, "latched">> {
  let [probes, inARow, failuresInARow] = [0, 0, 0];
  for (;;) {
    probes += 1;
    const failure = await failureOf(primary, watch.timeoutSeconds * 1_000);
    if (failure !== undefined) log("WARN", "primary-probe-failed", errorFields(failure));
    inARow = failure === undefined ? 0 : inARow + 1;
    failuresInARow = Math.max(failuresInARow, inARow);
    if (inARow === watch.failureThreshold) await reportEarly(metrics, inARow, log);
    const isCounting = inARow > 0 && inARow < watch.failureThreshold;
    if (nowMs() >= endsAtMs && !isCounting) break;
    await wait(watch.intervalSeconds * 1_000);
  }
  await metrics.reportProbeFailures(failuresInARow);
  return { probes, failuresInARow };
}

/** People need not wait for the run's end; when this fails, the report at the end is still to come. */
async function reportEarly(metrics: FailoverMetrics, inARow: number, log: Log): Promise<void> {
  try {
    await metrics.reportProbeFailures(inARow);
  } catch (error) {
    log("ERROR", "report-failed", errorFields(error));
  }
}

/** Healthy is what Route 53 takes for it: a status of 2xx or 3xx in time. */
async function failureOf(endpoint: Endpoint, timeoutMs: number): Promise<Error | undefined> {
  try {
    const statusCode = await endpoint.statusCode(timeoutMs);
    return statusCode >= 200 && statusCode < 400 ? undefined : new Error(`status ${statusCode}`);
  } catch (error) {
    return asError(error);
  }
}

const asError = (error: unknown): Error => (isNativeError(error) ? error : new Error(String(error)));
