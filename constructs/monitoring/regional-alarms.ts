import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { OLDEST_HEARTBEAT_SECONDS } from "../replicated-data/heartbeat";
import {
  apiMetric,
  functionMetric,
  type Metric,
  queueMetric,
  replicationLatency,
  type TableIndex,
  tableThrottles,
} from "./metric";
import { peerHeartbeatAge, shopMetrics, standbyUnhealthy } from "./shop-metrics";

/** The resources of one region that are watched. */
export interface ObservedRegion {
  readonly api: { readonly apiId: string; readonly stageName: string };
  /** Every function of the region. */
  readonly functionNames: readonly string[];
  /** Functions that no caller waits for: only their own errors reveal a failure. */
  readonly backgroundFunctionNames: readonly string[];
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly tableNames: readonly string[];
  readonly indexes: readonly TableIndex[];
  /** The region that writes made here are copied to. */
  readonly peerRegion: string;
}

export interface RegionalAlarmsProps {
  readonly namePrefix: string;
  /** SNS topic of the same region. */
  readonly topicArn: string;
  readonly observed: ObservedRegion;
  /** RPO: replication slower than this breaks the promise. */
  readonly recoveryPointSeconds: number;
  /** Age at which an unpaid message is too old. */
  readonly oldestUnpaidSeconds: number;
  /** Response time in milliseconds that 99 of 100 requests must beat. */
  readonly latencyP99Ms: number;
}

interface AlarmSpec {
  readonly description: string;
  readonly comparison: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold";
  readonly threshold: number;
  /** Minutes looked at. */
  readonly evaluationPeriods: number;
  /** Minutes among them that must breach. */
  readonly datapointsToAlarm: number;
  /** @default "notBreaching": a region without traffic has no data, which is no reason to alarm anyone */
  readonly treatMissingData?: "breaching";
}

/** Metrics that one alarm's expression may name (AmazonCloudWatch/latest/monitoring/cloudwatch_limits). */
const MAXIMUM_METRICS = 10;

