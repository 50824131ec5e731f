/** Longest a Route 53 HTTPS probe takes to fail: 4 s for the TCP connection, then 2 s for TLS and the status. */
export const PROBE_TIMEOUT_SECONDS = 6;

/** Time for a probe of an unreachable region to fail: the connect time-out. */
const CONNECT_TIMEOUT_SECONDS = 4;

/** Time to live of an alias record's answer: the target's, which is 60 s for API Gateway. */
export const ALIAS_TTL_SECONDS = 60;

/** About as many checkers as AWS runs for one endpoint in its recommended regions. */
const CHECKERS = 16;

/** An endpoint is healthy while more than this share of its checkers find it healthy. */
const HEALTHY_SHARE = 0.18;

/**
 * Allowance in seconds for Route 53's verdict to reach all its name servers. AWS publishes no figure for verdicts, so this one is assumed.
 * For changed records it names 60 s under normal conditions (https://aws.amazon.com/route53/faqs/), but those go through the control plane.
 */
export const VERDICT_PROPAGATION_SECONDS = 10;

/**
 * Seconds for which browsers keep an answer, however short its TTL: Chromium 60 s at least (net/dns/host_resolver_manager_job.cc,
 * `kCacheEntryTTLSeconds` and `kMinimumTTLSeconds`). Java's 30 s are within them
 * (https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/jvm-ttl-dns.html).
 */
export const BROWSER_CACHE_SECONDS = 60;

/**
 * Clients by what they do with a DNS answer: `ttl` asks again when the TTL has passed, `browser` keeps it for
 * {@link BROWSER_CACHE_SECONDS} more. No budget covers a client that keeps an answer for longer, or a connection that still works.
 */
export type ClientKind = "ttl" | "browser";

/** Period of the switch's alarm: the shortest of a standard-resolution metric, which is all that Route 53 follows. */
export const SWITCH_PERIOD_SECONDS = 60;

/**
 * Seconds between two evaluations of an alarm. AWS does not say at which second of the minute they are.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
const ALARM_CYCLE_SECONDS = 60;

/**
 * Longest time from a data point in the switch until its alarm shows it: CloudWatch evaluates a minute that is over. Route 53 reads the
 * metric's data rather than the alarm's state, on a schedule that AWS does not document; it is taken to be no slower.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export const SWITCH_EVALUATION_SECONDS = SWITCH_PERIOD_SECONDS + ALARM_CYCLE_SECONDS;

export interface RecoveryTimeBudgetInput {
  readonly requestIntervalSeconds: number;
  readonly failureThreshold: number;
  readonly recordTtlSeconds: number;
  /** Seconds after which customers' clients abandon a request. */
  readonly clientTimeoutSeconds: number;
}

/** One part of a recovery, in seconds. */
export interface BudgetItem {
  readonly name: string;
  /** Explanation of the figures. */
  readonly reason: string;
  /** Expected value, when the region becomes unreachable at a random moment. */
  readonly typicalSeconds: number;
  /** Value when every wait is at its longest. */
  readonly worstSeconds: number;
}

export interface RecoveryTimeBudget {
  /** In the order in which they happen. */
  readonly items: readonly BudgetItem[];
  readonly typicalSeconds: number;
  readonly worstSeconds: number;
}

/**
 * Time from an outage's start until the last failed request of clients of a kind.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export function automaticFailoverBudget(
  input: RecoveryTimeBudgetInput,
  clients: ClientKind = "ttl",
): RecoveryTimeBudget {
  const { requestIntervalSeconds: interval, failureThreshold: threshold } = input;
  return budgetOf([
    {
      name: "the checkers' next request",
      reason: `${decidingChecker()} of ${CHECKERS} checkers must see the outage; each begins once every ${interval} s`,
      // Checkers start at evenly distributed times: this is the expected start of the deciding one.
      typicalSeconds: (interval * decidingChecker()) / (CHECKERS + 1),
      worstSeconds: interval,
    },
    {
      name: "failed requests in a row",
      reason: `threshold ${threshold}: each runs into its time-out (${CONNECT_TIMEOUT_SECONDS} s to connect, ${PROBE_TIMEOUT_SECONDS} s in all), ${interval} s between two`,
      typicalSeconds: threshold * CONNECT_TIMEOUT_SECONDS + (threshold - 1) * interval,
      worstSeconds: threshold * PROBE_TIMEOUT_SECONDS + (threshold - 1) * interval,
    },
    ...afterTheSwitch(input, clients),
  ]);
}

/** Time from an operator's data point in the switch until the last client that honours the record's TTL has moved. */
export function standDownBudget(
  input: Pick<RecoveryTimeBudgetInput, "recordTtlSeconds" | "clientTimeoutSeconds">,
): RecoveryTimeBudget {
  return budgetOf([
    {
      name: "the data point's minute",
      reason: `its alarm evaluates periods of ${SWITCH_PERIOD_SECONDS} s that are over`,
      typicalSeconds: SWITCH_PERIOD_SECONDS / 2,
      worstSeconds: SWITCH_PERIOD_SECONDS,
    },
    {
      name: "one evaluation of the switch",
      reason: `once every ${ALARM_CYCLE_SECONDS} s`,
      typicalSeconds: ALARM_CYCLE_SECONDS / 2,
      worstSeconds: ALARM_CYCLE_SECONDS,
    },
    ...afterTheSwitch(input),
  ]);
}

/** Position, in the order of changing verdicts, of the checker that changes the endpoint's verdict. */
function decidingChecker(): number {
  return CHECKERS - Math.floor(CHECKERS * HEALTHY_SHARE);
}

function afterTheSwitch(
  input: Pick<RecoveryTimeBudgetInput, "recordTtlSeconds" | "clientTimeoutSeconds">,
  clients: ClientKind = "ttl",
): BudgetItem[] {
  return [
    {
      name: "Route 53's name servers",
      reason: "an allowance for the verdict; AWS publishes no figure",
      typicalSeconds: VERDICT_PROPAGATION_SECONDS / 2,
      worstSeconds: VERDICT_PROPAGATION_SECONDS,
    },
    {
      name: "answers in DNS caches",
      reason: `TTL of ${input.recordTtlSeconds} s`,
      typicalSeconds: input.recordTtlSeconds / 2,
      worstSeconds: input.recordTtlSeconds,
    },
    ...(clients === "browser" ? [BROWSER_CACHE] : []),
    {
      name: "the last request's time-out",
      reason: `clients give up after ${input.clientTimeoutSeconds} s`,
      typicalSeconds: input.clientTimeoutSeconds / 2,
      worstSeconds: input.clientTimeoutSeconds,
    },
  ];
}

/** A browser's cache is filled from one that may hold the old answer to the end of its TTL. */
const BROWSER_CACHE: BudgetItem = {
  name: "answers in browsers",
  reason: `Chromium keeps an answer for ${BROWSER_CACHE_SECONDS} s, whatever its TTL`,
  typicalSeconds: BROWSER_CACHE_SECONDS / 2,
  worstSeconds: BROWSER_CACHE_SECONDS,
};

function budgetOf(items: readonly BudgetItem[]): RecoveryTimeBudget {
  const total = (of: (item: BudgetItem) => number) => items.reduce((sum, item) => sum + of(item), 0);
  return {
    items,
    typicalSeconds: total(({ typicalSeconds }) => typicalSeconds),
    worstSeconds: total(({ worstSeconds }) => worstSeconds),
  };
}
