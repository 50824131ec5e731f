/** Data planes do the work of a service; control planes change its configuration, are more complex, and fail more often. */
export type Plane = "data" | "control";

/** An operation of AWS, and its plane. */
export interface Operation {
  readonly service: string;
  readonly plane: Plane;
  /** AWS's page that documents the plane. */
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

/** The operations that a recovery uses. */
export const OPERATIONS = {
  /** Probing, calculating, and following alarms: a data plane in several regions. */
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
  /** A host that is known by name only. */
  calling: data("HTTPS", STATIC_STABILITY_PAGE),
  querying: data("DynamoDB", DYNAMODB_PAGE),
  readingQueues: data("SQS", SQS_PAGE),
  readingQuotas: control("Service Quotas", "https://docs.aws.amazon.com/servicequotas/latest/userguide/intro.html"),
  /** No service: the step is missing. */
  nothing: data("none", STATIC_STABILITY_PAGE),
} as const satisfies Record<string, Operation>;

/**
 * IAM actions of data planes, in lower case, with the page that documents the plane. Every other action counts as control plane: a
 * permission that is wider than necessary may become a dependency.
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
  // Lambda delivers logs outside the invocation: no run waits for it.
  ["logs:createlogstream", "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html"],
  ["logs:putlogevents", "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html"],
  ["sns:publish", OPERATIONS.publishing.page],
  ["sqs:getqueueattributes", SQS_PAGE],
  ["sqs:sendmessage", SQS_PAGE],
  // A daemon beside the function sends the traces: no run waits for it.
  ["xray:puttelemetryrecords", "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html"],
  ["xray:puttracesegments", "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html"],
]);

/** Services whose control plane is in us-east-1 only, from whatever region it is called. */
const CONTROLLED_FROM_US_EAST_1 = new Set(["cloudfront", "iam", "organizations", "route53", "route53domains"]);

/** Region of the control planes of global services. */
export const GLOBAL_CONTROL_REGION = "us-east-1";

/** The operation behind an IAM action, which may contain wildcards, and the region that handles it for a caller in `callerRegion`. */
export function operationOfAction(action: string, callerRegion: string): Operation & { readonly region: string } {
  const [service = action] = action.split(":");
  const page = DATA_PLANE_ACTIONS.get(action.toLowerCase());
  const region = CONTROLLED_FROM_US_EAST_1.has(service.toLowerCase()) ? GLOBAL_CONTROL_REGION : callerRegion;
  return { service, plane: page === undefined ? "control" : "data", page: page ?? STATIC_STABILITY_PAGE, region };
}
