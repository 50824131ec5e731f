/** An operation of AWS that the command may call, and what a caller must be allowed for it. */
export interface Operation {
  /** As people write it. */
  readonly service: string;
  readonly name: string;
  /** As IAM writes it. */
  readonly action: string;
}

const operation = (service: string, prefix: string, name: string): Operation => ({
  service,
  name,
  action: `${prefix}:${name}`,
});

/**
 * Every operation there is here; all are a region's own. PutMetricData alone changes anything; it, GetMetricStatistics and Query do their
 * services' daily work. DescribeAlarms, the questions about queues and those about quotas describe resources, which AWS counts among the
 * control planes: they inform, their bound is short, and a region that does not answer them is shown so and holds nothing up.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/control-planes-and-data-planes.html
 */
export const OPERATIONS = {
  putMetricData: operation("CloudWatch", "cloudwatch", "PutMetricData"),
  getMetricStatistics: operation("CloudWatch", "cloudwatch", "GetMetricStatistics"),
  describeAlarms: operation("CloudWatch", "cloudwatch", "DescribeAlarms"),
  getQueueUrl: operation("SQS", "sqs", "GetQueueUrl"),
  getQueueAttributes: operation("SQS", "sqs", "GetQueueAttributes"),
  query: operation("DynamoDB", "dynamodb", "Query"),
  getServiceQuota: operation("Service Quotas", "servicequotas", "GetServiceQuota"),
  getDefaultQuota: operation("Service Quotas", "servicequotas", "GetAWSDefaultServiceQuota"),
} as const;
