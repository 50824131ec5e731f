import fs from "node:fs";
import path from "node:path";
import { DeclarationError } from "../terraform-json/errors";
import { Fields, isObject } from "../terraform-json/json";
import type { ResolvedBlock, Resolver } from "../terraform-json/resolver";
import { readPolicyStatements } from "./read-policy-statements";
import type { EventSourceMapping, LambdaFunction, Queue, Schedule } from "./topology";

/** An item and its region. */
export interface Placed<T> {
  readonly region: string;
  readonly it: T;
}

export const placed = <T>({ region }: ResolvedBlock, it: T): Placed<T> => ({ region, it });

export function readFunctions(resolver: Resolver): Placed<LambdaFunction>[] {
  const policies = resolver.all("aws_iam_role_policy");
  const permissions = resolver.all("aws_lambda_permission");
  const roles = new Set(resolver.all("aws_iam_role").map(({ fields }) => fields.text("name")));
  return resolver.all("aws_lambda_function").map((block) => {
    const { fields, address, folder, region } = block;
    const runtime = fields.text("runtime");
    if (!runtime.startsWith("nodejs"))
      fields.fail("runtime", "one of nodejs, which is all that the drill runs", runtime);
    const role = fields.text("role").split("/").at(-1) ?? "";
    if (!roles.has(role)) fields.fail("role", "a role that a stack declares, whose policies the drill reads", role);
    const arn = fields.text("arn");
    const concurrency = fields.number("reserved_concurrent_executions", -1);
    return placed(block, {
      address,
      arn,
      functionName: fields.text("function_name"),
      zipPath: zipPathOf(address, folder, fields.text("filename")),
      handler: fields.text("handler"),
      memorySizeMb: fields.numberIn("memory_size", 128, 10_240, 128),
      timeoutSeconds: fields.numberIn("timeout", 1, 900, 3),
      environment: fields.block("environment")?.textMap("variables") ?? {},
      ...(concurrency < 0 ? {} : { reservedConcurrentExecutions: concurrency }),
      statements: policies
        .filter((policy) => policy.fields.text("role") === role)
        .flatMap((policy) => readPolicyStatements(policy.fields)),
      invokers: permissions
        .filter((permission) => permission.region === region && isFor(permission, arn))
        .map(({ fields: permission }) => {
          const sourceArn = permission.optionalText("source_arn");
          return { principal: permission.text("principal"), ...(sourceArn === undefined ? {} : { sourceArn }) };
        }),
    });
  });
}

/** A permission refers to its function by name or by ARN. */
function isFor(permission: ResolvedBlock, functionArn: string): boolean {
  const named = permission.fields.text("function_name");
  return named === functionArn || functionArn.endsWith(`:function:${named}`);
}

function zipPathOf(address: string, folder: string, filename: string): string {
  const file = path.resolve(folder, filename);
  if (fs.existsSync(file)) return file;
  throw new DeclarationError(`${address}: 'filename' must name a zip that exists, got ${file}; synthesize again`);
}

export function readQueues(resolver: Resolver): Placed<Queue>[] {
  const redrives = resolver.all("aws_sqs_queue_redrive_policy");
  return resolver.all("aws_sqs_queue").map((block) => {
    const { fields, address } = block;
    const url = fields.text("url");
    const policy = [
      fields,
      ...redrives.filter((it) => it.fields.text("queue_url") === url).map((it) => it.fields),
    ].find((it) => it.has("redrive_policy"));
    const redrive = policy === undefined ? undefined : redriveOf(policy);
    return placed(block, {
      address,
      arn: fields.text("arn"),
      name: fields.text("name"),
      url,
      visibilityTimeoutSeconds: fields.numberIn("visibility_timeout_seconds", 0, 43_200, 30),
      messageRetentionSeconds: fields.numberIn("message_retention_seconds", 60, 1_209_600, 345_600),
      ...(redrive === undefined ? {} : { redrive }),
    });
  });
}

function redriveOf(policy: Fields): NonNullable<Queue["redrive"]> {
  const redrive = policy.optionalJson("redrive_policy");
  if (!isObject(redrive)) return policy.fail("redrive_policy", "an object as JSON", redrive);
  const fields = new Fields(`${policy.address}: redrive_policy`, redrive);
  return {
    deadLetterArn: fields.text("deadLetterTargetArn"),
    maxReceiveCount: fields.numberIn("maxReceiveCount", 1, 1_000),
  };
}

export function readMappings(resolver: Resolver): Placed<EventSourceMapping>[] {
  return resolver.all("aws_lambda_event_source_mapping").map((block) => {
    const { fields, address } = block;
    const maximumConcurrency = fields.block("scaling_config")?.numberIn("maximum_concurrency", 2, 1_000);
    return placed(block, {
      address,
      queueArn: fields.text("event_source_arn"),
      functionArn: fields.text("function_name"),
      batchSize: fields.numberIn("batch_size", 1, 10_000, 10),
      reportsBatchItemFailures: fields.texts("function_response_types").includes("ReportBatchItemFailures"),
      ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
    });
  });
}

const RATE = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/;
const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export function readSchedules(resolver: Resolver): Placed<Schedule>[] {
  return resolver.all("aws_scheduler_schedule").map((block) => {
    const { fields, address } = block;
    const expression = fields.text("schedule_expression");
    const [, count, unit] = RATE.exec(expression) ?? [];
    if (count === undefined || unit === undefined) {
      return fields.fail(
        "schedule_expression",
        "rate(<number> minutes|hours|days), which is all that the drill runs",
        expression,
      );
    }
    const target = fields.block("target") ?? fields.fail("target", "a block", undefined);
    const [group, name] = [
      fields.optionalText("group_name") ?? "default",
      fields.optionalText("name") ?? block.block.address,
    ];
    const input = target.optionalJson("input");
    return placed(block, {
      address,
      arn: `arn:aws:scheduler:${block.region}:${resolver.accountId}:schedule/${group}/${name}`,
      functionArn: target.text("arn"),
      rateMs: Number(count) * (UNIT_MS[unit] ?? 0),
      ...(input === undefined ? {} : { input }),
    });
  });
}