/** Alarms about one region, in that region, so they work while the other region is down. */
export class RegionalAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: RegionalAlarmsProps,
  ) {
    super(scope, id);
    const { observed } = props;
    this.#ofRatio("server-errors", apiMetric(observed.api, "5xx", "Sum"), apiMetric(observed.api, "Count", "Sum"), {
      description: "More than 5 % of the API's answers are server errors",
      comparison: "GreaterThanThreshold",
      threshold: 5,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
    this.#ofMetric("latency", apiMetric(observed.api, "Latency", "p99"), {
      description: `One request of a hundred takes longer than ${props.latencyP99Ms} ms`,
      comparison: "GreaterThanThreshold",
      threshold: props.latencyP99Ms,
      evaluationPeriods: 5,
      datapointsToAlarm: 5,
    });
    this.#aboutPayments(observed, props.oldestUnpaidSeconds);
    this.#aboutReplication(observed, props.recoveryPointSeconds);
    this.#aboutStandby();
    this.#aboutCapacity(observed);
  }

  #aboutPayments(observed: ObservedRegion, oldestUnpaidSeconds: number): void {
    this.#ofMetric("dead-letters", queueMetric(observed.deadLetterQueueName, "ApproximateNumberOfMessagesVisible"), {
      description:
        "A payment has failed for good: look at the dead-letter queue; the order itself is safe in the table",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    });
    this.#ofSum("amount-mismatches", shopMetrics(this.props.namePrefix, "AmountMismatches"), {
      description:
        "The vendor has charged another amount than an order's total: find the order in the worker's log lines",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    });
    this.#ofSum("double-sales", shopMetrics(this.props.namePrefix, "DoubleSales"), {
      description:
        "Two regions have sold a customer the same lines; the log names both orders, and somebody must refund one",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    });
    this.#ofSum("unpaid-orders", shopMetrics(this.props.namePrefix, "OrdersSwept"), {
      description: "Orders stayed unpaid for so long that the sweep has put them back into the queue",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    });
    this.#ofMetric("oldest-unpaid", queueMetric(observed.queueName, "ApproximateAgeOfOldestMessage"), {
      description: `An order has been waiting for its payment for more than ${oldestUnpaidSeconds} s`,
      comparison: "GreaterThanThreshold",
      threshold: oldestUnpaidSeconds,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
    });
  }

  #aboutReplication(observed: ObservedRegion, recoveryPointSeconds: number): void {
    observed.tableNames.forEach((tableName, index) => {
      this.#ofMetric(`replication-latency-${index + 1}`, replicationLatency(tableName, observed.peerRegion), {
        description: `Writes to ${tableName} reach ${observed.peerRegion} later than the recovery point objective, ${recoveryPointSeconds} s`,
        comparison: "GreaterThanThreshold",
        threshold: recoveryPointSeconds * 1000,
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
      });
      // The latency above exists only when writes arrive: when replication stalls, it falls silent.
      this.#ofMetric(
        `peer-heartbeat-${index + 1}`,
        peerHeartbeatAge(this.props.namePrefix, observed.peerRegion, tableName),
        {
          description: `Nothing that ${observed.peerRegion} writes to ${tableName} arrives here: replication stalls, or a heartbeat function does not run`,
          comparison: "GreaterThanThreshold",
          threshold: OLDEST_HEARTBEAT_SECONDS,
          evaluationPeriods: 5,
          datapointsToAlarm: 3,
          treatMissingData: "breaching",
        },
      );
    });
  }

  /** In both regions: whichever is left can tell. */
  #aboutStandby(): void {
    this.#ofMetric("standby-unhealthy", standbyUnhealthy(this.props.namePrefix), {
      description:
        "Route 53 finds the standby unhealthy, or its verdict cannot be read: a failover would lead customers there all the same",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: "breaching",
    });
  }

  #aboutCapacity(observed: ObservedRegion): void {
    const sustained = {
      comparison: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
    } as const;
    this.#ofSum(
      "function-throttles",
      observed.functionNames.map((name) => functionMetric(name, "Throttles")),
      {
        description: "Lambda turns invocations away: the region's concurrency is used up",
        ...sustained,
      },
    );
    this.#ofSum("table-throttles", tableThrottles(observed.tableNames, observed.indexes), {
      description: "DynamoDB turns requests away: the tables are not warm enough for the load",
      ...sustained,
    });
    this.#ofSum(
      "background-errors",
      observed.backgroundFunctionNames.map((name) => functionMetric(name, "Errors")),
      {
        description: "A function that nobody waits for keeps failing",
        ...sustained,
      },
    );
  }

  #ofMetric(name: string, metric: Metric, spec: AlarmSpec): void {
    const { stat, ...rest } = metric;
    new CloudwatchMetricAlarm(this, name, {
      ...this.#common(name, spec),
      ...rest,
      period: 60,
      ...(/^p\d/.test(stat) ? { extendedStatistic: stat } : { statistic: stat }),
    });
  }

  /** Percentage of `part` in `whole`. */
  #ofRatio(name: string, part: Metric, whole: Metric, spec: AlarmSpec): void {
    this.#ofExpression(name, [part, whole], "IF(m2 > 0, 100 * m1 / m2, 0)", spec);
  }

  #ofSum(name: string, metrics: readonly Metric[], spec: AlarmSpec): void {
    // A function without invocations reports nothing, and a sum with a missing part would be missing as well.
    const sum = metrics.map((_, index) => `FILL(m${index + 1}, 0)`).join(" + ");
    this.#ofExpression(name, metrics, sum, spec);
  }

  #ofExpression(name: string, metrics: readonly Metric[], expression: string, spec: AlarmSpec): void {
    if (metrics.length > MAXIMUM_METRICS) {
      throw new Error(
        `${this.node.path}: alarm ${name} may look at ${MAXIMUM_METRICS} metrics, got ${metrics.length}; split it into two`,
      );
    }
    new CloudwatchMetricAlarm(this, name, {
      ...this.#common(name, spec),
      metricQuery: [
        { id: "result", expression, label: name, returnData: true },
        ...metrics.map((metric, index) => ({ id: `m${index + 1}`, metric: { ...metric, period: 60 } })),
      ],
    });
  }

  #common(name: string, spec: AlarmSpec) {
    return {
      alarmName: `${this.props.namePrefix}-${name}`,
      alarmDescription: spec.description,
      comparisonOperator: spec.comparison,
      threshold: spec.threshold,
      evaluationPeriods: spec.evaluationPeriods,
      datapointsToAlarm: spec.datapointsToAlarm,
      treatMissingData: spec.treatMissingData ?? "notBreaching",
      alarmActions: [this.props.topicArn],
      okActions: [this.props.topicArn],
    };
  }
}
