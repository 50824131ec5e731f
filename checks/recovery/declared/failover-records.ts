import type { Stack } from "../../../terraform-json/stack";
import { ADDRESS_TYPES, type FailoverPair, failoverType, recordTarget } from "../../independence/failover-pair";
import { type Fault, nameOf } from "../steps/step";
import { type Located, referredBlocks, resourcesOf } from "./referred-blocks";

/** The DNS records of the failover. */
export interface FailoverRecords {
  readonly apiName: string;
  readonly primaries: readonly Located[];
  readonly secondaries: readonly Located[];
  /** Faults of the records themselves: a side that leads to the wrong region, or is missing. */
  readonly faults: readonly Fault[];
}

const isAddress = ({ block }: Located) => ADDRESS_TYPES.has(String(block.body["type"]));

/** Two records with the same key are the two sides of one pair. */
const pairKey = ({ block }: Located) =>
  JSON.stringify([block.body["zone_id"] ?? null, block.body["name"] ?? null, block.body["type"] ?? null]);

/** Finds every failover record that routes traffic. An alias has one record for each IP version. */
export function failoverRecords(stacks: readonly Stack[], pair: FailoverPair): FailoverRecords {
  const records = resourcesOf("aws_route53_record", stacks).filter(isAddress);
  const side = (type: string) => records.filter(({ block }) => failoverType(block.body) === type);
  const primaries = side("PRIMARY");
  const secondaries = side("SECONDARY");
  const faults = [
    ...without(primaries, secondaries, "SECONDARY"),
    ...without(secondaries, primaries, "PRIMARY"),
    ...primaries.flatMap((record) => leadsElsewhere(record, stacks, pair.primaryRegion)),
    ...secondaries.flatMap((record) => leadsElsewhere(record, stacks, pair.standbyRegion)),
  ];
  return { apiName: String(primaries[0]?.block.body["name"]), primaries, secondaries, faults };
}

function without(records: readonly Located[], others: readonly Located[], missing: string): Fault[] {
  const present = new Set(others.map(pairKey));
  return records
    .filter((record) => !present.has(pairKey(record)))
    .map((record) => ({
      resource: nameOf(record),
      reason: `its name has no ${missing} record of type ${String(record.block.body["type"])}: half of a pair does not fail over`,
      remedy: `declare the ${missing} record with the same zone, name and type`,
    }));
}

function leadsElsewhere(record: Located, stacks: readonly Stack[], wanted: string): Fault[] {
  const { region } = recordTarget(record.block, record.stack, stacks);
  if (region === wanted) return [];
  return [
    {
      resource: nameOf(record),
      reason: `it leads to ${region}; the other records of its side lead to ${wanted}`,
      remedy: `point it at the API in ${wanted}`,
    },
  ];
}

/** The resources that serve the traffic of a record. */
export function servedBy(record: Located, stacks: readonly Stack[]): Located[] {
  const { records, alias } = record.block.body;
  return referredBlocks(records ?? alias, record.stack, stacks, record.block.address).filter(
    ({ block }) => block.region !== undefined,
  );
}
