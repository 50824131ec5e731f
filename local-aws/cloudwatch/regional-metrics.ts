import { isStatistic, RESOLUTION_SECONDS, STATISTICS } from "../../topology/alarm-limits";
import type { RequestContext } from "../../topology/policy-evaluation";
import type { MetricAlarm } from "../../topology/topology";
import { type ServiceCall, ServiceError, type ServiceProtocol } from "../aws-endpoints/json-endpoint";
import type { MetricClock } from "./metric-clock";
import { type MetricId, type MetricStore, statisticOf } from "./metric-store";
import type { AlarmStatus, RegionalAlarms } from "./regional-alarms";

type Parameters = ServiceCall["parameters"];

interface Datum {
  readonly MetricName?: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Value?: number;
  readonly Values?: readonly number[];
  readonly Counts?: readonly number[];
  readonly StatisticValues?: unknown;
  /** Seconds since 1970. */
  readonly Timestamp?: number;
}

interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/**
 * CloudWatch's endpoint in one region. Dates are the machine's; how far they are from now, and periods, are declared time.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html
 */
export class RegionalMetrics implements ServiceProtocol {
  readonly service = "cloudwatch";

  constructor(
    readonly region: string,
    private readonly accountId: string,
    private readonly metrics: MetricStore,
    private readonly alarms: RegionalAlarms,
    private readonly clock: MetricClock,
  ) {}

  /** Metrics have no ARNs. */
  resourcesOf({ operation }: ServiceCall): readonly string[] {
    return [operation === "DescribeAlarms" ? this.alarmArn("*") : "*"];
  }

  contextOf({ parameters }: ServiceCall): RequestContext {
    return { metricNamespace: String(parameters["Namespace"] ?? "") };
  }

  async handle({ operation, parameters }: ServiceCall): Promise<object> {
    switch (operation) {
      case "PutMetricData":
        return this.put(parameters);
      case "GetMetricStatistics":
        return this.statistics(parameters);
      case "DescribeAlarms":
        return this.describeAlarms(parameters);
      default:
        throw new ServiceError(
          "UnknownOperationException",
          `the drill's CloudWatch knows PutMetricData, GetMetricStatistics and DescribeAlarms; got ${operation}`,
        );
    }
  }

  private put(parameters: Parameters): object {
    const namespace = text(parameters, "Namespace");
    if (namespace.startsWith("AWS/")) throw invalid(`Namespace: must not begin with AWS/, got ${namespace}`);
    const data = (parameters["MetricData"] ?? []) as readonly Datum[];
    // All or nothing: the whole call is checked before any data point is put.
    const puts = data.map((datum) => ({ ...datum, MetricName: text(datum, "MetricName"), values: valuesIn(datum) }));
    for (const { MetricName: metricName, Dimensions, Timestamp, values } of puts) {
      const metric = { namespace, metricName, dimensions: dimensionsOf(Dimensions) };
      const atMs = Timestamp === undefined ? this.clock.nowMs() : this.clock.declaredMs(Timestamp * 1_000);
      for (const [value, count] of values) this.metrics.put(metric, value, atMs, count);
    }
    return {};
  }

  private statistics(parameters: Parameters): object {
    const metric: MetricId = {
      namespace: text(parameters, "Namespace"),
      metricName: text(parameters, "MetricName"),
      dimensions: dimensionsOf(parameters["Dimensions"] as readonly Dimension[] | undefined),
    };
    const [from, to] = ["StartTime", "EndTime"].map((name) =>
      this.clock.windowEdgeMs(number(parameters, name) * 1_000),
    );
    const period = number(parameters, "Period");
    if (period <= 0 || period % RESOLUTION_SECONDS !== 0) {
      throw invalid(`Period: must be a multiple of ${RESOLUTION_SECONDS} seconds, got ${period}`);
    }
    const wanted = ((parameters["Statistics"] ?? []) as readonly string[]).map((name) => {
      if (isStatistic(name)) return name;
      throw invalid(`Statistics: must be of ${STATISTICS.join(", ")}, got ${name}`);
    });
    if (wanted.length === 0) throw missing("Statistics");
    return {
      Label: metric.metricName,
      Datapoints: this.metrics.periods(metric, period, from ?? 0, to ?? 0).map((set) => ({
        Timestamp: this.clock.dateMs(set.startMs) / 1_000,
        Unit: "None",
        ...Object.fromEntries(wanted.map((name) => [name, statisticOf(name, set)])),
      })),
    };
  }

