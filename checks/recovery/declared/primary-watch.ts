import { DeclarationError } from "../../../terraform-json/errors";
import { type Json, type JsonObject, objectAt } from "../../../terraform-json/json";
import type { Stack } from "../../../terraform-json/stack";
import { hostRegion } from "../steps/hosts";
import { nameOf } from "../steps/step";
import { covers, type Grant, grantsOf, roleOf } from "./granted-actions";
import { type Located, referredBlocks, resourcesOf } from "./referred-blocks";
import { metricNames, type StandDownSwitch } from "./stand-down-switch";

/** A function that may set the switch, with everything it needs for that. */
export interface PrimaryWatch {
  readonly function: Located;
  readonly functionName: string;
  readonly role: Located;
  readonly grants: readonly Grant[];
  readonly schedules: readonly WatchSchedule[];
  /** Values of its environment variables. */
  readonly environment: readonly string[];
  /** URLs in its environment variables. */
  readonly urls: readonly WatchedUrl[];
}

export interface WatchSchedule {
  readonly schedule: Located;
  readonly role: Located | undefined;
  readonly grants: readonly Grant[];
  readonly isEnabled: boolean;
  readonly expression: string;
  /** The event of each run; undefined when it is not JSON. */
  readonly input: JsonObject | undefined;
}

export interface WatchedUrl {
  readonly variable: string;
  readonly url: URL;
  /** A region, `failover`, or undefined: {@link hostRegion}. */
  readonly region: string | undefined;
}

const PUT_METRIC_DATA = "cloudwatch:PutMetricData";

/**
 * Finds the functions whose roles may put metric data. If some of them name a switch's metric, only those count.
 * @throws {DeclarationError} if there is none, but a function with unreadable permissions might be one
 */
export function primaryWatches(switches: readonly StandDownSwitch[], stacks: readonly Stack[]): PrimaryWatch[] {
  const unread: unknown[] = [];
  const able = resourcesOf("aws_lambda_function", stacks).flatMap((found) => {
    try {
      const permissions = permissionsOf(found, stacks);
      return permissions.grants.some((grant) => covers(grant, PUT_METRIC_DATA)) ? [{ found, ...permissions }] : [];
    } catch (error) {
      if (!(error instanceof DeclarationError)) throw error;
      unread.push(error);
      return [];
    }
  });
  if (able.length === 0 && unread.length > 0) throw unread[0];
  const watches = able.map(({ found, role, grants }) => describe(found, role, grants, stacks));
  const metrics = switches.flatMap(({ alarm }) => (alarm === undefined ? [] : [metricNames(alarm)[1] ?? ""]));
  const naming = watches.filter(({ environment }) => metrics.some((metric) => environment.includes(metric)));
  return naming.length > 0 ? naming : watches;
}

function permissionsOf(found: Located, stacks: readonly Stack[]) {
  const role = roleOf(found.block.body["role"], found, stacks);
  if (role === undefined) {
    throw new DeclarationError(
      `${nameOf(found)}.role: expected a role of these stacks, got ${JSON.stringify(found.block.body["role"])}, so what the function may do is unknown`,
    );
  }
  return { role, grants: grantsOf(role, stacks) };
}

function describe(found: Located, role: Located, grants: readonly Grant[], stacks: readonly Stack[]): PrimaryWatch {
  const { body, address } = found.block;
  const environment = objectAt(`${nameOf(found)}.environment`, [body["environment"] ?? {}].flat()[0]);
  const variables = Object.entries(objectAt(`${nameOf(found)}.environment.variables`, environment["variables"] ?? {}));
  const schedules = resourcesOf("aws_scheduler_schedule", stacks)
    .filter((schedule) => startsFunction(schedule, found, stacks))
    .map((schedule) => describeSchedule(schedule, stacks));
  return {
    function: found,
    functionName: typeof body["function_name"] === "string" ? body["function_name"] : address,
    role,
    grants,
    schedules,
    environment: variables.map(([, value]) => String(value)),
    urls: variables.flatMap(([variable, value]) => {
      if (!/^https?:\/\//i.test(String(value)) || !URL.canParse(String(value))) return [];
      const url = new URL(String(value));
      return [{ variable, url, region: hostRegion(url.hostname, stacks) }];
    }),
  };
}

const targetOf = ({ block }: Located): JsonObject =>
  objectAt(`${block.address}.target`, [block.body["target"] ?? {}].flat()[0]);

function startsFunction(schedule: Located, found: Located, stacks: readonly Stack[]): boolean {
  const { stack, block } = schedule;
  return referredBlocks(targetOf(schedule)["arn"], stack, stacks, `${block.address}.target.arn`).some(
    (referred) => nameOf(referred) === nameOf(found),
  );
}

function describeSchedule(schedule: Located, stacks: readonly Stack[]): WatchSchedule {
  const target = targetOf(schedule);
  const role = roleOf(target["role_arn"], schedule, stacks);
  return {
    schedule,
    role,
    grants: role === undefined ? [] : grantsOf(role, stacks),
    isEnabled: schedule.block.body["state"] !== "DISABLED",
    expression: String(schedule.block.body["schedule_expression"]),
    input: inputOf(target["input"]),
  };
}

function inputOf(text: Json | undefined): JsonObject | undefined {
  try {
    return objectAt("input", JSON.parse(String(text)) as Json);
  } catch {
    return undefined;
  }
}
