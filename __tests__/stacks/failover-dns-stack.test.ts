import { type AnyJson, every, exampleSettings, only, synthesize } from "../synthesize";

const { stacks } = synthesize(exampleSettings());
const dns = stacks["failover-dns"];
const failoverRecords = (stack: AnyJson) =>
  every(stack, "aws_route53_record").filter(
    ({ failover_routing_policy, type }) => failover_routing_policy && type !== "TXT",
  );
const healthChecks: Record<string, AnyJson> = dns.resource.aws_route53_health_check;
/** A health check by its type, and an endpoint's by its region, with the expression by which others name it. */
const checkOf = (type: string, region = "us-east-1") => {
  const [[id, check] = ["", {}], ...others] = Object.entries(healthChecks).filter(
    ([, it]) => it.type === type && (it.fqdn === undefined || it.fqdn.startsWith(`${region}.`)),
  );
  expect(others).toEqual([]);
  return { check, id: `\${aws_route53_health_check.${id}.id}` };
};
const alarmOf = (name: string) =>
  every(dns, "aws_cloudwatch_metric_alarm").find(({ alarm_name }) => alarm_name === `shop-example-${name}`);

test("the health check probes the primary's own host name, deep, over HTTPS with SNI", () => {
  expect(checkOf("HTTPS").check).toMatchObject({
    type: "HTTPS",
    fqdn: "us-east-1.api.example.com",
    port: 443,
    resource_path: "/health",
    enable_sni: true,
    request_interval: 10,
    failure_threshold: 3,
  });
});

test("the standby has a check of its own host name, which no record of the API follows", () => {
  const { check, id } = checkOf("HTTPS", "us-west-2");
  expect(check).toMatchObject({ fqdn: "us-west-2.api.example.com", resource_path: "/health", request_interval: 30 });
  expect(check.depends_on).toEqual([
    expect.stringMatching(/^aws_route53_record\.SecondaryRegionRecord_A_/),
    expect.stringMatching(/^aws_route53_record\.SecondaryRegionRecord_Aaaa_/),
  ]);
  const followers = every(dns, "aws_route53_record").filter(({ health_check_id }) => health_check_id === id);
  expect(followers.map(({ type, name }) => [type, name])).toEqual([["TXT", "health.us-west-2.api.example.com"]]);
  expect(checkOf("CALCULATED").check.child_healthchecks).not.toContain(id);
});

test("both regions read the standby's verdict where it is told", () => {
  const read = ["us-east-1", "us-west-2"].map((region) =>
    every(stacks[`api-${region}`], "aws_lambda_function").flatMap(
      ({ environment }) => environment?.variables.STANDBY_VERDICT_NAME ?? [],
    ),
  );
  expect(read).toEqual([["health.us-west-2.api.example.com"], ["health.us-west-2.api.example.com"]]);
});

test("the health check never probes the failover name itself", () => {
  expect(checkOf("HTTPS").check.fqdn).not.toBe("api.example.com");
});

test("the API's name is a pair of CNAMEs with the short TTL of the settings; the primary depends on its check", () => {
  const [primary, secondary, ...others] = failoverRecords(dns);
  expect(others).toEqual([]);
  expect(primary).toMatchObject({
    name: "api.example.com",
    type: "CNAME",
    ttl: 10,
    set_identifier: "primary",
    failover_routing_policy: { type: "PRIMARY" },
    health_check_id: checkOf("CALCULATED").id,
  });
  expect(secondary).toMatchObject({
    name: "api.example.com",
    type: "CNAME",
    ttl: 10,
    set_identifier: "secondary",
    failover_routing_policy: { type: "SECONDARY" },
  });
  expect(secondary.health_check_id).toBeUndefined();
  expect(primary.records[0]).toContain("api-us-east-1.outputs");
  expect(secondary.records[0]).toContain("api-us-west-2.outputs");
});

test("as aliases, the pair covers IPv4 and IPv6, and the primary's records still name the check", () => {
  const objectives = { recoveryTimeSeconds: 130, recoveryPointSeconds: 5 };
  const aliased = synthesize(exampleSettings({ failoverRecord: { type: "ALIAS" }, objectives })).stacks["failover-dns"];
  const described = failoverRecords(aliased).map((record) => [
    record.type,
    record.failover_routing_policy.type,
    record.health_check_id !== undefined,
  ]);
  expect(described).toEqual([
    ["A", "PRIMARY", true],
    ["AAAA", "PRIMARY", true],
    ["A", "SECONDARY", false],
    ["AAAA", "SECONDARY", false],
  ]);
  for (const record of failoverRecords(aliased)) {
    // API_ResourceRecordSet: failover aliases must. The record then also fails with the region's API Gateway service.
    expect(record.alias.evaluate_target_health).toBe(true);
    expect(record.ttl).toBeUndefined();
  }
});

