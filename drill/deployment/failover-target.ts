import { DeclarationError } from "../../terraform-json/errors";
import type { DnsRecord, RegionTopology, Topology } from "../../topology/topology";

/** The name that fails over, and the regions that it can lead to. */
export interface FailoverTarget {
  /** The name that clients call. */
  readonly apiName: string;
  /** In the order in which Route 53 prefers them: the primary first. */
  readonly regions: readonly RegionTopology[];
  /** The first of the regions. */
  readonly primary: RegionTopology;
  readonly primaryRecord: DnsRecord;
}

/**
 * Finds the failover records of the API.
 * @throws {DeclarationError} if there is no PRIMARY or no SECONDARY record, or one does not lead to an API
 */
export function failoverTarget(topology: Topology): FailoverTarget {
  const primaryRecords = topology.records.filter(({ failover }) => failover === "PRIMARY");
  // Failover records that lead to no API publish something else, such as a health verdict in a TXT record.
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
  const primary = regionBehind(topology, primaryRecord);
  return {
    apiName: primaryRecord.name,
    regions: [primary, regionBehind(topology, secondaryRecord)],
    primary,
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
