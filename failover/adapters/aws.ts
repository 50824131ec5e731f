import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { QuestionError } from "../answer";
import type { AlarmState, Cloud, Count, DataPoint, Metric, QueueDepth, Quota, RegionalAws } from "../ports";
import { awsFailure, type Called } from "./aws-failures";
import { OPERATIONS, type Operation } from "./operations";

/** The sparse index of unpaid orders, by the region that owes the charge. */
export const UNPAID_INDEX_NAME = "unpaid-by-region";
/** A COUNT reads 1 MB a page: some thousand orders. The exact figure is not needed beyond that. */
const MAXIMUM_PAGES = 5;
const PERIOD_SECONDS = 60;

export type Credentials = CloudWatchClient["config"]["credentials"];

export interface AwsProps {
  readonly accountId: string;
  /** URL that every service is called at instead of its own; undefined for AWS. */
  readonly endpoint: string | undefined;
  /** Resolved once for all clients. @default the SDK's chain */
  readonly credentials?: Credentials;
}

/**
 * What every client is built with. Two attempts: the bound of a question is short, and what must get through is repeated above.
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/timeouts-nodejs.html
 */
export function clientOptions(region: string, { endpoint, credentials }: Omit<AwsProps, "accountId">) {
  return {
    region,
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 4_000,
      socketTimeout: 4_000,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

/** AWS by the SDK's clients, one set a region. */
export class SdkCloud implements Cloud {
  private readonly regions = new Map<string, SdkRegion>();

  constructor(private readonly props: AwsProps) {}

  region(name: string): RegionalAws {
    const known = this.regions.get(name) ?? new SdkRegion(name, this.props);
    this.regions.set(name, known);
    return known;
  }

  /** Gives up connections that are kept. */
  close(): void {
    for (const region of this.regions.values()) region.close();
  }
}

class SdkRegion implements RegionalAws {
  private readonly cloudWatch: CloudWatchClient;
  private readonly sqs: SQSClient;
  private readonly dynamoDb: DynamoDBClient;
  private readonly quotas: ServiceQuotasClient;

  constructor(
    private readonly name: string,
    private readonly props: AwsProps,
  ) {
    const options = clientOptions(name, props);
    this.cloudWatch = new CloudWatchClient(options);
    this.sqs = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
    this.dynamoDb = new DynamoDBClient(options);
    this.quotas = new ServiceQuotasClient(options);
  }

  close(): void {
    for (const client of [this.cloudWatch, this.sqs, this.dynamoDb, this.quotas]) client.destroy();
  }

  async alarm(name: string, abortSignal: AbortSignal): Promise<AlarmState | undefined> {
    const called = this.called(OPERATIONS.describeAlarms, this.arn("cloudwatch", `alarm:${name}`));
    const { MetricAlarms = [] } = await answered(called, () =>
      this.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }), { abortSignal }),
    );
    const alarm = MetricAlarms.find(({ AlarmName }) => AlarmName === name);
    if (alarm === undefined) return undefined;
    return {
      state: alarm.StateValue ?? "without a state",
      changedAt: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.toISOString(),
      accountId: alarm.AlarmArn?.split(":")[4],
    };
  }

  async ringingAlarms(prefix: string, abortSignal: AbortSignal): Promise<string[]> {
    const command = new DescribeAlarmsCommand({
      AlarmNamePrefix: prefix,
      StateValue: "ALARM",
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      MaxRecords: 100,
    });
    const called = this.called(OPERATIONS.describeAlarms, this.arn("cloudwatch", "alarm:*"));
    const { MetricAlarms = [], CompositeAlarms = [] } = await answered(called, () =>
      this.cloudWatch.send(command, { abortSignal }),
    );
    return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName = "" }) => AlarmName).sort();
  }

  async dataPoints(metric: Metric, minutes: number, abortSignal: AbortSignal): Promise<DataPoint[]> {
    const nowMs = Date.now();
    const command = new GetMetricStatisticsCommand({
      ...metricOf(metric),
      Namespace: metric.namespace,
      StartTime: new Date(nowMs - minutes * 60_000),
      EndTime: new Date(nowMs + 60_000), // The end is exclusive, and our clock may be late.
      Period: PERIOD_SECONDS,
      Statistics: ["Maximum"],
    });
    const { Datapoints = [] } = await answered(this.called(OPERATIONS.getMetricStatistics, "*"), () =>
      this.cloudWatch.send(command, { abortSignal }),
    );
    // CloudWatch returns them in any order.
    return Datapoints.flatMap(({ Maximum, Timestamp }) =>
      Maximum === undefined || Timestamp === undefined ? [] : [{ value: Maximum, at: Timestamp.toISOString() }],
    ).sort((one, other) => one.at.localeCompare(other.at));
  }

  async queueDepth(queueName: string, abortSignal: AbortSignal): Promise<QueueDepth> {
    const arn = this.arn("sqs", queueName);
    const { QueueUrl } = await answered(this.called(OPERATIONS.getQueueUrl, arn), () =>
      this.sqs.send(new GetQueueUrlCommand({ QueueName: queueName }), { abortSignal }),
    );
    const names = [
      "ApproximateNumberOfMessages",
      "ApproximateNumberOfMessagesNotVisible",
      "ApproximateNumberOfMessagesDelayed",
    ] as const;
    const called = this.called(OPERATIONS.getQueueAttributes, arn);
    const { Attributes = {} } = await answered(called, () =>
      this.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }), { abortSignal }),
    );
    const [visible, inFlight, delayed] = names.map((name) => Number(Attributes[name] ?? Number.NaN));
    if (visible === undefined || Number.isNaN(visible)) {
      throw new QuestionError("no figure", `SQS GetQueueAttributes in ${this.name}: expected ${names[0]}; got none`);
    }
    return { visible, inFlight: inFlight || 0, delayed: delayed || 0 };
  }

  async unpaidOrders(tableName: string, unpaidRegion: string, abortSignal: AbortSignal): Promise<Count> {
    const arn = this.arn("dynamodb", `table/${tableName}/index/${UNPAID_INDEX_NAME}`);
    let count = 0;
    let start: Record<string, never> | undefined;
    for (let page = 0; page < MAXIMUM_PAGES; page += 1) {
      const command = new QueryCommand({
        TableName: tableName,
        IndexName: UNPAID_INDEX_NAME,
        Select: "COUNT",
        KeyConditionExpression: "unpaidRegion = :region",
        ExpressionAttributeValues: { ":region": { S: unpaidRegion } },
        ExclusiveStartKey: start,
      });
      const answer = await answered(this.called(OPERATIONS.query, arn), () =>
        this.dynamoDb.send(command, { abortSignal }),
      );
      count += answer.Count ?? 0;
      start = answer.LastEvaluatedKey as Record<string, never> | undefined;
      if (start === undefined) break;
    }
    return { count, isAtLeast: start !== undefined };
  }

  /** A quota that was never changed has no applied value: then AWS's default holds. */
  async quota({ serviceCode, quotaCode }: Quota, abortSignal: AbortSignal): Promise<number> {
    const input = { ServiceCode: serviceCode, QuotaCode: quotaCode };
    const resource = this.arn("servicequotas", `${serviceCode}/${quotaCode}`);
    const applied = await answered(this.called(OPERATIONS.getServiceQuota, resource), () =>
      this.quotas.send(new GetServiceQuotaCommand(input), { abortSignal }).catch((error: unknown) => {
        if ((error as Partial<Error>).name === "NoSuchResourceException") return { Quota: undefined };
        throw error;
      }),
    );
    if (applied.Quota?.Value !== undefined) return applied.Quota.Value;
    const usual = await answered(this.called(OPERATIONS.getDefaultQuota, resource), () =>
      this.quotas.send(new GetAWSDefaultServiceQuotaCommand(input), { abortSignal }),
    );
    if (usual.Quota?.Value !== undefined) return usual.Quota.Value;
    throw new QuestionError(
      "no figure",
      `Service Quotas GetAWSDefaultServiceQuota in ${this.name}: expected ${quotaCode}; got none`,
    );
  }

  async putDataPoint(metric: Metric, value: number, abortSignal: AbortSignal): Promise<void> {
    const command = new PutMetricDataCommand({
      Namespace: metric.namespace,
      MetricData: [{ ...metricOf(metric), Value: value }],
    });
    const resource = `* where cloudwatch:namespace is ${metric.namespace}`;
    await answered(this.called(OPERATIONS.putMetricData, resource), () =>
      this.cloudWatch.send(command, { abortSignal }),
    );
  }

  private called(operation: Operation, resource: string): Called {
    return { operation, region: this.name, resource };
  }

  private arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.name}:${this.props.accountId}:${resource}`;
  }
}

function metricOf({ name, dimensions }: Metric) {
  return {
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}

async function answered<T>(called: Called, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsFailure(called, error);
  }
}
