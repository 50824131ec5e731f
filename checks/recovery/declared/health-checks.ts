import { DeclarationError } from "../../../terraform-json/errors";
import type { Stack } from "../../../terraform-json/stack";
import type { FailoverPair } from "../../independence/failover-pair";
import { hostRegion } from "../steps/hosts";
import { type Fault, nameOf } from "../steps/step";
import { type Located, literalNumber, literalText, referredBlocks } from "./referred-blocks";

/** The health checks behind the PRIMARY records, by kind. */
export interface HealthChecks {
  readonly endpoints: readonly Located[];
  /** Health checks that follow a CloudWatch alarm: operators fail over with them. */
  readonly switches: readonly Located[];
  readonly calculated: readonly Located[];
}

const KINDS: Readonly<Record<string, keyof HealthChecks>> = {
  HTTP: "endpoints",
  HTTPS: "endpoints",
  CLOUDWATCH_METRIC: "switches",
  CALCULATED: "calculated",
};

/**
 * Finds every health check that the records depend on, each once.
 * @throws {DeclarationError} on a check that cannot be followed, or of an unknown type
 */
export function healthChecksOf(records: readonly Located[], stacks: readonly Stack[]): HealthChecks {
  const found = { endpoints: [], switches: [], calculated: [] } satisfies Record<keyof HealthChecks, Located[]>;
  const byKind: Record<keyof HealthChecks, Located[]> = found;
  const visited = new Set<string>();
  const visit = (check: Located) => {
    const name = nameOf(check);
    if (visited.has(name)) return;
    visited.add(name);
    const type = literalText(check, "type");
    const kind = KINDS[type];
    if (check.block.type !== "aws_route53_health_check" || kind === undefined) {
      throw new DeclarationError(
        `${name}: expected a health check of type ${Object.keys(KINDS).join(", ")}, got ${type}, whose steps the check does not know`,
      );
    }
    byKind[kind].push(check);
    if (kind === "calculated") for (const child of childrenOf(check, stacks)) visit(child);
  };
  for (const record of records) {
    if (record.block.body["health_check_id"] !== undefined) visit(checkOf(record, stacks));
  }
  return byKind;
}

/** Finds the health check of a record that has one. */
export function checkOf(record: Located, stacks: readonly Stack[]): Located {
  const { stack, block } = record;
  const [check] = referredBlocks(block.body["health_check_id"], stack, stacks, `${block.address}.health_check_id`);
  if (check !== undefined) return check;
  throw new DeclarationError(
    `${nameOf(record)}.health_check_id: expected a reference to a health check of these stacks, got ${JSON.stringify(block.body["health_check_id"])}, so what it watches is unknown`,
  );
}

export function childrenOf(check: Located, stacks: readonly Stack[]): Located[] {
  const { stack, block } = check;
  const ids = [block.body["child_healthchecks"] ?? []].flat();
  return ids.flatMap((id) => {
    const children = referredBlocks(id, stack, stacks, `${block.address}.child_healthchecks`);
    if (children.length > 0) return children;
    throw new DeclarationError(
      `${nameOf(check)}.child_healthchecks: expected references to health checks of these stacks, got ${JSON.stringify(id)}`,
    );
  });
}

/** Settings that make Route 53 ignore the result of a check. */
export function hearingFaults(check: Located): Fault[] {
  const { disabled, invert_healthcheck: inverted } = check.block.body;
  const resource = nameOf(check);
  return [
    ...(disabled === true
      ? [{ resource, reason: "it is disabled, so it always counts as healthy", remedy: "remove 'disabled'" }]
      : []),
    ...(inverted === true
      ? [
          {
            resource,
            reason: "it is inverted: it is healthy when it should be unhealthy",
            remedy: "remove the inversion",
          },
        ]
      : []),
  ];
}

export function calculatedFaults(check: Located, stacks: readonly Stack[]): Fault[] {
  const children = childrenOf(check, stacks).length;
  const threshold = literalNumber(check, "child_health_threshold", 0);
  const wrong = {
    resource: nameOf(check),
    reason:
      threshold < children
        ? `it stays healthy with ${threshold} of its ${children} children healthy: one failing child causes no failover`
        : `it needs ${threshold} healthy children and has ${children}: it is never healthy`,
    remedy: `set child_health_threshold to ${children}`,
  };
  return [...hearingFaults(check), ...(threshold === children ? [] : [wrong])];
}

/** An endpoint check must probe the primary by a host name that always leads there. */
export function endpointFaults(check: Located, stacks: readonly Stack[], pair: FailoverPair): Fault[] {
  const host = literalText(check, "fqdn");
  const region = hostRegion(host, stacks);
  if (region === pair.primaryRegion) return hearingFaults(check);
  if (region === undefined) {
    throw new DeclarationError(
      `${nameOf(check)}.fqdn: expected a host that these stacks declare a record for, or one that names its region, got ${host}`,
    );
  }
  const reason =
    region === "failover"
      ? `it probes ${host}, which resolves to the region that is in service`
      : `it probes ${host} in ${region}, which says nothing about ${pair.primaryRegion}`;
  return [
    ...hearingFaults(check),
    { resource: nameOf(check), reason, remedy: `probe a name that always leads to ${pair.primaryRegion}` },
  ];
}

/** The URL that an endpoint check probes, for reports. */
export function probedUrl(check: Located): string {
  const path = check.block.body["resource_path"];
  return `${literalText(check, "fqdn")}${typeof path === "string" ? path : "/"}`;
}
