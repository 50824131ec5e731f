import { REGIONAL_HANDLER_NAMES } from "../../constructs/functions/handler-names";
import { type AnyJson, every, exampleSettings, only, statements, synthesize } from "../synthesize";

const { stacks } = synthesize(exampleSettings());
const regions = [
  ["us-east-1", "us-west-2"],
  ["us-west-2", "us-east-1"],
] as const;
const stackOf = (region: string) => stacks[`api-${region}`];

function policyOf(stack: AnyJson, functionName: string): AnyJson[] {
  const [role] =
    Object.entries<AnyJson>(stack.resource.aws_iam_role).find(([, body]) =>
      body.name.startsWith(`${functionName}-us-`),
    ) ?? [];
  const policy = every(stack, "aws_iam_role_policy").find(
    (candidate) => candidate.role === `\${aws_iam_role.${role}.name}`,
  );
  return statements(policy.policy);
}

test("the stacks of both regions differ only in names, and both read the standby's verdict", () => {
  const swapped = JSON.stringify(stackOf("us-east-1"))
    .replaceAll("health.us-west-2.api.example.com", "health.us-east-1.api.example.com")
    .replaceAll(/us-east-1|us-west-2/g, (region) => (region === "us-east-1" ? "us-west-2" : "us-east-1"))
    .replaceAll(/Validation-primary_\w{8}/g, "Validation-secondary");
  expect(JSON.parse(swapped)).toEqual(
    JSON.parse(JSON.stringify(stackOf("us-west-2")).replaceAll(/Validation-secondary_\w{8}/g, "Validation-secondary")),
  );
});

