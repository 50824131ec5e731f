import { errorFields, type Log } from "../log";
import type { HealthVerdict, StandbyMetrics } from "../ports";

export interface StandbyReportDependencies {
  /** Route 53's verdict on the standby's endpoint. */
  readonly verdict: HealthVerdict;
  readonly metrics: StandbyMetrics;
  readonly log: Log;
}

/** Milliseconds for a resolver that has to ask the name servers, and to repeat a lost packet. */
const VERDICT_TIMEOUT_MS = 5_000;

/**
 * Reports whether Route 53's checkers find the standby unhealthy. Their own metric is published in us-east-1 alone and would be lost with it; the verdict
 * is in DNS. A verdict that cannot be read is reported as nothing: the alarm treats missing data as breaching.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html
 */
export const makeStandbyReport =
  ({ verdict, metrics, log }: StandbyReportDependencies) =>
  async (): Promise<void> => {
    try {
      metrics.reportStandby(await verdict.isHealthy(VERDICT_TIMEOUT_MS));
    } catch (error) {
      log("ERROR", "standby-verdict-unknown", errorFields(error));
    }
  };
