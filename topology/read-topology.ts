import { DeclarationError } from "../terraform-json/errors";
import { Fields, isObject } from "../terraform-json/json";
import { Resolver } from "../terraform-json/resolver";
import type { StackSource } from "../terraform-json/source";
import { addressOf, isDeclared, type Stack } from "../terraform-json/stack";
import { oneOf, readSecrets, readTables } from "./read-data";
import { readAlarms, readHealthChecks, readRecords } from "./read-dns";
import { readFunctions, readMappings, readQueues, readSchedules } from "./read-functions";
import { readApis } from "./read-http-apis";
import { refuseDeadReferences } from "./refuse-dead-references";
import { refuseDuplicates } from "./refuse-duplicates";
import { refuseUnmodelled } from "./refuse-unmodelled";
import { refuseUnreadableQueues } from "./refuse-unreadable-queues";
import type { RegionTopology, Topology } from "./topology";

/** Types that the drill models. */
const MODELLED = new Set([
  "aws_acm_certificate",
  "aws_acm_certificate_validation",
  "aws_apigatewayv2_api",
  "aws_apigatewayv2_api_mapping",
  "aws_apigatewayv2_authorizer",
  "aws_apigatewayv2_domain_name",
  "aws_apigatewayv2_integration",
  "aws_apigatewayv2_route",
  "aws_apigatewayv2_stage",
  "aws_cloudwatch_metric_alarm",
  "aws_dynamodb_table",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_lambda_event_source_mapping",
  "aws_lambda_function",
  "aws_lambda_permission",
  "aws_route53_health_check",
  "aws_route53_record",
  "aws_scheduler_schedule",
  "aws_secretsmanager_secret",
  "aws_sqs_queue",
  "aws_sqs_queue_redrive_policy",
]);

/**
 * Types that affect no request and no recovery: dashboards, logs, notifications, keys that AWS services use on their own, and how long Lambda
 * keeps a run that it cannot start, which here is dropped at once.
 */
const WITHOUT_EFFECT = new Set([
  "aws_cloudwatch_dashboard",
  "aws_cloudwatch_log_group",
  "aws_kms_alias",
  "aws_kms_key",
  "aws_lambda_function_event_invoke_config",
  "aws_sns_topic",
  "aws_sns_topic_subscription",
]);

const KNOWN_DATA = new Set(["terraform_remote_state", "aws_route53_zone", "aws_sns_topic"]);

/**
 * Reads the topology that the stacks of a source declare.
 * @throws {DeclarationError} if something is missing, cannot be resolved, or has a type that the drill does not know
 */
export function readTopology(source: StackSource): Topology {
  const stacks = source.read();
  refuseUnknownTypes(stacks);
  refuseUnmodelled(stacks);
  const resolver = new Resolver(stacks);
  refuseDuplicates(resolver);
  const tables = readTables(resolver);
  const functions = readFunctions(resolver);
  const queues = readQueues(resolver);
  const apis = readApis(resolver);
  const mappings = readMappings(resolver);
  const schedules = readSchedules(resolver);
  const names = new Set([...functions, ...queues, ...apis].map(({ region }) => region));
  const inRegion = <T>(found: ReadonlyArray<{ readonly region: string; readonly it: T }>, name: string): T[] =>
    found.filter(({ region }) => region === name).map(({ it }) => it);
  const regions = [...names].map(
    (name): RegionTopology => ({
      name,
      apis: inRegion(apis, name),
      functions: inRegion(functions, name),
      queues: inRegion(queues, name),
      mappings: inRegion(mappings, name),
      schedules: inRegion(schedules, name),
    }),
  );
  const topology: Topology = {
    accountId: resolver.accountId,
    regions,
    tables,
    secrets: readSecrets(resolver),
    healthChecks: readHealthChecks(resolver),
    records: readRecords(resolver),
    alarms: readAlarms(resolver),
    ...readObjectives(stacks),
  };
  refuseDeadReferences(topology);
  refuseUnreadableQueues(topology);
  return topology;
}

/** The objectives come from an output, since no resource states them. */
function readObjectives(stacks: readonly Stack[]): Pick<Topology, "objectives"> {
  const output = stacks.map(({ outputs }) => outputs.get("recovery_objectives")).find(isObject);
  if (output === undefined) return {};
  const fields = new Fields("output.recovery_objectives", output);
  return {
    objectives: {
      recoveryTimeSeconds: fields.number("recovery_time_seconds"),
      recoveryPointSeconds: fields.number("recovery_point_seconds"),
      ...(fields.has("browser_recovery_time_seconds")
        ? { browserRecoveryTimeSeconds: fields.number("browser_recovery_time_seconds") }
        : {}),
      ...(fields.has("failback") ? { failback: oneOf(fields, "failback", ["latched", "automatic"]) } : {}),
      ...(fields.has("client_timeout_seconds")
        ? { clientTimeoutSeconds: fields.number("client_timeout_seconds") }
        : {}),
    },
  };
}

function refuseUnknownTypes(stacks: readonly Stack[]): void {
  for (const { blocks } of stacks) {
    for (const block of [...blocks.values()].filter(isDeclared)) {
      const { type } = block;
      const isKnown = block.kind === "data" ? KNOWN_DATA.has(type) : MODELLED.has(type) || WITHOUT_EFFECT.has(type);
      if (isKnown) continue;
      throw new DeclarationError(
        `${addressOf(block)}: the drill does not know the type ${type}, so it would not run what is deployed; ` +
          "model the type, or list it as one without effect, in topology/read-topology.ts",
      );
    }
  }
}