describe.each(regions)("api-%s", (region, peer) => {
  const stack = stackOf(region);

  test("works in its own region only, in one account only", () => {
    expect(stack.provider.aws).toHaveLength(1);
    expect(stack.provider.aws[0]).toMatchObject({ region, allowed_account_ids: ["123456789012"] });
  });

  test("has a function, a role and a log group for each handler", () => {
    const names = REGIONAL_HANDLER_NAMES.map((name) => `shop-example-${name}`).sort();
    expect(
      every(stack, "aws_lambda_function")
        .map(({ function_name }) => function_name)
        .sort(),
    ).toEqual(names);
    for (const lambda of every(stack, "aws_lambda_function")) {
      expect(lambda).toMatchObject({
        architectures: ["arm64"],
        runtime: "nodejs22.x",
        tracing_config: { mode: "Active" },
        memory_size: expect.any(Number),
        timeout: expect.any(Number),
        source_code_hash: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      });
    }
    const groups = every(stack, "aws_cloudwatch_log_group");
    expect(groups).toHaveLength(REGIONAL_HANDLER_NAMES.length + 1);
    for (const group of groups) expect(group.retention_in_days).toBe(30);
  });

  test("every ARN a role may touch is in its own region", () => {
    for (const policy of every(stack, "aws_iam_role_policy")) {
      for (const { Resource, Action, Sid } of statements(policy.policy)) {
        const resources = [Resource].flat();
        const actions = [Action].flat();
        for (const action of actions) expect(action).not.toContain("*");
        for (const resource of resources) {
          if (resource.startsWith("${")) continue; // a reference to this stack's own queue or function
          if (resource === "*") expect(Sid).toBe("SendTraces");
          else
            expect(resource).toMatch(new RegExp(`^arn:aws:(?:dynamodb|logs|secretsmanager):${region}:123456789012:`));
        }
      }
    }
    expect(JSON.stringify(stack)).not.toContain(`arn:aws:dynamodb:${peer}`);
  });

  test("a charge's attempts fit into its deadline, and the deadline and the table's calls into the worker's time-out", () => {
    const worker = every(stack, "aws_lambda_function").find(({ function_name }) =>
      function_name.endsWith("-payment-worker"),
    );
    const { VENDOR_TIMEOUT_MS, VENDOR_MAX_ATTEMPTS, VENDOR_DEADLINE_MS, ...dynamoDb } = worker.environment.variables;
    const tableMs = 2 * Number(dynamoDb.DYNAMODB_REQUEST_TIMEOUT_MS) * Number(dynamoDb.DYNAMODB_MAX_ATTEMPTS);
    expect(Number(VENDOR_TIMEOUT_MS) * Number(VENDOR_MAX_ATTEMPTS)).toBeLessThan(Number(VENDOR_DEADLINE_MS));
    // Twice the time-out, since the SDK counts anew once an answer's headers are in.
    expect(Number(VENDOR_DEADLINE_MS) + 2 * tableMs).toBeLessThan(worker.timeout * 1000);
  });

  const schedule = (name: string) =>
    every(stack, "aws_scheduler_schedule").find((it) => it.name === `shop-example-${name}`);

  test("roles are told apart by region, since IAM is global", () => {
    for (const role of every(stack, "aws_iam_role")) expect(role.name).toMatch(new RegExp(`-${region}$`));
  });

  test.each([
    ["health", ["dynamodb:GetItem"]],
    ["live", []],
    ["cart", ["dynamodb:BatchGetItem", "dynamodb:PutItem"]],
    [
      "checkout",
      ["dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:PutItem", "sqs:SendMessage"],
    ],
    ["order", ["dynamodb:GetItem"]],
    [
      "payment-worker",
      [
        "dynamodb:GetItem",
        "dynamodb:UpdateItem",
        "secretsmanager:GetSecretValue",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
      ],
    ],
    ["sweep", ["dynamodb:Query", "dynamodb:UpdateItem", "sqs:SendMessage"]],
    ["heartbeat", ["dynamodb:PutItem", "dynamodb:GetItem"]],
  ])("%s has the permissions that it needs, and no others", (name, actions) => {
    const granted = policyOf(stack, `shop-example-${name}`).flatMap(({ Action }) => [Action].flat());
    expect(granted.filter((action: string) => !/^(?:logs|xray):/.test(action))).toEqual(actions);
  });

  test("the heartbeat may write its own region's item and read its peer's, in both tables, and no customer's", () => {
    const granted = policyOf(stack, "shop-example-heartbeat").filter(({ Action }) => /^dynamodb:/.test(String(Action)));
    const keysOf = (key: string) => ({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [key] } });
    expect(granted.map(({ Condition }) => Condition)).toEqual([
      keysOf(`heartbeat·${region}`),
      keysOf(`heartbeat·${peer}`),
    ]);
    const tables = ["checkout", "orders"].map(
      (name) => `arn:aws:dynamodb:${region}:123456789012:table/shop-example-${name}`,
    );
    for (const { Resource } of granted) expect(Resource).toEqual(tables);
  });

  test("IAM takes every policy: no character beyond Latin-1", () => {
    const policies = every(stack, "aws_iam_role_policy").map(({ policy }) => policy);
    expect(policies.length).toBeGreaterThan(5);
    for (const policy of policies) expect(policy).toMatch(/^[\t\n\r\u0020-\u00ff]+$/);
  });

  test("the secret is named with exactly six unknown characters", () => {
    const grant = policyOf(stack, "shop-example-payment-worker").find(({ Sid }) => Sid === "ReadVendorKey");
    expect(grant.Resource).toBe(
      `arn:aws:secretsmanager:${region}:123456789012:secret:shop-example/vendor-api-key-??????`,
    );
  });

  test("customers' routes need a verified token; the checkers' and the shallow one do not", () => {
    const authorization = Object.fromEntries(
      every(stack, "aws_apigatewayv2_route").map((route) => [route.route_key, route.authorization_type]),
    );
    expect(authorization).toEqual({
      "GET /health": "NONE",
      "GET /live": "NONE",
      "GET /cart": "JWT",
      "PUT /cart/items/{sku}": "JWT",
      "DELETE /cart/items/{sku}": "JWT",
      "POST /checkout": "JWT",
      "GET /orders/{orderId}": "JWT",
    });
    expect(only(stack, "aws_apigatewayv2_authorizer")).toMatchObject({
      authorizer_type: "JWT",
      identity_sources: ["$request.header.Authorization"],
      jwt_configuration: { issuer: "https://login.example.com/", audience: ["checkout"] },
    });
  });

  test("functions get payload 2.0, which the handlers read", () => {
    for (const integration of every(stack, "aws_apigatewayv2_integration")) {
      expect(integration).toMatchObject({ integration_type: "AWS_PROXY", payload_format_version: "2.0" });
    }
  });

  test("each route's function may be invoked by that route", () => {
    const arns = every(stack, "aws_lambda_permission").map(({ source_arn }) => source_arn.replace(/^\$\{.*?\}/, ""));
    expect(arns.sort()).toEqual(
      every(stack, "aws_apigatewayv2_route")
        .map(({ route_key }) => `/*/${route_key.replace(" ", "")}`)
        .sort(),
    );
  });

  test("only custom domains reach the API, both with TLS 1.2 and this region's certificate", () => {
    expect(only(stack, "aws_apigatewayv2_api").disable_execute_api_endpoint).toBe(true);
    const domains = every(stack, "aws_apigatewayv2_domain_name");
    expect(domains.map(({ domain_name }) => domain_name)).toEqual(["api.example.com", `${region}.api.example.com`]);
    const role = region === "us-east-1" ? "primary" : "secondary";
    for (const { domain_name_configuration: configuration } of domains) {
      expect(configuration).toMatchObject({ endpoint_type: "REGIONAL", security_policy: "TLS_1_2" });
      expect(configuration.certificate_arn).toContain(`Validation-${role}`);
    }
    expect(every(stack, "aws_apigatewayv2_api_mapping")).toHaveLength(2);
  });

  test("the health route has its own throttling budget and its own concurrency, independent of the stage's", () => {
    const stage = only(stack, "aws_apigatewayv2_stage");
    expect(stage.default_route_settings).toMatchObject({ throttling_burst_limit: 500, throttling_rate_limit: 1000 });
    expect(stage.route_settings).toEqual([
      {
        route_key: "GET /health",
        throttling_burst_limit: 1000,
        throttling_rate_limit: 1000,
        detailed_metrics_enabled: true,
      },
      {
        route_key: "GET /live",
        throttling_burst_limit: 100,
        throttling_rate_limit: 50,
        detailed_metrics_enabled: true,
      },
    ]);
    // 16 checkers once in 10 s each, twice over in case of a second health check.
    expect(stage.route_settings[0].throttling_rate_limit).toBeGreaterThan((2 * 16) / 10);
    const health = every(stack, "aws_lambda_function").find(({ function_name }) => function_name.endsWith("-health"));
    expect(health.reserved_concurrent_executions).toBeGreaterThanOrEqual(16);
  });

  test("the stage waits for the routes whose settings it names", () => {
    const routes = Object.keys(stack.resource.aws_apigatewayv2_route).map((id) => `aws_apigatewayv2_route.${id}`);
    expect(only(stack, "aws_apigatewayv2_stage").depends_on.sort()).toEqual(routes.sort());
  });

  test("access logs are JSON without token, body or query", () => {
    const { format } = only(stack, "aws_apigatewayv2_stage").access_log_settings;
    expect(Object.keys(JSON.parse(format))).toContain("requestId");
    expect(format).not.toMatch(/authorizer\.claims|authorization|body|querystring/i);
  });

  test("the deep health check is bounded below the 2 s that Route 53 waits", () => {
    const health = every(stack, "aws_lambda_function").find(({ function_name }) => function_name.endsWith("-health"));
    expect(Number(health.environment.variables.DYNAMODB_DEADLINE_MS)).toBeLessThan(2000);
  });

  test("failed payments are retried per message and then stay in the dead-letter queue for 14 days, SQS's maximum", () => {
    const queues = every(stack, "aws_sqs_queue");
    expect(queues).toHaveLength(2);
    for (const queue of queues)
      expect(queue).toMatchObject({ message_retention_seconds: 1_209_600, sqs_managed_sse_enabled: true });
    expect(only(stack, "aws_sqs_queue_redrive_policy").redrive_policy).toMatch(
      /^\{"deadLetterTargetArn":"\$\{aws_sqs_queue\.PaymentQueue_DeadLetters_\w+\.arn\}","maxReceiveCount":5\}$/,
    );
    expect(only(stack, "aws_lambda_event_source_mapping")).toMatchObject({
      function_response_types: ["ReportBatchItemFailures"],
    });
  });

  test("a message stays hidden for six time-outs of the worker", () => {
    const worker = every(stack, "aws_lambda_function").find(({ function_name }) =>
      function_name.endsWith("-payment-worker"),
    );
    const queue = every(stack, "aws_sqs_queue").find(({ name }) => name === "shop-example-payments");
    expect(queue.visibility_timeout_seconds).toBeGreaterThanOrEqual(6 * worker.timeout);
  });

  test("the sweep enqueues an order again only when the queue has given up on it", () => {
    const queue = every(stack, "aws_sqs_queue").find(({ name }) => name === "shop-example-payments");
    const { maxReceiveCount } = JSON.parse(only(stack, "aws_sqs_queue_redrive_policy").redrive_policy);
    const sweep = every(stack, "aws_lambda_function").find(({ function_name }) => function_name.endsWith("-sweep"));
    expect(Number(sweep.environment.variables.SWEEP_OWN_AGE_SECONDS)).toBeGreaterThan(
      maxReceiveCount * queue.visibility_timeout_seconds,
    );
  });

  test("the queue feeds the payment worker, and the schedules start the sweep and the heartbeat", () => {
    expect(only(stack, "aws_lambda_event_source_mapping").function_name).toMatch(
      /aws_lambda_function\.Functions_payment-worker_/,
    );
    expect(schedule("sweep").target.arn).toMatch(/aws_lambda_function\.Functions_sweep_/);
    expect(schedule("heartbeat").target.arn).toMatch(/aws_lambda_function\.Functions_heartbeat_/);
  });

  test("each service may assume its roles, the scheduler for this account alone", () => {
    const trusts = every(stack, "aws_iam_role").map((role) => statements(role.assume_role_policy)[0]);
    const scheduler = trusts.filter(({ Principal }) => Principal.Service === "scheduler.amazonaws.com");
    expect(scheduler.map(({ Condition }) => Condition)).toEqual(
      ["sweep", "heartbeat"].map(() => ({ StringEquals: { "aws:SourceAccount": "123456789012" } })),
    );
    expect(trusts.filter(({ Principal }) => Principal.Service === "lambda.amazonaws.com")).toHaveLength(
      REGIONAL_HANDLER_NAMES.length,
    );
  });

  test("a function waits for its policy and its log group", () => {
    for (const lambda of every(stack, "aws_lambda_function")) {
      expect(lambda.depends_on.map((address: string) => address.split(".")[0]).sort()).toEqual([
        "aws_cloudwatch_log_group",
        "aws_iam_role_policy",
      ]);
    }
  });

  test("custom domains answer on IPv4 and IPv6", () => {
    for (const domain of every(stack, "aws_apigatewayv2_domain_name")) {
      expect(domain.domain_name_configuration.ip_address_type).toBe("dualstack");
    }
  });

  test("a region without traffic raises no alarm, and a missing part of a sum counts as 0", () => {
    for (const alarm of every(stack, "aws_cloudwatch_metric_alarm"))
      expect(alarm.treat_missing_data).toBe(
        /peer-heartbeat|standby-unhealthy/.test(alarm.alarm_name) ? "breaching" : "notBreaching",
      );
    const throttles = every(stack, "aws_cloudwatch_metric_alarm").find(({ alarm_name }) =>
      alarm_name.endsWith("function-throttles"),
    );
    const { expression } = throttles.metric_query.find(({ id }: AnyJson) => id === "result");
    expect(expression.match(/FILL\(m\d, 0\)/g)).toHaveLength(REGIONAL_HANDLER_NAMES.length);
  });

  test("table throttles count the index, which the tables' own metrics leave out", () => {
    const alarm = every(stack, "aws_cloudwatch_metric_alarm").find(({ alarm_name }) =>
      alarm_name.endsWith("table-throttles"),
    );
    const indexes = alarm.metric_query
      .map(({ metric }: AnyJson) => metric?.dimensions.GlobalSecondaryIndexName)
      .filter(Boolean);
    expect(indexes).toEqual(["unpaid-by-region", "unpaid-by-region"]);
  });

  test("the sweep runs every five minutes, and takes over the other region's orders later than its own", () => {
    expect(schedule("sweep")).toMatchObject({ schedule_expression: "rate(5 minutes)" });
    const sweep = every(stack, "aws_lambda_function").find(({ function_name }) => function_name.endsWith("-sweep"));
    const { PEER_REGIONS, SWEEP_OWN_AGE_SECONDS, SWEEP_TAKEOVER_AGE_SECONDS } = sweep.environment.variables;
    expect(PEER_REGIONS).toBe(peer);
    expect(Number(SWEEP_TAKEOVER_AGE_SECONDS)).toBeGreaterThan(Number(SWEEP_OWN_AGE_SECONDS));
  });

  test("no backlog of scheduled runs after an outage: one that is a minute late is dropped, and none is repeated by Lambda", () => {
    const invocations = every(stack, "aws_lambda_function_event_invoke_config");
    expect(invocations).toMatchObject(
      ["heartbeat", "sweep"].map((name) => ({
        function_name: expect.stringContaining(`Functions_${name}`),
        maximum_event_age_in_seconds: 60,
        maximum_retry_attempts: 0,
      })),
    );
    for (const { target } of every(stack, "aws_scheduler_schedule")) {
      expect(target.retry_policy).toEqual({ maximum_event_age_in_seconds: 60, maximum_retry_attempts: 1 });
    }
  });

  test("alarms are in the region that they watch", () => {
    const alarms = every(stack, "aws_cloudwatch_metric_alarm");
    expect(alarms.map(({ alarm_name }) => alarm_name.replace("shop-example-", "")).sort()).toEqual([
      "amount-mismatches",
      "background-errors",
      "dead-letters",
      "double-sales",
      "function-throttles",
      "latency",
      "oldest-unpaid",
      "peer-heartbeat-1",
      "peer-heartbeat-2",
      "replication-latency-1",
      "replication-latency-2",
      "server-errors",
      "standby-unhealthy",
      "table-throttles",
      "unpaid-orders",
    ]);
    const [topic] = Object.keys(stack.resource.aws_sns_topic);
    for (const alarm of alarms) expect(alarm.alarm_actions).toEqual([`\${aws_sns_topic.${topic}.arn}`]);
  });

  test("server errors are counted by an HTTP API's metric, not by a REST API's", () => {
    const alarm = every(stack, "aws_cloudwatch_metric_alarm").find(({ alarm_name }) =>
      alarm_name.endsWith("server-errors"),
    );
    expect(alarm.metric_query.map(({ metric }: AnyJson) => metric?.metric_name).filter(Boolean)).toEqual([
      "5xx",
      "Count",
    ]);
  });

  test("replication is too slow when it breaks the recovery point objective", () => {
    const alarms = every(stack, "aws_cloudwatch_metric_alarm").filter(
      ({ metric_name }) => metric_name === "ReplicationLatency",
    );
    expect(alarms).toHaveLength(2);
    for (const alarm of alarms)
      expect(alarm).toMatchObject({ threshold: 5000, statistic: "Maximum", dimensions: { ReceivingRegion: peer } });
  });

  test("each table's heartbeat of the peer is too old after three minutes, and rings as well when it is not reported", () => {
    const alarms = every(stack, "aws_cloudwatch_metric_alarm").filter(
      ({ metric_name }) => metric_name === "PeerHeartbeatAge",
    );
    expect(alarms.map(({ dimensions }) => dimensions)).toEqual(
      ["checkout", "orders"].map((table) => ({
        service: "shop-example-heartbeat",
        PeerRegion: peer,
        TableName: `shop-example-${table}`,
      })),
    );
    for (const alarm of alarms)
      expect(alarm).toMatchObject({ namespace: "shop-example", threshold: 180, treat_missing_data: "breaching" });
    expect(schedule("heartbeat").schedule_expression).toBe("rate(1 minute)");
  });

  test("the standby's verdict is alarmed in each region, and a verdict that cannot be read as well", () => {
    const alarm = every(stack, "aws_cloudwatch_metric_alarm").find(
      ({ metric_name }) => metric_name === "StandbyUnhealthy",
    );
    expect(alarm).toMatchObject({
      ...{ namespace: "shop-example", dimensions: { service: "shop-example-heartbeat" } },
      ...{ statistic: "Maximum", comparison_operator: "GreaterThanOrEqualToThreshold", threshold: 1 },
      treat_missing_data: "breaching",
    });
    const heartbeat = every(stack, "aws_lambda_function").find(({ function_name }) =>
      /-heartbeat$/.test(function_name),
    );
    expect(heartbeat.environment.variables.STANDBY_VERDICT_NAME).toBe("health.us-west-2.api.example.com");
  });

  test("the dashboard is drawn from this region's metrics", () => {
    const { widgets } = JSON.parse(only(stack, "aws_cloudwatch_dashboard").dashboard_body);
    expect(new Set(widgets.map(({ properties }: AnyJson) => properties.region))).toEqual(new Set([region]));
  });
});