  private describeAlarms(parameters: Parameters): object {
    const names = parameters["AlarmNames"] as readonly string[] | undefined;
    const prefix = String(parameters["AlarmNamePrefix"] ?? "");
    const state = parameters["StateValue"];
    const found = this.alarms
      .all()
      .filter(
        (status) =>
          (names === undefined || names.length === 0 || names.includes(status.alarm.name)) &&
          status.alarm.name.startsWith(prefix) &&
          (state === undefined || status.state === state),
      );
    return { MetricAlarms: found.map((status) => this.described(status)), CompositeAlarms: [] };
  }

  private described({ alarm, state, reason, updatedAtMs }: AlarmStatus): object {
    return {
      AlarmName: alarm.name,
      AlarmArn: this.alarmArn(alarm.name),
      StateValue: state,
      StateReason: reason,
      StateUpdatedTimestamp: this.clock.dateMs(updatedAtMs) / 1_000,
      ...watchedBy(alarm),
      EvaluationPeriods: alarm.evaluationPeriods,
      DatapointsToAlarm: alarm.datapointsToAlarm,
      Threshold: alarm.threshold,
      ComparisonOperator: alarm.comparisonOperator,
      TreatMissingData: alarm.treatMissingData,
      ActionsEnabled: true,
    };
  }

  private alarmArn(name: string): string {
    return `arn:aws:cloudwatch:${this.region}:${this.accountId}:alarm:${name}`;
  }
}

/** Metric of an alarm, or its expression with the metrics that it is made of. */
function watchedBy({ math, namespace, metricName, dimensions, statistic, periodSeconds }: MetricAlarm): object {
  const listed = (named: Readonly<Record<string, string>>) =>
    Object.entries(named).map(([Name, Value]) => ({ Name, Value }));
  if (math === undefined) {
    return {
      Namespace: namespace,
      MetricName: metricName,
      Dimensions: listed(dimensions),
      ...(isStatistic(statistic) ? { Statistic: statistic } : { ExtendedStatistic: statistic }),
      Period: periodSeconds,
    };
  }
  const queries = Object.entries(math.metrics).map(([Id, metric]) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: metric.namespace, MetricName: metric.metricName, Dimensions: listed(metric.dimensions) },
      ...{ Period: periodSeconds, Stat: metric.statistic },
    },
    ReturnData: false,
  }));
  return { Metrics: [{ Id: "result", Expression: math.expression, ReturnData: true }, ...queries] };
}

/** Values, each with how often it was seen. */
function valuesIn({ Value, Values, Counts, StatisticValues }: Datum): [value: number, count: number][] {
  if (StatisticValues !== undefined) throw invalid("StatisticValues: the drill takes Value, or Values with Counts");
  if (Value !== undefined) return [[Value, 1]];
  if (Values === undefined) throw missing("MetricData.member.N.Value");
  return Values.map((value, index) => [value, Counts?.[index] ?? 1]);
}

function dimensionsOf(dimensions: readonly Dimension[] = []): Record<string, string> {
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
}

function text(parameters: object, name: string): string {
  const value = (parameters as Parameters)[name];
  if (typeof value === "string" && value !== "") return value;
  throw missing(name);
}

function number(parameters: Parameters, name: string): number {
  const value = parameters[name];
  if (typeof value === "number") return value;
  throw missing(name);
}

const invalid = (message: string) => new ServiceError("InvalidParameterValueException", message);
const missing = (name: string) =>
  new ServiceError("MissingRequiredParameterException", `The parameter ${name} is required.`);
