import type { Log } from "../log";
import type { FailoverMetrics, HealthVerdict, SwitchPoint } from "../ports";

export interface FeedSwitchDependencies {
  /** What Route 53 makes of the switch: healthy while the primary is in service. */
  readonly switchVerdict: HealthVerdict;
  readonly metrics: FailoverMetrics;
  readonly log: Log;
  readonly nowMs: () => number;
}

export interface Feeding {
  /** Seconds since the newest data point after which the switch's state is put again. */
  readonly switchDataSeconds: number;
  /** Seconds that an answer in DNS may take. */
  readonly timeoutSeconds: number;
}

export type Fed = "not due" | "in service" | "stood down" | "not agreed" | "corrected";

/**
 * Puts the state that the switch has, so that its alarm and Route 53 need not remember it: the last known status is meant for minutes and
 * hours without data, not for months.
 *
 * It must never change the switch. It therefore keeps out of the way while anybody has put a data point lately, and puts what both the newest
 * data point and Route 53 say; where they differ it puts nothing. All the same a decision may be on its way unseen, since a data point may take some
 * time to be read back (up to two minutes for a new metric). So it corrects itself: as soon as a repeat turns out to stand against the decision
 * before it or beside it, the decision is put again.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html
 *
 * @throws when CloudWatch, or where there is something to put the name servers, do not answer
 */
export async function feedSwitch(dependencies: FeedSwitchDependencies, feeding: Feeding): Promise<Fed> {
  const { switchVerdict, metrics, log, nowMs } = dependencies;
  const { newest, decision, repeat } = await metrics.switchPoints();
  if (decision !== undefined && isContradicted(decision, repeat)) {
    await metrics.repeatSwitch(decision.isStoodDown);
    log("WARN", "switch-corrected", { decision: stateOf(decision.isStoodDown) });
    return "corrected";
  }
  if (newest !== undefined && nowMs() - newest.atMs < feeding.switchDataSeconds * 1_000) return "not due";
  const isStoodDown = !(await switchVerdict.isHealthy(feeding.timeoutSeconds * 1_000));
  if (newest !== undefined && newest.isStoodDown !== isStoodDown) {
    log("WARN", "switch-not-fed", { newestPoint: stateOf(newest.isStoodDown) });
    return "not agreed";
  }
  await metrics.repeatSwitch(isStoodDown);
  return stateOf(isStoodDown);
}

/** A repeat follows the decisions before it. One that does not was put by a run that could not see the newest. */
const isContradicted = (decision: SwitchPoint, repeat: SwitchPoint | undefined) =>
  repeat !== undefined && repeat.atMs >= decision.atMs && repeat.isStoodDown !== decision.isStoodDown;

const stateOf = (isStoodDown: boolean) => (isStoodDown ? "stood down" : "in service");
