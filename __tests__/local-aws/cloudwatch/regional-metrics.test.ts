import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  type MetricDatum,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { JsonEndpoint } from "../../../local-aws/aws-endpoints/json-endpoint";
import { Callers } from "../../../local-aws/aws-endpoints/permissions";
import { MetricClock } from "../../../local-aws/cloudwatch/metric-clock";
import { MetricStore } from "../../../local-aws/cloudwatch/metric-store";
import { RegionalAlarms } from "../../../local-aws/cloudwatch/regional-alarms";
import { RegionalMetrics } from "../../../local-aws/cloudwatch/regional-metrics";
import { Pace } from "../../../local-aws/pace";
import type { LambdaFunction, PolicyStatement } from "../../../topology/topology";
import { QUIET_SDK } from "../../handlers/local-dynamodb";
import { declaredAlarm } from "./declared-alarm";

Object.assign(process.env, QUIET_SDK);

const SPEED = 10;
const Namespace = "shop/failover";
const clock = new MetricClock(SPEED);
const metrics = new MetricStore(clock);
const alarms = new RegionalAlarms({
  alarms: [declaredAlarm(), declaredAlarm({ name: "slow", statistic: "p99" }), declaredAlarm({ name: "stale" })],
  ...{ metrics, clock },
  pace: new Pace(SPEED),
  random: () => 0,
  isHalted: () => false,
  onChange: () => {},
});
const callers = new Callers();
const denied: string[] = [];
const endpoint = new JsonEndpoint(
  new RegionalMetrics("us-west-2", "123456789012", metrics, alarms, clock),
  callers,
  (caller, action, resource) => denied.push(`${caller?.name} ${action} ${resource}`),
);
const clients: CloudWatchClient[] = [];
let url: string;
beforeAll(async () => {
  url = await endpoint.start();
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await alarms.stop();
  await endpoint.stop();
});

function clientWith(...statements: PolicyStatement[]): CloudWatchClient {
  const lambda = { functionName: "watch", statements } as unknown as LambdaFunction;
  const credentials = { accessKeyId: callers.accessKeyIdOf(lambda), secretAccessKey: "drill" };
  const client = new CloudWatchClient({ region: "us-west-2", endpoint: url, credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
}

const anything: PolicyStatement = { effect: "Allow", actions: ["cloudwatch:*"], resources: ["*"] };
const putting: PolicyStatement = {
  effect: "Allow",
  actions: ["cloudwatch:PutMetricData"],
  resources: ["*"],
  metricNamespaces: [Namespace],
};
const put = (client: CloudWatchClient, MetricData: MetricDatum[], namespace = Namespace) =>
  client.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));

async function statisticsOf(MetricName: string, changes: object = {}) {
  const { Datapoints = [] } = await clientWith(anything).send(
    new GetMetricStatisticsCommand({
      ...{ Namespace, MetricName, Period: 60, Statistics: ["Sum", "Average", "Minimum", "Maximum", "SampleCount"] },
      StartTime: new Date(Date.now() - 600_000),
      EndTime: new Date(Date.now() + 600_000),
      ...changes,
    }),
  );
  return Datapoints;
}

test("a role puts metrics into the namespace that its condition names, and into no other", async () => {
  const client = clientWith(putting);
  await put(client, [{ MetricName: "Probes", Value: 1 }]);
  await expect(put(client, [{ MetricName: "Probes", Value: 1 }], "another")).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  await expect(client.send(new DescribeAlarmsCommand({}))).rejects.toMatchObject({ name: "AccessDeniedException" });
  expect(denied).toEqual([
    "watch cloudwatch:PutMetricData *",
    "watch cloudwatch:DescribeAlarms arn:aws:cloudwatch:us-west-2:123456789012:alarm:*",
  ]);
});

test("values are aggregated by period, with a date of the machine's clock", async () => {
  const data = [{ Value: 4 }, { Values: [1, 2], Counts: [1, 3] }].map((it) => ({ MetricName: "Mixed", ...it }));
  await put(clientWith(putting), data);
  const [datapoint, ...others] = await statisticsOf("Mixed");
  expect(others).toEqual([]);
  expect(datapoint).toMatchObject({ Sum: 11, Average: 2.2, Minimum: 1, Maximum: 4, SampleCount: 5 });
  expect(Math.abs(Number(datapoint?.Timestamp) - Date.now())).toBeLessThan(60_000 / SPEED + 1_000);
});

