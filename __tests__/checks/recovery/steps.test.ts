import { passes } from "../../../checks/recovery/check";
import { OPERATIONS, operationOfAction } from "../../../checks/recovery/steps/operations";
import { DEPLOYMENTS } from "../../../config/deployments";
import { exampleSettings } from "../../synthesize";
import { ALIAS, failoverBlock, recoveryAfter, stepsOf, watchFunction } from "./recovering";

const unchanged = () => {};

test.each(Object.keys(DEPLOYMENTS))("%s recovers without its primary and without control planes", (name) => {
  const result = recoveryAfter(unchanged, DEPLOYMENTS[name]);
  expect(result.problems).toEqual([]);
  expect(passes(result)).toBe(true);
  expect(result.pair).toMatchObject({ primaryRegion: "us-east-1", standbyRegion: "us-west-2" });
});

test("lists each step of an automatic failover", () => {
  expect(stepsOf(recoveryAfter(unchanged), "automatic failover")).toEqual([
    "✓ checkers around the world find us-east-1.api.example.com/health unhealthy | Route 53 checks | global | data",
    "✓ the primary's check turns unhealthy, since one child is | Route 53 checks | global | data",
    "✓ api.example.com resolves to the SECONDARY record | Route 53 DNS | global | data",
    "✓ us-west-2 serves under the API's name | API Gateway | us-west-2 | data",
    "✓ operators get the alarms about the primary and its watch | SNS | us-west-2 | data",
  ]);
});

test("lists each step of the latch, from the schedule to the switch", () => {
  expect(stepsOf(recoveryAfter(unchanged), "latch")).toEqual([
    "✓ shop-example-primary-watch is started: rate(1 minute) | Scheduler | us-west-2 | data",
    "✓ the schedule and the function get their roles' credentials | IAM and STS | us-west-2 | data",
    "✓ shop-example-primary-watch runs | Lambda | us-west-2 | data",
    "✓ reads Route 53's verdict for the primary's endpoint in DNS (health.us-east-1.api.example.com) | Route 53 DNS | global | data",
    "· asks us-east-1.api.example.com/health, and reports whether it answers | API Gateway | us-east-1 | data",
    "✓ shop-example-primary-watch puts PrimaryStoodDown = 1 | CloudWatch | us-west-2 | data",
    "· shop-example-primary-watch reads PrimaryStoodDown, to repeat the switch's state | CloudWatch | us-west-2 | data",
    "· shop-example-primary-watch may also call logs:CreateLogStream, logs:PutLogEvents, xray:PutTraceSegments, xray:PutTelemetryRecords | logs, xray | us-west-2 | data",
    "✓ the alarm goes into ALARM, and the switch's check turns unhealthy | CloudWatch alarms | us-west-2 | data",
    "✓ operators are notified that customers stay with the standby | SNS | us-west-2 | data",
  ]);
});

test("lists each step of a failover by hand, including the verdict in DNS", () => {
  expect(stepsOf(recoveryAfter(unchanged), "failover by hand")).toEqual([
    "✓ an operator puts PrimaryStoodDown = 1 | CloudWatch | us-west-2 | data",
    "✓ the alarm goes into ALARM, and the switch's check turns unhealthy | CloudWatch alarms | us-west-2 | data",
    "✓ the primary's check turns unhealthy, since one child is | Route 53 checks | global | data",
    "✓ api.example.com resolves to the SECONDARY record | Route 53 DNS | global | data",
    "✓ us-west-2 serves under the API's name | API Gateway | us-west-2 | data",
    "✓ an operator reads Route 53's verdict for the switch in DNS (switch.us-east-1.api.example.com) | Route 53 DNS | global | data",
    "✓ operators are notified that the primary is stood down | SNS | us-west-2 | data",
  ]);
});

test("lists the questions before a failback as not needed, even to the primary or a control plane, and the release as needed", () => {
  expect(stepsOf(recoveryAfter(unchanged), "failback")).toEqual([
    "· an operator reads Route 53's verdict for the primary's endpoint in DNS (health.us-east-1.api.example.com) | Route 53 DNS | global | data",
    "· asked: does us-east-1.api.example.com/health answer? | API Gateway | us-east-1 | data",
    "· asked: is replication to the primary fast? | CloudWatch | us-west-2 | data",
    "· asked: how many orders are unpaid? | DynamoDB | us-west-2 | data",
    "· asked: are the queues drained? | SQS | us-west-2 | data",
    "· asked: are the queues drained? | SQS | us-east-1 | data",
    "· asked: are the regions' quotas equal? | Service Quotas | us-west-2 | control",
    "· asked: are the regions' quotas equal? | Service Quotas | us-east-1 | control",
    "✓ checkers around the world find us-east-1.api.example.com/health healthy | Route 53 checks | global | data",
    "✓ an operator puts PrimaryStoodDown = 0 | CloudWatch | us-west-2 | data",
    "✓ the alarm returns to OK, and the switch's check turns healthy | CloudWatch alarms | us-west-2 | data",
    "✓ the primary's check turns healthy, since all its children are | Route 53 checks | global | data",
    "✓ api.example.com resolves to the PRIMARY record | Route 53 DNS | global | data",
    "· us-east-1 serves under the API's name | API Gateway | us-east-1 | data",
    "✓ an operator reads Route 53's verdict for the switch in DNS (switch.us-east-1.api.example.com) | Route 53 DNS | global | data",
    "✓ operators are notified of the release | SNS | us-west-2 | data",
  ]);
});

