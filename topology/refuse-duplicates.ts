import { DeclarationError } from "../terraform-json/errors";
import type { Resolver } from "../terraform-json/resolver";

/** Attributes whose values must be unique, in a region or in the account. */
const ONCE_A_REGION: Readonly<Record<string, readonly string[]>> = {
  aws_apigatewayv2_domain_name: ["domain_name"],
  aws_apigatewayv2_route: ["api_id", "route_key"],
  aws_cloudwatch_metric_alarm: ["alarm_name"],
  aws_dynamodb_table: ["name"],
  aws_lambda_function: ["function_name"],
  aws_secretsmanager_secret: ["name"],
  aws_sqs_queue: ["name"],
};
const ONCE_AN_ACCOUNT: Readonly<Record<string, readonly string[]>> = { aws_iam_role: ["name"] };

/** @throws {DeclarationError} naming both addresses */
export function refuseDuplicates(resolver: Resolver): void {
  for (const [type, attributes] of Object.entries({ ...ONCE_A_REGION, ...ONCE_AN_ACCOUNT })) {
    const seen = new Map<string, string>();
    for (const { address, fields, region } of resolver.all(type)) {
      const values = attributes.map((attribute) => fields.text(attribute)).join(" ");
      const key = type in ONCE_AN_ACCOUNT ? values : `${region} ${values}`;
      const other = seen.get(key);
      seen.set(key, address);
      if (other === undefined) continue;
      throw new DeclarationError(
        `${address}: '${attributes.at(-1)}' must be unique, got "${values}", which ${other} has as well; rename one`,
      );
    }
  }
}
