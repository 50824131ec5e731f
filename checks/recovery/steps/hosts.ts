import type { Stack } from "../../../terraform-json/stack";
import { ADDRESS_TYPES, failoverType, recordTarget } from "../../independence/failover-pair";
import { resourcesOf } from "../declared/referred-blocks";
import { GLOBAL_CONTROL_REGION } from "./operations";

/**
 * Where a host is: the region of its record's target, `failover` when records decide who answers, the region of an AWS endpoint
 * (us-east-1 for one that names none); undefined when the stacks do not tell.
 */
export function hostRegion(host: string, stacks: readonly Stack[]): string | undefined {
  const records = resourcesOf("aws_route53_record", stacks).filter(
    ({ block }) => block.body["name"] === host && ADDRESS_TYPES.has(String(block.body["type"])),
  );
  if (records.some(({ block }) => failoverType(block.body) !== undefined)) return "failover";
  const [record] = records;
  if (record !== undefined) return recordTarget(record.block, record.stack, stacks).region;
  if (!isAwsHost(host)) return undefined;
  return /\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(host)?.[1] ?? GLOBAL_CONTROL_REGION;
}

function isAwsHost(host: string): boolean {
  return /\.(?:amazonaws\.com|api\.aws)$/i.test(host);
}

/** Whether the host is a service of AWS itself, and not an API that somebody serves with one. */
export function isAwsService(host: string): boolean {
  return isAwsHost(host) && !/\.execute-api\./i.test(host);
}
