import type { Stack } from "../../../terraform-json/stack";
import { ADDRESS_TYPES, failoverType, recordTarget } from "../../independence/failover-pair";
import { resourcesOf } from "../declared/referred-blocks";
import { GLOBAL_CONTROL_REGION } from "./operations";

/**
 * Finds a host's region: the region of its record's target, or of an AWS endpoint (us-east-1 when the name contains none). Returns
 * `failover` when failover records decide, and undefined when the stacks do not say.
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

/** Whether the host is an AWS service, and not an API behind API Gateway. */
export function isAwsService(host: string): boolean {
  return isAwsHost(host) && !/\.execute-api\./i.test(host);
}