test("each region's own host name is a plain record, independent of health", () => {
  const plain = every(dns, "aws_route53_record").filter(({ failover_routing_policy }) => !failover_routing_policy);
  expect(plain.map(({ name, type }) => `${type} ${name}`).sort()).toEqual([
    "A us-east-1.api.example.com",
    "A us-west-2.api.example.com",
    "AAAA us-east-1.api.example.com",
    "AAAA us-west-2.api.example.com",
  ]);
});

test("the health check is created after its host name, or it would start unhealthy", () => {
  expect(checkOf("HTTPS").check.depends_on).toEqual([
    expect.stringMatching(/^aws_route53_record\.PrimaryRegionRecord_A_/),
    expect.stringMatching(/^aws_route53_record\.PrimaryRegionRecord_Aaaa_/),
  ]);
});

test("nothing is planned through the primary region", () => {
  expect(dns.provider.aws.map(({ region }: AnyJson) => region)).toEqual(["us-west-2"]);
});

test("the primary serves while its endpoint is healthy and it is not stood down", () => {
  expect(checkOf("CALCULATED").check).toMatchObject({
    child_healthchecks: [checkOf("HTTPS").id, checkOf("CLOUDWATCH_METRIC").id],
    child_health_threshold: 2,
  });
});

test("the switch is an alarm in the standby that keeps its state without data", () => {
  const alarm = alarmOf("primary-stood-down");
  expect(alarm).toMatchObject({
    namespace: "shop-example/failover",
    metric_name: "PrimaryStoodDown",
    dimensions: { PrimaryRegion: "us-east-1" },
    statistic: "Maximum",
    period: 60,
    evaluation_periods: 1,
    comparison_operator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    treat_missing_data: "ignore",
  });
  const { check } = checkOf("CLOUDWATCH_METRIC");
  expect(check).toMatchObject({
    cloudwatch_alarm_region: "us-west-2",
    insufficient_data_health_status: "LastKnownStatus",
  });
  expect(check.cloudwatch_alarm_name).toMatch(/^\$\{aws_cloudwatch_metric_alarm\.StandDown_Alarm_\w+\.alarm_name\}$/);
  // Whatever of the alarm Route 53 has copied is in the triggers, or a later change would never reach it.
  for (const field of ["namespace", "metric_name", "statistic", "period", "evaluation_periods", "threshold"]) {
    expect(Object.values(check.triggers)).toContain(String(alarm[field]));
  }
});

test("alarms about the failover are in the standby and notify there", () => {
  const alarms = every(dns, "aws_cloudwatch_metric_alarm");
  expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual([
    "shop-example-primary-stood-down",
    "shop-example-primary-unhealthy",
    "shop-example-primary-unwatched",
    "shop-example-primary-watch-errors",
    "shop-example-switch-without-data",
  ]);
  for (const { alarm_actions, ok_actions } of alarms) {
    expect([alarm_actions, ok_actions].flat()).toEqual(
      Array(2).fill("arn:aws:sns:us-west-2:123456789012:shop-example-alarms"),
    );
  }
  expect(alarmOf("primary-unwatched")).toMatchObject({ statistic: "SampleCount", treat_missing_data: "breaching" });
  expect(only(stacks["api-us-west-2"], "aws_sns_topic").name).toBe("shop-example-alarms");
});

test("the verdicts for the endpoint's check and for the switch are published in DNS", () => {
  const texts = every(dns, "aws_route53_record").filter(({ type }) => type === "TXT");
  const told = texts.map(({ name, records, failover_routing_policy: { type }, health_check_id, ttl }) => [
    name,
    ...records,
    type,
    health_check_id,
    ttl,
  ]);
  expect(told.sort()).toEqual([
    ["health.us-east-1.api.example.com", "healthy", "PRIMARY", checkOf("HTTPS").id, 10],
    ["health.us-east-1.api.example.com", "unhealthy", "SECONDARY", undefined, 10],
    ["health.us-west-2.api.example.com", "healthy", "PRIMARY", checkOf("HTTPS", "us-west-2").id, 10],
    ["health.us-west-2.api.example.com", "unhealthy", "SECONDARY", undefined, 10],
    ["switch.us-east-1.api.example.com", "in service", "PRIMARY", checkOf("CLOUDWATCH_METRIC").id, 10],
    ["switch.us-east-1.api.example.com", "stood down", "SECONDARY", undefined, 10],
  ]);
});

