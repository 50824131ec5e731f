import { isNativeError } from "node:util/types";
import * as z from "zod/mini";
import { errorFields, type Log } from "../log";
import type { Endpoint, FailoverMetrics, HealthVerdict } from "../ports";
import { feedSwitch } from "./feed-switch";

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
  /** Seconds for which the verdict must stay unhealthy before it is believed: longer than any cache keeps an answer. */
  confirmSeconds: seconds(),
  /** Seconds between the data points that stand the primary down: the period of the switch's alarm. */
  repeatSeconds: seconds(),
  /** Seconds since the switch's newest data point after which its state is put again. */
  switchDataSeconds: seconds(),
  /** Whether a failover is made to last. */
  latch: z.boolean(),
});

export type Watch = z.infer<typeof watchSchema>;

export interface PrimaryWatchDependencies {
  /** The primary's own endpoint. */
  readonly primary: Endpoint;
  /** What Route 53's checkers around the world make of that endpoint. */
  readonly verdict: HealthVerdict;
  /** What Route 53 makes of the switch. */
  readonly switchVerdict: HealthVerdict;
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
 * Watches the primary from the standby in three ways at once. It makes automatic failovers last: once Route 53's checkers have seen the primary
 * fail as often in a row as the health check allows, it stands the primary down, and from then on only an operator lets customers return. It
 * probes the primary itself, and reports that in the standby, where people are told. And it keeps the switch's metric fed: {@link feedSwitch}.
 *
 * The latch goes by Route 53's verdict and not by the probes: the probes are one place's view, and a broken path between two regions must
 * neither take a primary off that the rest of the world reaches, nor hold it off against a release. Standing down what is stood down already
 * changes nothing, so runs may overlap and repeat.
 *
 * @throws {LatchError} when a failover could not be latched, or the verdict not be read in the whole run
 * @throws when nothing could be reported, or the switch not be fed
 */
export const makePrimaryWatch = (dependencies: PrimaryWatchDependencies) => async (event: unknown) => {
  const watch = watchSchema.parse(event);
  const endsAtMs = dependencies.nowMs() + watch.watchSeconds * 1_000;
  // None waits for another, nor ends with it.
  const [latching, probing, feeding] = await Promise.allSettled([
    watch.latch ? latchFailovers(dependencies, watch, endsAtMs) : false,
    probePrimary(dependencies, watch, endsAtMs),
    feedSwitch(dependencies, watch),
  ]);
  if (probing.status === "rejected") dependencies.log("ERROR", "probing-failed", errorFields(probing.reason));
  if (feeding.status === "rejected") dependencies.log("ERROR", "feeding-failed", errorFields(feeding.reason));
  if (latching.status === "rejected") throw latching.reason;
  if (probing.status === "rejected") throw probing.reason;
  if (feeding.status === "rejected") throw feeding.reason;
  return { ...probing.value, latched: latching.value } satisfies WatchResult;
};

/** @returns whether there was a failover to latch */
async function latchFailovers(
  dependencies: PrimaryWatchDependencies,
  watch: Watch,
  endsAtMs: number,
): Promise<boolean> {
  const { verdict, metrics, log, nowMs, wait } = dependencies;
  let [hasRead, hasFailedOver] = [false, false];
  let unhealthySinceMs: number | undefined;
  let failure: Error | undefined;
  for (;;) {
    try {
      if (!hasFailedOver) {
        const isHealthy = await verdict.isHealthy(watch.timeoutSeconds * 1_000);
        hasRead = true;
        if (isHealthy && unhealthySinceMs !== undefined) log("WARN", "failover-not-confirmed");
        unhealthySinceMs = isHealthy ? undefined : (unhealthySinceMs ?? nowMs());
        // One answer may be a single location's, or an old one out of a cache. Once confirmed it is latched, even if the primary is healthy
        // again before that can be done, and after the run's end.
        hasFailedOver = unhealthySinceMs !== undefined && nowMs() - unhealthySinceMs >= watch.confirmSeconds * 1_000;
      }
      if (hasFailedOver) {
        await metrics.standPrimaryDown();
        log("WARN", "failover-latched");
        await holdSwitch(dependencies, watch);
        return true;
      }
    } catch (error) {
      failure = asError(error);
      log("ERROR", hasFailedOver ? "latch-failed" : "verdict-unread", errorFields(failure));
    }
    if (nowMs() >= endsAtMs + (unhealthySinceMs === undefined ? 0 : patienceMs(watch))) break;
    await wait(watch.verdictIntervalSeconds * 1_000);
  }
  if (hasRead && unhealthySinceMs === undefined) return false;
  const what = hasRead ? "the primary has failed, and could not be stood down" : "no verdict could be read";
  throw new LatchError(what, { cause: failure });
}

/** Minutes after a latch that get a data point, too: no other run feeds the switch in ignorance of it then. */
const LATCH_REPEATS = 2;

/** Repeats the stand-down in the next minutes, until CloudWatch shows it to whoever reads, and Route 53 has evaluated it. */
async function holdSwitch({ metrics, log, wait }: PrimaryWatchDependencies, watch: Watch): Promise<void> {
  for (let repeat = 0; repeat < LATCH_REPEATS; repeat += 1) {
    await wait(watch.repeatSeconds * 1_000);
    try {
      await metrics.standPrimaryDown();
    } catch (error) {
      log("ERROR", "latch-repeat-failed", errorFields(asError(error)));
    }
  }
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
