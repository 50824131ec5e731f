import { longestProbeMs } from "../../local-aws/route53/probe";
import type { DnsRecord, HealthCheck, Topology } from "../../topology/topology";
import { VERDICT_PROPAGATION } from "./allowances";
import { BROWSER_CACHE_MS } from "./client-kinds";

/**
 * The longest recovery that the declared settings allow, allowances included. Every checker may just have had a good answer, each failing probe takes its whole
 * time-out, a resolver may just have cached the record, a browser may just have asked it, and the last request to the lost region takes its client's whole time-out.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 * @param clientTimeoutMs - declared milliseconds after which clients give a request up
 * @returns declared milliseconds; undefined when no endpoint check decides
 */
export function worstRecoveryMs(
  topology: Topology,
  { healthCheckId, ttlSeconds }: DnsRecord,
  clientTimeoutMs: number,
  clients: "ttl" | "browser" = "ttl",
): number | undefined {
  const detectionTimesMs = decisiveChecks(topology.healthChecks, healthCheckId).flatMap((check) =>
    check.type === "CALCULATED" || check.type === "CLOUDWATCH_METRIC"
      ? []
      : [check.failureThreshold * (check.requestIntervalSeconds * 1_000 + longestProbeMs(check.type))],
  );
  if (detectionTimesMs.length === 0) return undefined;
  const cachedMs = ttlSeconds * 1_000 + (clients === "browser" ? BROWSER_CACHE_MS : 0);
  return Math.min(...detectionTimesMs) + VERDICT_PROPAGATION.ms + cachedMs + clientTimeoutMs;
}

/** The record's own health check, or the children of a calculated one. */
function decisiveChecks(checks: readonly HealthCheck[], id: string | undefined): readonly HealthCheck[] {
  return checks
    .filter((check) => check.id === id)
    .flatMap((check) =>
      check.type === "CALCULATED" ? checks.filter((child) => check.childIds.includes(child.id)) : [check],
    );
}
