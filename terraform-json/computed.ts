import { createHash } from "node:crypto";
import { DeclarationError } from "./errors";
import { isObject, type Json, type JsonObject } from "./json";
import { addressOf, type Block } from "./stack";

/** Generates the ids and ARNs that AWS would assign. They depend on the address only, so every drill gets the same. */
interface Made {
  readonly id: string;
  readonly region: string;
  /** `arn:aws:<service>:<region>:<account>:` */
  arn(service: string, rest: string): string;
}

type Computed = (body: JsonObject, made: Made) => JsonObject;

const named = (body: JsonObject, attribute = "name"): string => String(body[attribute]);

/** Attributes that the provider computes, by type. The provider's documentation lists them under "Attribute Reference". */
const COMPUTED: Readonly<Record<string, Computed>> = {
  aws_dynamodb_table: (body, { arn }) => ({ arn: arn("dynamodb", `table/${named(body)}`), id: named(body) }),
  aws_kms_key: (_, { id, arn }) => ({ key_id: id, id, arn: arn("kms", `key/${id}`) }),
  aws_secretsmanager_secret: (body, { id, arn }) => {
    const secretArn = arn("secretsmanager", `secret:${named(body)}-${id.slice(0, 6)}`);
    return { arn: secretArn, id: secretArn };
  },
  aws_iam_role: (body, { arn }) => ({ arn: arn("iam", `role/${named(body)}`), id: named(body) }),
  aws_lambda_function: (body, { arn, region }) => {
    const functionArn = arn("lambda", `function:${named(body, "function_name")}`);
    const invoke = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
    return { arn: functionArn, invoke_arn: invoke, qualified_arn: `${functionArn}:$LATEST` };
  },
  aws_sqs_queue: (body, { arn, region }) => {
    const queueArn = arn("sqs", named(body));
    const url = `https://sqs.${region}.amazonaws.com/${queueArn.split(":")[4]}/${named(body)}`;
    return { arn: queueArn, url, id: url };
  },
  aws_apigatewayv2_api: (_, { id, arn, region }) => ({
    id: id.slice(0, 10),
    arn: `arn:aws:apigateway:${region}::/apis/${id.slice(0, 10)}`,
    execution_arn: arn("execute-api", id.slice(0, 10)),
    api_endpoint: `https://${id.slice(0, 10)}.execute-api.${region}.amazonaws.com`,
  }),
  aws_apigatewayv2_stage: (body) => ({ id: named(body) }),
  aws_apigatewayv2_integration: (_, { id }) => ({ id: id.slice(0, 7) }),
  aws_apigatewayv2_authorizer: (_, { id }) => ({ id: id.slice(0, 6) }),
  aws_apigatewayv2_route: (_, { id }) => ({ id: id.slice(0, 7) }),
  aws_apigatewayv2_domain_name: (body, { id, region }) => {
    const declared = Array.isArray(body["domain_name_configuration"])
      ? body["domain_name_configuration"][0]
      : body["domain_name_configuration"];
    const target = {
      target_domain_name: `d-${id.slice(0, 10)}.execute-api.${region}.amazonaws.com`,
      hosted_zone_id: `Z${id.slice(0, 12).toUpperCase()}`,
    };
    return {
      id: named(body, "domain_name"),
      domain_name_configuration: [{ ...(isObject(declared) ? declared : {}), ...target }],
    };
  },
  aws_acm_certificate: (body, { id, arn }) => {
    const names = [
      named(body, "domain_name"),
      ...((body["subject_alternative_names"] ?? []) as readonly Json[]).map(String),
    ];
    return {
      arn: arn("acm", `certificate/${id}`),
      id: arn("acm", `certificate/${id}`),
      // The record depends on the domain and the account, not on the region: certificates of one name share it.
      domain_validation_options: [...new Set(names)].map((name) => ({
        domain_name: name,
        resource_record_name: `_${digest(name).slice(0, 16)}.${name}.`,
        resource_record_type: "CNAME",
        resource_record_value: `_${digest(`${name}!`).slice(0, 16)}.acm-validations.aws.`,
      })),
    };
  },
  aws_acm_certificate_validation: () => ({}),
  aws_route53_zone: (_, { id }) => ({
    zone_id: `Z${id.slice(0, 13).toUpperCase()}`,
    id: `Z${id.slice(0, 13).toUpperCase()}`,
  }),
  aws_route53_record: (body) => ({ fqdn: named(body) }),
  aws_route53_health_check: (_, { id }) => ({ id, arn: `arn:aws:route53:::healthcheck/${id}` }),
  aws_cloudwatch_metric_alarm: (body, { arn }) => ({
    arn: arn("cloudwatch", `alarm:${named(body, "alarm_name")}`),
    id: named(body, "alarm_name"),
  }),
  aws_cloudwatch_log_group: (body, { arn }) => ({ arn: arn("logs", `log-group:${named(body)}`), id: named(body) }),
  aws_sns_topic: (body, { arn }) => ({ arn: arn("sns", named(body)), id: arn("sns", named(body)) }),
};

/** @throws {DeclarationError} if the block has no region */
export function computedAttributes(block: Block, body: JsonObject, accountId: string): JsonObject {
  const computed = COMPUTED[block.type];
  if (computed === undefined) return {};
  const { region } = block;
  if (region === undefined)
    throw new DeclarationError(`${addressOf(block)}: must have a provider with a region, got none`);
  // Two stacks may use the same label for different resources, so the id depends on both.
  const hex = digest(`${block.stack} ${block.address}`);
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
  const isGlobal = (service: string) => service === "iam";
  return computed(body, {
    id: block.type.startsWith("aws_apigatewayv2") || block.type === "aws_route53_zone" ? hex : id,
    region,
    arn: (service, rest) => `arn:aws:${service}:${isGlobal(service) ? "" : region}:${accountId}:${rest}`,
  });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
