import type { Stack } from "../../../terraform-json/stack";
import { type FailoverPair, failoverType, findFailoverPair } from "../../independence/failover-pair";
import { nameOf } from "../steps/step";
import { type FailoverRecords, failoverRecords } from "./failover-records";
import { checkOf, type HealthChecks, healthChecksOf } from "./health-checks";
import { type PrimaryWatch, primaryWatches } from "./primary-watch";
import { type RecoveryObjectives, recoveryObjectives } from "./recovery-objectives";
import { type Located, resourcesOf } from "./referred-blocks";
import { type StandDownSwitch, standDownSwitch } from "./stand-down-switch";

/** Everything that a recovery depends on, as the stacks declare it. */
export interface RecoveryPath {
  readonly stacks: readonly Stack[];
  readonly pair: FailoverPair;
  readonly records: FailoverRecords;
  readonly checks: HealthChecks;
  readonly switches: readonly StandDownSwitch[];
  readonly watches: readonly PrimaryWatch[];
  readonly objectives: RecoveryObjectives;
}

/**
 * Follows the PRIMARY records to their health checks, the health checks to their alarm or endpoint, and finds the function that may set
 * the switch. It reads literal values only: an expression that only a plan can evaluate is an error.
 * @throws {DeclarationError} if a value on the path is missing or not literal
 */
export function recoveryPath(stacks: readonly Stack[]): RecoveryPath {
  const pair = findFailoverPair(stacks);
  const records = failoverRecords(stacks, pair);
  const checks = healthChecksOf(records.primaries, stacks);
  const switches = checks.switches.map((check) => standDownSwitch(check, stacks));
  const watches = primaryWatches(switches, stacks);
  return { stacks, pair, records, checks, switches, watches, objectives: recoveryObjectives(pair.stack) };
}

/** Finds the TXT records that publish Route 53's verdict for one of these checks. */
export function verdictRecords(checks: readonly Located[], stacks: readonly Stack[]): Located[] {
  const names = new Set(checks.map(nameOf));
  return resourcesOf("aws_route53_record", stacks).filter(
    (record) =>
      record.block.body["type"] === "TXT" &&
      failoverType(record.block.body) === "PRIMARY" &&
      record.block.body["health_check_id"] !== undefined &&
      names.has(nameOf(checkOf(record, stacks))),
  );
}

/** Finds the verdict records of the primary's endpoint that a watch's environment names. */
export function watchedVerdicts({ environment }: PrimaryWatch, { checks, stacks }: RecoveryPath): Located[] {
  return verdictRecords(checks.endpoints, stacks).filter((record) =>
    environment.includes(String(record.block.body["name"])),
  );
}
