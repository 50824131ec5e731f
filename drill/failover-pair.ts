import { longestProbeMs } from "../local-aws/route53/probe";
import { DeclarationError } from "../terraform-json/errors";
import type { DnsRecord, RegionTopology, Topology } from "../topology/topology";

/** The name that fails over, and the regions that it leads to. */
export interface FailoverPair {
  /** What customers call. */
  readonly apiName: string;
  readonly primary: RegionTopology;
  readonly secondary: RegionTopology;
  readonly primaryRecord: DnsRecord;
}

/**
 * Finds the pair of failover records.
 * @throws {DeclarationError} if there is none, or one does not lead to an API
 */
export function failoverPair(topology: Topology): FailoverPair {
  const primaryRecords = topology.records.filter(({ failover }) => failover === "PRIMARY");
  // Pairs that lead to no API tell something else, such as verdicts by TXT records.
  const primaryRecord = primaryRecords.find((record) => leadsToAnApi(topology, record)) ?? primaryRecords[0];
  if (primaryRecord === undefined)
    throw new DeclarationError("records: one must be a PRIMARY failover record; got none, so nothing fails over");
  const secondaryRecord = topology.records.find(
    ({ failover, name, type }) =>
      failover === "SECONDARY" && name === primaryRecord.name && type === primaryRecord.type,
  );
  if (secondaryRecord === undefined) {
    throw new DeclarationError(
      `${primaryRecord.address}: must have a SECONDARY record of the same name and type; got none`,
    );
  }
  return {
    apiName: primaryRecord.name,
    primary: regionBehind(topology, primaryRecord),
    secondary: regionBehind(topology, secondaryRecord),
    primaryRecord,
  };
}

const leadsToAnApi = ({ regions }: Topology, record: DnsRecord) => regions.some((region) => leadsTo(region, record));

function leadsTo({ apis }: RegionTopology, { values }: DnsRecord): boolean {
  return apis.some(({ domains }) => domains.some(({ targetDomainName }) => values.includes(targetDomainName)));
}

function regionBehind(topology: Topology, record: DnsRecord): RegionTopology {
  const region = topology.regions.find((candidate) => leadsTo(candidate, record));
  if (region !== undefined) return region;
  throw new DeclarationError(
    `${record.address}: must lead to an API's regional host name, got ${record.values.join(", ")}`,
  );
}

/**
 * The longest recovery that is declared: every checker may just have seen a good answer, each of the failing probes takes its time-out, and
 * a resolver may just have asked, and the last request to the dead region runs into its client's time-out.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 * @param clientTimeoutMs - declared milliseconds after which clients give a request up
 * @returns declared milliseconds; undefined when no endpoint check decides
 */
export function worstRecoveryMs(
  topology: Topology,
  { healthCheckId, ttlSeconds }: DnsRecord,
  clientTimeoutMs: number,
): number | undefined {
  const decisive = topology.healthChecks.flatMap((check) =>
    check.id === healthCheckId && check.type === "CALCULATED"
      ? topology.healthChecks.filter(({ id }) => check.childIds.includes(id))
      : check.id === healthCheckId
        ? [check]
        : [],
  );
  const detectionTimesMs = decisive.flatMap((check) =>
    check.type === "CALCULATED" || check.type === "CLOUDWATCH_METRIC"
      ? []
      : [check.failureThreshold * (check.requestIntervalSeconds * 1_000 + longestProbeMs(check.type))],
  );
  if (detectionTimesMs.length === 0) return undefined;
  return Math.min(...detectionTimesMs) + ttlSeconds * 1_000 + clientTimeoutMs;
}
