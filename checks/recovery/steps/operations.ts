/** Data planes keep doing what they were told; control planes change it, are rarer, and fail more often. */
export type Plane = "data" | "control";

/** Something that AWS does, and in which plane. */
export interface Operation {
  readonly service: string;
  readonly plane: Plane;
  /** AWS's page that says so. */
  readonly page: string;
}

const BOUNDARIES = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries";
const ROUTE_53_PAGE = `${BOUNDARIES}/appendix-b---edge-network-global-service-guidance.html`;
const IAM_PAGE = `${BOUNDARIES}/appendix-a---partitional-service-guidance.html`;
const LAMBDA_PAGE =
  "https://docs.aws.amazon.com/whitepapers/latest/security-overview-aws-lambda/lambda-executions.html";
const CLOUDWATCH_PAGE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/logging_cw_api_calls.html";
const ALARM_PAGE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html";
const SQS_PAGE =
  "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html";
const DYNAMODB_PAGE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.API.html";
const STATIC_STABILITY_PAGE = `${BOUNDARIES}/static-stability.html`;

const data = (service: string, page: string): Operation => ({ service, plane: "data", page });
const control = (service: string, page: string): Operation => ({ service, plane: "control", page });

/** What happens in a recovery, by what it takes. */
export const OPERATIONS = {
  /** Probes, calculations and what follows alarms: a data plane of its own, in several regions. */
  healthChecking: data("Route 53 checks", ROUTE_53_PAGE),
  answering: data("Route 53 DNS", ROUTE_53_PAGE),
  editingRecords: control("Route 53 API", ROUTE_53_PAGE),
  readingHealthChecks: control("Route 53 API", ROUTE_53_PAGE),
  putMetricData: data("CloudWatch", CLOUDWATCH_PAGE),
  getMetricStatistics: data("CloudWatch", CLOUDWATCH_PAGE),
  evaluatingAlarms: data("CloudWatch alarms", ALARM_PAGE),
  publishing: data("SNS", "https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html"),
  scheduling: data(
    "Scheduler",
    "https://docs.aws.amazon.com/scheduler/latest/UserGuide/disaster-recovery-resiliency.html",
  ),
  invoking: data("Lambda", LAMBDA_PAGE),
  /** Roles that exist already: IAM authorizes and STS hands out credentials in each region. */
  credentials: data("IAM and STS", IAM_PAGE),
  serving: data("API Gateway", STATIC_STABILITY_PAGE),
  /** A host of which only the name is known. */
  calling: data("HTTPS", STATIC_STABILITY_PAGE),
  querying: data("DynamoDB", DYNAMODB_PAGE),
  readingQueues: data("SQS", SQS_PAGE),
  readingQuotas: control("Service Quotas", "https://docs.aws.amazon.com/servicequotas/latest/userguide/intro.html"),
  /** Nothing does it. */
  nothing: data("none", STATIC_STABILITY_PAGE),
} as const satisfies Record<string, Operation>;

/**
 * IAM actions that are operations of a data plane, in lower case, with the page that says so. What is not here counts as control plane:
 * a permission that is wider than the work is a way to depend on more than the work needs.
 */
const DATA_PLANE_ACTIONS: ReadonlyMap<string, string> = new Map([
  ["cloudwatch:putmetricdata", CLOUDWATCH_PAGE],
  ["cloudwatch:getmetricdata", CLOUDWATCH_PAGE],
  ["cloudwatch:getmetricstatistics", CLOUDWATCH_PAGE],
  ["dynamodb:getitem", DYNAMODB_PAGE],
  ["dynamodb:putitem", DYNAMODB_PAGE],
  ["dynamodb:updateitem", DYNAMODB_PAGE],
  ["dynamodb:query", DYNAMODB_PAGE],
  ["lambda:invokefunction", LAMBDA_PAGE],
  // Lambda delivers what a function logs beside the run: no run waits for it.
  ["logs:createlogstream", "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html"],
  ["logs:putlogevents", "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html"],
  ["sns:publish", OPERATIONS.publishing.page],
  ["sqs:getqueueattributes", SQS_PAGE],
  ["sqs:sendmessage", SQS_PAGE],
  // The daemon beside the function sends them: no run waits for it.
  ["xray:puttelemetryrecords", "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html"],
  ["xray:puttracesegments", "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html"],
]);

/** Services whose control plane is in us-east-1 alone, whatever region calls it. */
const CONTROLLED_FROM_US_EAST_1 = new Set(["cloudfront", "iam", "organizations", "route53", "route53domains"]);

/** Home of the control planes of global services. */
export const GLOBAL_CONTROL_REGION = "us-east-1";

/** The operation behind an IAM action, which may hold wildcards, and the region that answers it for a caller in `callerRegion`. */
export function operationOfAction(action: string, callerRegion: string): Operation & { readonly region: string } {
  const [service = action] = action.split(":");
  const page = DATA_PLANE_ACTIONS.get(action.toLowerCase());
  const region = CONTROLLED_FROM_US_EAST_1.has(service.toLowerCase()) ? GLOBAL_CONTROL_REGION : callerRegion;
  return { service, plane: page === undefined ? "control" : "data", page: page ?? STATIC_STABILITY_PAGE, region };
}
