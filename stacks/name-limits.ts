import { TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import type { Fault } from "../config/settings-rules";

/** Which names a service takes. */
interface NameLimit {
  /** Argument of the resource that holds the name. */
  readonly argument: string;
  readonly minimumLength: number;
  readonly maximumLength: number;
  readonly pattern: RegExp;
  /** The page on docs.aws.amazon.com that says so. */
  readonly page: string;
}

const limit = (argument: string, [minimumLength, maximumLength]: [number, number], pattern: RegExp, page: string) => ({
  argument,
  minimumLength,
  maximumLength,
  pattern,
  page,
});

const ANY = /^[^\n]*$/;
const WORD = /^[A-Za-z0-9_-]*$/;
const DOTTED_WORD = /^[A-Za-z0-9_.-]*$/;

/** The names that AWS limits, by resource type. */
export const NAME_LIMITS: Readonly<Record<string, NameLimit>> = {
  aws_apigatewayv2_api: limit("name", [1, 128], ANY, "apigatewayv2/latest/api-reference/apis.html"),
  aws_apigatewayv2_authorizer: limit(
    "name",
    [1, 128],
    ANY,
    "apigatewayv2/latest/api-reference/apis-apiid-authorizers.html",
  ),
  aws_apigatewayv2_domain_name: limit(
    "domain_name",
    [1, 512],
    /^[a-z0-9.*-]*$/,
    "apigatewayv2/latest/api-reference/domainnames.html",
  ),
  aws_cloudwatch_dashboard: limit(
    "dashboard_name",
    [1, 255],
    WORD,
    "AmazonCloudWatch/latest/APIReference/API_PutDashboard.html",
  ),
  aws_cloudwatch_log_group: limit(
    "name",
    [1, 512],
    /^[A-Za-z0-9_/.#-]*$/,
    "AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
  ),
  aws_cloudwatch_metric_alarm: limit(
    "alarm_name",
    [1, 255],
    ANY,
    "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
  ),
  aws_dynamodb_table: limit("name", [3, 255], DOTTED_WORD, "amazondynamodb/latest/APIReference/API_CreateTable.html"),
  aws_iam_role: limit("name", [1, 64], /^[\w+=,.@-]*$/, "IAM/latest/APIReference/API_CreateRole.html"),
  aws_iam_role_policy: limit("name", [1, 128], /^[\w+=,.@-]*$/, "IAM/latest/APIReference/API_PutRolePolicy.html"),
  aws_kms_alias: limit("name", [7, 256], /^alias\/[A-Za-z0-9/_-]+$/, "kms/latest/APIReference/API_CreateAlias.html"),
  aws_lambda_function: limit("function_name", [1, 64], WORD, "lambda/latest/api/API_CreateFunction.html"),
  aws_scheduler_schedule: limit("name", [1, 64], DOTTED_WORD, "scheduler/latest/APIReference/API_CreateSchedule.html"),
  aws_secretsmanager_secret: limit(
    "name",
    [1, 512],
    /^[A-Za-z0-9/_+=.@-]*$/,
    "secretsmanager/latest/apireference/API_CreateSecret.html",
  ),
  aws_sns_topic: limit("name", [1, 256], WORD, "sns/latest/api/API_CreateTopic.html"),
  aws_sqs_queue: limit("name", [1, 80], WORD, "AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"),
};

/** Names that AWS refuses, each as a fault of the settings that it follows from. */
export class RefusedNamesError extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(({ path, expected, got }) => `${path}: expected ${expected}; got ${got}`).join("\n"));
    this.name = "RefusedNamesError";
  }
}

/**
 * Refuses a name that AWS would refuse in the middle of an apply. Names are built from settings, and the longest settings make the longest names.
 * @throws {RefusedNamesError} naming all of them at once
 * @throws {Error} on a name that is no literal: its length is not known before the apply
 */
export function refuseNames(app: IConstruct): void {
  const faults = app.node
    .findAll()
    .filter((construct): construct is TerraformResource => construct instanceof TerraformResource)
    .flatMap((resource) => nameFault(resource) ?? []);
  if (faults.length > 0) throw new RefusedNamesError(faults);
}

function nameFault(resource: TerraformResource): Fault | undefined {
  const type = resource.terraformResourceType;
  const rule = NAME_LIMITS[type];
  const name = rule === undefined ? undefined : argumentsOf(resource)[rule.argument];
  if (rule === undefined || typeof name !== "string") return undefined;
  if (name.includes("${")) {
    throw new Error(
      `${resource.node.path}: '${rule.argument}' must be a literal, so that its length is known at synth, got an expression; ` +
        "build it from the settings",
    );
  }
  const { argument, minimumLength, maximumLength, pattern, page } = rule;
  const hasLength = name.length >= minimumLength && name.length <= maximumLength;
  if (hasLength && pattern.test(name)) return undefined;
  return {
    path: "projectName, environment",
    expected:
      `${argument} of ${resource.node.path} (${type}) to have ${minimumLength} to ${maximumLength} characters and to match ` +
      `${pattern.source} (docs.aws.amazon.com/${page})`,
    got: `${JSON.stringify(name)}, ${name.length} characters; choose shorter ones`,
  };
}

function argumentsOf(resource: TerraformResource): Readonly<Record<string, unknown>> {
  const { resource: byType } = resource.toTerraform();
  return byType[resource.terraformResourceType][resource.friendlyUniqueId];
}
