/** Longest a Route 53 HTTPS probe takes to fail: 4 s to connect, then 2 s for the response. */
export const PROBE_TIMEOUT_SECONDS = 6;

/** Time to live of an alias record's answer: the target's, which is 60 s for API Gateway. */
export const ALIAS_TTL_SECONDS = 60;

export interface RecoveryTimeBudgetInput {
  readonly requestIntervalSeconds: number;
  readonly failureThreshold: number;
  readonly recordTtlSeconds: number;
}

/** Worst-case parts of a failover, in seconds. */
export interface RecoveryTimeBudget {
  readonly detectionSeconds: number;
  readonly dnsCacheSeconds: number;
  readonly totalSeconds: number;
}

/**
 * Longest time from an outage's start until clients that honour the record's TTL reach the standby: every one of
 * `failureThreshold` probes waits a whole interval and runs into its time-out, then a just-cached answer lives out its TTL.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export function recoveryTimeBudget(input: RecoveryTimeBudgetInput): RecoveryTimeBudget {
  const detectionSeconds = input.failureThreshold * (input.requestIntervalSeconds + PROBE_TIMEOUT_SECONDS);
  return {
    detectionSeconds,
    dnsCacheSeconds: input.recordTtlSeconds,
    totalSeconds: detectionSeconds + input.recordTtlSeconds,
  };
}