test("an existing topic is looked up in the region of its alarms: a plan without it fails, and needs no other region", () => {
  const { stacks: named } = synthesize(exampleSettings({ alarms: { topicName: "oncall" } }));
  for (const [name, region] of [
    ["api-us-east-1", "us-east-1"],
    ["api-us-west-2", "us-west-2"],
    ["failover-dns", "us-west-2"],
  ] as const) {
    const stack = named[name];
    expect(stack.resource.aws_sns_topic).toBeUndefined();
    expect(stack.provider.aws).toHaveLength(1);
    expect(stack.provider.aws[0].region).toBe(region);
    const [[label, topic] = []] = Object.entries<AnyJson>(stack.data.aws_sns_topic);
    expect(topic).toEqual({ name: "oncall", ...(topic["//"] === undefined ? {} : { "//": topic["//"] }) });
    for (const alarm of every(stack, "aws_cloudwatch_metric_alarm")) {
      expect(alarm.alarm_actions).toEqual([`\${data.aws_sns_topic.${label}.arn}`]);
    }
  }
});

test("the health route follows the settings", () => {
  const healthCheck = { path: "/health/deep", requestIntervalSeconds: 10, failureThreshold: 3 };
  const { stacks: moved } = synthesize(exampleSettings({ healthCheck }));
  expect(every(moved["api-us-west-2"], "aws_apigatewayv2_route").map(({ route_key }) => route_key)).toContain(
    "GET /health/deep",
  );
  expect(only(moved["api-us-west-2"], "aws_apigatewayv2_stage").route_settings[0].route_key).toBe("GET /health/deep");
  const paths = every(moved["failover-dns"], "aws_route53_health_check").map(({ resource_path }) => resource_path);
  expect(paths.filter(Boolean)).toEqual(["/health/deep", "/health/deep"]);
});
