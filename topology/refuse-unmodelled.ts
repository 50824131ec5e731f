import { DeclarationError } from "../terraform-json/errors";
import { isObject, type Json, type JsonObject, shown } from "../terraform-json/json";
import { addressOf, isDeclared, type Stack } from "../terraform-json/stack";

/** Attributes that change the behaviour of the API and that the drill does not model. Ignoring them would drill a different system. */
const UNMODELLED: Readonly<Record<string, readonly string[]>> = {
  aws_iam_role: ["inline_policy", "managed_policy_arns", "permissions_boundary"],
  aws_apigatewayv2_api: ["cors_configuration", "target", "body"],
  aws_apigatewayv2_api_mapping: ["api_mapping_key"],
  aws_apigatewayv2_domain_name: ["mutual_tls_authentication"],
  aws_apigatewayv2_integration: ["request_parameters", "response_parameters", "credentials_arn", "connection_id"],
  aws_apigatewayv2_route: ["authorization_scopes"],
  aws_dynamodb_table: ["local_secondary_index", "global_table_witness", "import_table"],
  aws_lambda_event_source_mapping: ["filter_criteria", "maximum_batching_window_in_seconds", "destination_config"],
  aws_lambda_function: ["layers", "image_uri", "s3_bucket", "vpc_config", "file_system_config", "dead_letter_config"],
  aws_route53_health_check: ["ip_address", "routing_control_arn", "reference_name"],
  aws_scheduler_schedule: ["start_date", "end_date"],
  aws_sqs_queue: ["fifo_queue", "delay_seconds", "policy"],
};

/** Attributes of which the drill models one value only. */
const ONLY: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
  aws_lambda_event_source_mapping: { enabled: true },
  aws_scheduler_schedule: { state: "ENABLED" },
  aws_apigatewayv2_api: { protocol_type: "HTTP" },
  aws_lambda_function: { package_type: "Zip" },
};

/**
 * Meta-arguments that turn one block into several resources or none, and provisioners. Any value is refused, even a count of 0.
 * https://developer.hashicorp.com/terraform/language/meta-arguments
 */
const META_ARGUMENTS = ["count", "for_each", "dynamic", "provisioner"];

function refuseMetaArguments(where: string, body: JsonObject): void {
  const argument = META_ARGUMENTS.find((name) => body[name] !== undefined);
  if (argument === undefined) return;
  throw new DeclarationError(
    `${where}: must be without '${argument}', which the drill does not model, got ${shown(body[argument])}; ` +
      "declare each resource on its own",
  );
}

/** @throws {DeclarationError} naming the address and the attribute */
export function refuseUnmodelled(stacks: readonly Stack[]): void {
  for (const { blocks } of stacks) {
    for (const block of [...blocks.values()].filter(isDeclared)) {
      const { type, body } = block;
      const where = addressOf(block);
      refuseMetaArguments(where, body);
      const unmodelled = (UNMODELLED[type] ?? []).find((attribute) => isSet(body[attribute]));
      if (unmodelled !== undefined) {
        throw new DeclarationError(
          `${where}: the drill does not model '${unmodelled}', so it would not run what is deployed`,
        );
      }
      for (const [attribute, only] of Object.entries(ONLY[type] ?? {})) {
        const value = body[attribute] ?? only;
        if (value === only) continue;
        throw new DeclarationError(
          `${where}: '${attribute}' must be ${JSON.stringify(only)} in a drill, got ${JSON.stringify(value)}`,
        );
      }
    }
  }
}

/** Whether an attribute is set: empty, false and zero are how Terraform writes "none". */
function isSet(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === "") return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}