const watchInput = (stack: AnyJson) => JSON.parse(only(stack, "aws_scheduler_schedule").target.input);

test("the watch runs every minute, long enough for a late next run, and probes as the health check does", () => {
  expect(only(dns, "aws_scheduler_schedule").schedule_expression).toBe("rate(1 minute)");
  expect(watchInput(dns)).toEqual({
    watchSeconds: 120,
    intervalSeconds: 10,
    failureThreshold: 3,
    timeoutSeconds: 6,
    verdictIntervalSeconds: 5,
    confirmSeconds: 11, // Longer than the TTL of the verdict.
    repeatSeconds: 60,
    switchDataSeconds: 600,
    latch: true,
  });
});

test("no backlog of the watch's runs after an outage: one that is a minute late is dropped, and none is repeated by Lambda", () => {
  expect(only(dns, "aws_lambda_function_event_invoke_config")).toMatchObject({
    function_name: expect.stringContaining("PrimaryWatch_Function"),
    maximum_event_age_in_seconds: 60,
    maximum_retry_attempts: 0,
  });
  const { target, depends_on } = only(dns, "aws_scheduler_schedule");
  expect(target.retry_policy).toEqual({ maximum_event_age_in_seconds: 60, maximum_retry_attempts: 1 });
  expect(depends_on).toContainEqual(expect.stringContaining("aws_lambda_function_event_invoke_config."));
});

test("the watch reads the verdict of the endpoint's check from DNS", () => {
  const { PRIMARY_VERDICT_NAME } = only(dns, "aws_lambda_function").environment.variables;
  const told = every(dns, "aws_route53_record").filter(({ name }) => name === PRIMARY_VERDICT_NAME);
  expect(told.map(({ type, records, health_check_id }) => [type, records, health_check_id])).toEqual([
    ["TXT", ["healthy"], expect.stringMatching(/^\$\{aws_route53_health_check\.PrimaryHealth_\w+\.id\}$/)],
    ["TXT", ["unhealthy"], undefined],
  ]);
});

test("the watch starts after both records of a verdict exist, so that a missing one is not read as unhealthy", () => {
  const records = Object.entries<AnyJson>(dns.resource.aws_route53_record);
  const verdict = (name: string) => records.filter(([key]) => key.startsWith(`EndpointVerdict_${name}`));
  const [[healthy] = [], [unhealthy, { depends_on }] = []] = [
    verdict("Healthy")[0],
    verdict("Unhealthy")[0],
  ] as AnyJson;
  expect(depends_on).toEqual([`aws_route53_record.${healthy}`]);
  expect(only(dns, "aws_scheduler_schedule").depends_on).toEqual(
    expect.arrayContaining([`aws_route53_record.${healthy}`, `aws_route53_record.${unhealthy}`]),
  );
});

test("the slowest watch has time to finish counting", () => {
  const healthCheck = { path: "/health", requestIntervalSeconds: 30, failureThreshold: 10 };
  const objectives = { recoveryTimeSeconds: 600, recoveryPointSeconds: 5 };
  const slow = synthesize(exampleSettings({ healthCheck, objectives })).stacks["failover-dns"];
  expect(only(slow, "aws_lambda_function").timeout).toBeGreaterThan(120 + 10 * (30 + 6));
  expect(only(slow, "aws_lambda_function").timeout).toBeLessThanOrEqual(900);
});

test("the watch may read metrics and put data points into its own namespace, and nothing else", () => {
  const policies = every(dns, "aws_iam_role_policy").filter(({ name }) => name === "least-privilege");
  expect(policies).toHaveLength(1);
  const { Statement } = JSON.parse(policies[0].policy);
  expect(Statement.flatMap(({ Action }: AnyJson) => Action)).toEqual([
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "cloudwatch:GetMetricStatistics",
    "cloudwatch:PutMetricData",
  ]);
  expect(Statement.at(-1).Condition).toEqual({ StringEquals: { "cloudwatch:namespace": "shop-example/failover" } });
});

test("with automatic failback the watch watches and does not latch", () => {
  const automatic = synthesize(exampleSettings({ failback: "automatic" })).stacks["failover-dns"];
  expect(watchInput(automatic).latch).toBe(false);
  expect(automatic.output.recovery_objectives.value.failback).toBe("automatic");
  expect(dns.output.recovery_objectives.value.failback).toBe("latched");
});