test("every step names its resources and their stacks", () => {
  const resources = recoveryAfter(unchanged).procedures.flatMap(({ steps }) => steps.map((step) => step.resources));
  expect(resources.length).toBeGreaterThan(30);
  for (const names of resources) {
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]+\/aws_\w+\.[\w-]+$/);
  }
  expect(new Set(resources.flat())).toContainEqual(
    expect.stringMatching(/^api-us-west-2\/aws_apigatewayv2_domain_name\.ApiDomain_/),
  );
});

test("an alias's two records are both followed", () => {
  const result = recoveryAfter(unchanged, exampleSettings(ALIAS));
  expect(result.problems).toEqual([]);
  const [failover] = result.procedures;
  const answers = failover?.steps.find(({ service }) => service === "Route 53 DNS");
  expect(answers?.resources).toEqual(
    ["PrimaryRecord_A_", "PrimaryRecord_Aaaa_", "SecondaryRecord_A_", "SecondaryRecord_Aaaa_"].map((id) =>
      expect.stringContaining(`failover-dns/aws_route53_record.${id}`),
    ),
  );
});

test("an automatic failback needs no latch", () => {
  const result = recoveryAfter(unchanged, exampleSettings({ failback: "automatic" }));
  expect(result.problems).toEqual([]);
  expect(stepsOf(result, "latch: none wanted")).toEqual([]);
  expect(stepsOf(result, "failback: automatic, or by hand after a stand-down")).toHaveLength(16);
  expect(result.latch).toBeUndefined();
});

test("the alarm is found by its name when nothing refers to it", () => {
  const result = recoveryAfter((stacks) => {
    failoverBlock(stacks, "aws_route53_health_check", "StandDown").cloudwatch_alarm_name =
      "shop-example-primary-stood-down";
  });
  expect(result.problems).toEqual([]);
  expect(stepsOf(result, "failover by hand")[0]).toContain("puts PrimaryStoodDown = 1");
});

test("the primary may be watched under the host name that API Gateway gave it", () => {
  const host = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";
  const result = recoveryAfter((stacks) => {
    watchFunction(stacks).environment.variables.PRIMARY_HEALTH_URL = `https://${host}/health`;
  });
  expect(result.problems).toEqual([]);
  expect(stepsOf(result, "latch")).toContain(
    `· asks ${host}/health, and reports whether it answers | API Gateway | us-east-1 | data`,
  );
});

test("a topic may be a reference to the same stack or an ARN", () => {
  const result = recoveryAfter((stacks) => {
    stacks["failover-dns"].resource.aws_sns_topic = { own: { name: "own" } };
    const alarm = failoverBlock(stacks, "aws_cloudwatch_metric_alarm", "StandDown");
    alarm.alarm_actions = ["${aws_sns_topic.own.arn}"];
  });
  expect(result.problems).toEqual([]);
  expect(result.procedures[2]?.steps.at(-1)?.resources).toContain("failover-dns/aws_sns_topic.own");
});

test("every operation names AWS's page, and an action that is not on the list counts as control plane", () => {
  for (const { page } of Object.values(OPERATIONS))
    expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+\.html$/);
  expect(operationOfAction("cloudwatch:PutMetricData", "us-west-2")).toMatchObject({
    plane: "data",
    region: "us-west-2",
  });
  expect(operationOfAction("CloudWatch:putmetricdata", "us-west-2")).toMatchObject({ plane: "data" });
  expect(operationOfAction("cloudwatch:*", "us-west-2")).toMatchObject({ plane: "control", region: "us-west-2" });
  expect(operationOfAction("route53:ChangeResourceRecordSets", "us-west-2")).toMatchObject({
    plane: "control",
    region: "us-east-1",
  });
  expect(operationOfAction("*", "us-west-2")).toMatchObject({ plane: "control" });
});
