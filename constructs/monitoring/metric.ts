/** One CloudWatch metric with its statistic, as alarms and dashboards name it. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** A plain statistic (`Sum`, `Average`, …) or a percentile such as `p99`. */
  readonly stat: string;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html (`5xx`, not a REST API's `5XXError`) */
export function apiMetric(api: { apiId: string; stageName: string }, metricName: string, stat: string): Metric {
  return { namespace: "AWS/ApiGateway", metricName, dimensions: { ApiId: api.apiId, Stage: api.stageName }, stat };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function functionMetric(functionName: string, metricName: string, stat = "Sum"): Metric {
  return { namespace: "AWS/Lambda", metricName, dimensions: { FunctionName: functionName }, stat };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
export function queueMetric(queueName: string, metricName: string): Metric {
  return { namespace: "AWS/SQS", metricName, dimensions: { QueueName: queueName }, stat: "Maximum" };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
export function tableMetric(tableName: string, metricName: string): Metric {
  return { namespace: "AWS/DynamoDB", metricName, dimensions: { TableName: tableName }, stat: "Sum" };
}

/** The same of an index, which the table's own metrics leave out. */
export function indexMetric({ tableName, indexName }: TableIndex, metricName: string): Metric {
  const dimensions = { TableName: tableName, GlobalSecondaryIndexName: indexName };
  return { namespace: "AWS/DynamoDB", metricName, dimensions, stat: "Sum" };
}

export interface TableIndex {
  readonly tableName: string;
  readonly indexName: string;
}

/** Reads and writes that DynamoDB throttled, for all tables and indexes. */
export function tableThrottles(tableNames: readonly string[], indexes: readonly TableIndex[]): Metric[] {
  const events = ["ReadThrottleEvents", "WriteThrottleEvents"];
  return events.flatMap((event) => [
    ...tableNames.map((name) => tableMetric(name, event)),
    ...indexes.map((index) => indexMetric(index, event)),
  ]);
}

/**
 * Milliseconds from a write in this region until its copy in `receivingRegion`; published in this region, while writes flow.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_monitoring.html
 */
export function replicationLatency(tableName: string, receivingRegion: string): Metric {
  return {
    namespace: "AWS/DynamoDB",
    metricName: "ReplicationLatency",
    dimensions: { TableName: tableName, ReceivingRegion: receivingRegion },
    stat: "Maximum", // The recovery point is the oldest write's, not the average one's.
  };
}