test("a datum's own date tells its period, and a window of five minutes is one of declared minutes", async () => {
  const wallMsOf = (declaredMinutes: number) => (declaredMinutes * 60_000) / SPEED;
  const Timestamp = new Date(Date.now() - wallMsOf(10));
  await put(clientWith(putting), [{ MetricName: "Old", Value: 1, Timestamp }]);
  const within = async (minutes: number) =>
    (await statisticsOf("Old", { StartTime: new Date(Date.now() - minutes * 60_000) })).length;
  expect([await within(5), await within(15)]).toEqual([0, 1]);
});

test("other dimensions are another metric", async () => {
  const Dimensions = [{ Name: "Region", Value: "us-east-1" }];
  await put(clientWith(putting), [{ MetricName: "Placed", Dimensions, Value: 1 }]);
  expect(await statisticsOf("Placed")).toEqual([]);
  expect(await statisticsOf("Placed", { Dimensions })).toHaveLength(1);
});

test("a call that is so large that the SDK compresses it is read", async () => {
  const names = Array.from({ length: 200 }, (_, index) => `Metric${index}-${"x".repeat(60)}`);
  await put(
    clientWith(putting),
    names.map((MetricName) => ({ MetricName, Value: 1 })),
  );
  expect(await statisticsOf(names.at(-1) ?? "")).toHaveLength(1);
});

test("alarms are found by names, by prefix and by state", async () => {
  const find = async (input: object) =>
    ((await clientWith(anything).send(new DescribeAlarmsCommand(input))).MetricAlarms ?? []).map((it) => it.AlarmName);
  expect(await find({})).toEqual(["slow", "stale", "stood-down"]);
  expect(await find({ AlarmNames: ["slow", "none"] })).toEqual(["slow"]);
  expect(await find({ AlarmNamePrefix: "st" })).toEqual(["stale", "stood-down"]);
  expect(await find({ StateValue: "ALARM" })).toEqual([]);
});

test("an alarm is described as declared, with its state and why", async () => {
  const { MetricAlarms } = await clientWith(anything).send(new DescribeAlarmsCommand({ AlarmNames: ["stood-down"] }));
  expect(MetricAlarms).toEqual([
    expect.objectContaining({
      AlarmArn: "arn:aws:cloudwatch:us-west-2:123456789012:alarm:stood-down",
      StateValue: "INSUFFICIENT_DATA",
      StateReason: "the alarm has not looked yet",
      StateUpdatedTimestamp: expect.any(Date),
      Namespace,
      MetricName: "PrimaryStoodDown",
      Dimensions: [{ Name: "PrimaryRegion", Value: "us-east-1" }],
      Statistic: "Maximum",
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "ignore",
    }),
  ]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ["AWS's own namespaces", () => put(clientWith(anything), [], "AWS/SQS"), "InvalidParameterValueException"],
  [
    "a datum without a name",
    () => put(clientWith(putting), [{ MetricName: "", Value: 1 }]),
    "MissingRequiredParameterException",
  ],
  [
    "a datum without a value",
    () => put(clientWith(putting), [{ MetricName: "x" }]),
    "MissingRequiredParameterException",
  ],
  [
    "sets of statistics",
    () =>
      put(clientWith(putting), [
        { MetricName: "x", StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 } },
      ]),
    "InvalidParameterValueException",
  ],
  ["a period below a minute", () => statisticsOf("x", { Period: 10 }), "InvalidParameterValueException"],
  [
    "a statistic that there is not",
    () => statisticsOf("x", { Statistics: ["Median"] }),
    "InvalidParameterValueException",
  ],
  ["no statistic", () => statisticsOf("x", { Statistics: [] }), "MissingRequiredParameterException"],
])("%s are refused", async (_, call, name) => {
  await expect(call()).rejects.toMatchObject({ name });
});
