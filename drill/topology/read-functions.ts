import fs from "node:fs";
import path from "node:path";
import { TopologyError } from "../terraform/errors";
import { type Fields, isObject, type Json } from "../terraform/json";
import type { ResolvedBlock, Resolver } from "../terraform/resolver";
import type { EventSourceMapping, LambdaFunction, PolicyStatement, Queue, Schedule } from "./topology";

/** Something, and the region that it is in. */
export interface Placed<T> {
  readonly region: string;
  readonly it: T;
}

export const placed = <T>({ region }: ResolvedBlock, it: T): Placed<T> => ({ region: String(region), it });

export function readFunctions(resolver: Resolver): Placed<LambdaFunction>[] {
  const policies = resolver.all("aws_iam_role_policy");
  const permissions = resolver.all("aws_lambda_permission");
  return resolver.all("aws_lambda_function").map((block) => {
    const { fields, address, folder, region } = block;
    const role = fields.text("role").split("/").at(-1);
    const arn = fields.text("arn");
    const concurrency = fields.number("reserved_concurrent_executions", -1);
    return placed(block, {
      address,
      arn,
      functionName: fields.text("function_name"),
      zipPath: zipPathOf(address, folder, fields.text("filename")),
      handler: fields.text("handler"),
      memorySizeMb: fields.number("memory_size", 128),
      timeoutSeconds: fields.number("timeout", 3),
      environment: fields.block("environment")?.textMap("variables") ?? {},
      ...(concurrency < 0 ? {} : { reservedConcurrentExecutions: concurrency }),
      statements: policies
        .filter((policy) => policy.fields.text("role") === role)
        .flatMap((policy) => statementsOf(policy.address, policy.fields.text("policy"))),
      invokers: permissions
        .filter((permission) => permission.region === region && isFor(permission, arn))
        .map(({ fields: permission }) => {
          const sourceArn = permission.optionalText("source_arn");
          return { principal: permission.text("principal"), ...(sourceArn === undefined ? {} : { sourceArn }) };
        }),
    });
  });
}

/** A permission names its function by name or by ARN. */
function isFor(permission: ResolvedBlock, functionArn: string): boolean {
  const named = permission.fields.text("function_name");
  return named === functionArn || functionArn.endsWith(`:function:${named}`);
}

function zipPathOf(address: string, folder: string, filename: string): string {
  const file = path.resolve(folder, filename);
  if (fs.existsSync(file)) return file;
  throw new TopologyError(`${address}: 'filename' must name a zip that exists, got ${file}; synthesize again`);
}

function statementsOf(address: string, policy: string): PolicyStatement[] {
  const document = JSON.parse(policy) as { readonly Statement?: unknown };
  const statements = [document.Statement ?? []].flat() as Array<Record<string, Json>>;
  return statements.map((statement) => {
    const { Effect, Action, Resource, Condition } = statement;
    const unread = Object.keys(statement).filter((key) => !STATEMENT_KEYS.includes(key));
    const metricNamespaces = namespacesIn(Condition);
    if (
      (Effect !== "Allow" && Effect !== "Deny") ||
      Action === undefined ||
      Resource === undefined ||
      (Condition !== undefined && metricNamespaces === undefined) ||
      unread.length > 0
    ) {
      throw new TopologyError(
        `${address}: a statement must have Effect, Action and Resource, and at most the condition ` +
          `{"StringEquals":{"${NAMESPACE_KEY}":...}}, which is all that the drill reads; got ${JSON.stringify(statement)}`,
      );
    }
    return {
      effect: Effect,
      actions: [Action].flat().map(String),
      resources: [Resource].flat().map(String),
      ...(metricNamespaces === undefined ? {} : { metricNamespaces }),
    };
  });
}

const STATEMENT_KEYS = ["Sid", "Effect", "Action", "Resource", "Condition"];
const NAMESPACE_KEY = "cloudwatch:namespace";

/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
 * @returns undefined for any other condition than one on the namespace alone
 */
function namespacesIn(condition: Json | undefined): string[] | undefined {
  if (!isObject(condition) || Object.keys(condition).join() !== "StringEquals") return undefined;
  const equals = condition["StringEquals"];
  if (!isObject(equals) || Object.keys(equals).join() !== NAMESPACE_KEY) return undefined;
  const namespaces = [equals[NAMESPACE_KEY] ?? null].flat();
  return namespaces.every((namespace) => typeof namespace === "string") ? namespaces : undefined;
}

export function readQueues(resolver: Resolver): Placed<Queue>[] {
  const redrives = resolver.all("aws_sqs_queue_redrive_policy");
  return resolver.all("aws_sqs_queue").map((block) => {
    const { fields, address } = block;
    const url = fields.text("url");
    const policy =
      fields.optionalText("redrive_policy") ??
      redrives.find((redrive) => redrive.fields.text("queue_url") === url)?.fields.text("redrive_policy");
    const redrive = policy === undefined ? undefined : JSON.parse(policy);
    return placed(block, {
      address,
      arn: fields.text("arn"),
      name: fields.text("name"),
      url,
      visibilityTimeoutSeconds: fields.number("visibility_timeout_seconds", 30),
      messageRetentionSeconds: fields.number("message_retention_seconds", 345_600),
      ...(redrive === undefined
        ? {}
        : {
            redrive: {
              deadLetterArn: String(redrive.deadLetterTargetArn),
              maxReceiveCount: Number(redrive.maxReceiveCount),
            },
          }),
    });
  });
}

export function readMappings(resolver: Resolver): Placed<EventSourceMapping>[] {
  return resolver.all("aws_lambda_event_source_mapping").map((block) => {
    const { fields, address } = block;
    const maximumConcurrency = fields.block("scaling_config")?.number("maximum_concurrency");
    return placed(block, {
      address,
      queueArn: fields.text("event_source_arn"),
      functionArn: fields.text("function_name"),
      batchSize: fields.number("batch_size", 10),
      reportsBatchItemFailures: fields.texts("function_response_types").includes("ReportBatchItemFailures"),
      ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
    });
  });
}

const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;
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
      fields.optionalText("name") ?? block.localAddress,
    ];
    const input = inputOf(target);
    return placed(block, {
      address,
      arn: `arn:aws:scheduler:${block.region}:${resolver.accountId}:schedule/${group}/${name}`,
      functionArn: target.text("arn"),
      rateMs: Number(count) * (UNIT_MS[unit] ?? 0),
      ...(input === undefined ? {} : { input }),
    });
  });
}

function inputOf(target: Fields): Json | undefined {
  const text = target.optionalText("input");
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return target.fail("input", "JSON, as a function's target wants it", text);
  }
}
