import fs from "node:fs";
import { DEPLOYMENTS } from "../../config/deployments";
import { cdktfOut } from "../../terraform-json/source";
import { readTopology } from "../../topology/read-topology";
import type { Topology } from "../../topology/topology";
import { changedFolder } from "../drill/changed-folder";
import { type AnyJson, exampleSettings, synthesizeFolder } from "../synthesize";

let folder: string;
let topology: Topology;

beforeAll(() => {
  folder = synthesizeFolder(exampleSettings());
  topology = readTopology(cdktfOut(folder));
});

const region = (name: string, of = topology) => {
  const found = of.regions.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no region ${name}`);
  return found;
};

const withChange = (stack: string, change: (json: AnyJson) => void) => changedFolder(folder, stack, change);

const first = (json: AnyJson, type: string): AnyJson => Object.values(json.resource[type])[0];

test("both regions have the same routes, functions, queues and schedules, and the standby the primary's watch", () => {
  const [east, west] = [region("us-east-1"), region("us-west-2")];
  const names = ({ apis, functions }: typeof east) => [
    apis.flatMap(({ routes }) => routes.map(({ routeKey }) => routeKey)),
    functions.map(({ functionName }) => functionName),
  ];
  const [routes = [], functions = []] = names(east);
  expect(names(west)).toEqual([routes, [...functions, "shop-example-primary-watch"]]);
  expect(east.apis[0]?.routes).toHaveLength(7);
  expect(east.functions).toHaveLength(8);
  expect([east.mappings.length, east.schedules.length, east.queues.length]).toEqual([1, 2, 2]);
  expect(east.schedules).toEqual(
    expect.arrayContaining(
      [300_000, 60_000].map((rateMs) =>
        expect.objectContaining({ rateMs, functionArn: expect.stringContaining(":us-east-1:") }),
      ),
    ),
  );
});

test("a queue's redrive policy is read from its own resource", () => {
  const [queue] = region("us-west-2").queues.filter(({ redrive }) => redrive !== undefined);
  expect(queue?.redrive).toEqual({ deadLetterArn: expect.stringContaining("dead-letters"), maxReceiveCount: 5 });
});

test("a domain's certificate is resolved through another stack's outputs", () => {
  expect(region("us-west-2").apis[0]?.domains).toMatchObject([
    { domainName: "api.example.com", certificateNames: ["api.example.com", "us-west-2.api.example.com"] },
    { domainName: "us-west-2.api.example.com" },
  ]);
});

test("failover records lead to the regions' host names, and the primary's record has a health check", () => {
  const [primary, secondary] = ["PRIMARY", "SECONDARY"].map((role) =>
    topology.records.find(({ failover, type }) => failover === role && type === "CNAME"),
  );
  const targets = ["us-east-1", "us-west-2"].map((name) => region(name).apis[0]?.domains[0]?.targetDomainName);
  expect([primary?.values, secondary?.values]).toEqual([[targets[0]], [targets[1]]]);
  expect(primary).toMatchObject({
    name: "api.example.com",
    type: "CNAME",
    ttlSeconds: 10,
    healthCheckId: topology.healthChecks.find(({ type }) => type === "CALCULATED")?.id,
  });
  expect(secondary).not.toHaveProperty("healthCheckId");
});

test("a function has the statements of its own role, in its own region, and its invokers", () => {
  const cart = region("us-west-2").functions.find(({ functionName }) => functionName.endsWith("-cart"));
  expect(cart?.statements.flatMap(({ actions }) => actions)).toContain("dynamodb:PutItem");
  expect(JSON.stringify(cart?.statements)).not.toContain("us-east-1");
  expect(cart?.invokers).toHaveLength(3);
  expect(fs.existsSync(cart?.zipPath ?? "")).toBe(true);
});

test("the deployment's objectives are read", () => {
  expect(topology.objectives).toEqual({
    recoveryTimeSeconds: 90,
    browserRecoveryTimeSeconds: 150,
    recoveryPointSeconds: 5,
    failback: "latched",
    clientTimeoutSeconds: 5,
  });
});

test("objectives include failback and client time-out when a stack states them", () => {
  const read = (more: object) =>
    readTopology(
      cdktfOut(
        withChange("failover-dns", (json) => {
          Object.assign(json.output.recovery_objectives.value, more);
        }),
      ),
    ).objectives;
  expect(read({ failback: "latched", client_timeout_seconds: 3 })).toMatchObject({
    failback: "latched",
    clientTimeoutSeconds: 3,
  });
  expect(() => read({ failback: "perhaps" })).toThrow(
    "output.recovery_objectives: 'failback' must be one of latched, automatic, got \"perhaps\"",
  );
});

test("a condition on metric namespaces is read, with one namespace or several", () => {
  const read = (namespaces: unknown) => {
    const statement = {
      ...{ Effect: "Allow", Action: "cloudwatch:PutMetricData", Resource: "*" },
      Condition: { StringEquals: { "cloudwatch:namespace": namespaces } },
    };
    const copy = withChange("api-us-west-2", (json) => {
      first(json, "aws_iam_role_policy").policy = JSON.stringify({ Statement: [statement] });
    });
    const statements = region("us-west-2", readTopology(cdktfOut(copy))).functions.flatMap(
      (lambda) => lambda.statements,
    );
    return statements.flatMap(({ metricNamespaces }) => metricNamespaces ?? []);
  };
  expect([read("shop"), read(["shop", "other"])]).toEqual([
    ["shop", "shop-example/failover"],
    ["shop", "other", "shop-example/failover"],
  ]);
});

test("a condition on partition keys is read", () => {
  const heartbeat = region("us-west-2").functions.find(({ functionName }) => functionName.endsWith("-heartbeat"));
  const limited = heartbeat?.statements.filter(({ leadingKeys }) => leadingKeys !== undefined);
  expect(limited).toMatchObject([
    { actions: ["dynamodb:PutItem"], leadingKeys: ["heartbeat·us-west-2"] },
    { actions: ["dynamodb:GetItem"], leadingKeys: ["heartbeat·us-east-1"] },
  ]);
});

test("a schedule has the ARN of its name, and its input if there is one", () => {
  const read = (input: unknown) => {
    const copy = withChange("api-us-west-2", (json) => {
      Object.assign(first(json, "aws_scheduler_schedule"), { name: "sweep", group_name: "shop" });
      const { target } = first(json, "aws_scheduler_schedule");
      target.input = input;
    });
    return region("us-west-2", readTopology(cdktfOut(copy))).schedules[0];
  };
  expect(read('{"watchSeconds":60}')).toMatchObject({
    arn: expect.stringMatching(/^arn:aws:scheduler:us-west-2:\d+:schedule\/shop\/sweep$/),
    input: { watchSeconds: 60 },
  });
  expect(read(undefined)).not.toHaveProperty("input");
  expect(() => read("sixty")).toThrow(/aws_scheduler_schedule\..*'input' must be JSON, got "sixty"/);
});

test("throttling comes from the route's settings, else the stage's, else the account; a missing limit in settings is 0", () => {
  const read = (settings: object) => {
    const copy = withChange("api-us-west-2", (json) => {
      const stage = first(json, "aws_apigatewayv2_stage");
      delete stage.default_route_settings;
      delete stage.route_settings;
      Object.assign(stage, settings);
    });
    const routes = region("us-west-2", readTopology(cdktfOut(copy))).apis.flatMap((api) => api.routes);
    return routes.find(({ routeKey }) => routeKey === "GET /live")?.throttling;
  };
  const limits = { throttling_burst_limit: 7, throttling_rate_limit: 0 };
  expect(read({})).toEqual({ bucket: "default", burstLimit: 5_000, rateLimitPerSecond: 10_000 });
  expect(read({ default_route_settings: limits })).toEqual({ bucket: "default", burstLimit: 7, rateLimitPerSecond: 0 });
  expect(read({ default_route_settings: { detailed_metrics_enabled: true } })).toMatchObject({
    burstLimit: 0,
    rateLimitPerSecond: 0,
  });
  expect(
    read({ default_route_settings: limits, route_settings: [{ route_key: "GET /live", throttling_rate_limit: 5 }] }),
  ).toEqual({ bucket: "GET /live", burstLimit: 0, rateLimitPerSecond: 5 });
  expect(() => read({ default_route_settings: { throttling_rate_limit: -1 } })).toThrow(
    /aws_apigatewayv2_stage\..*'throttling_rate_limit' must be a number from 0 to \d+, got -1/,
  );
});

test("a deployment with other regions, names, thresholds and record types is read as well", () => {
  const other = readTopology(
    cdktfOut(
      synthesizeFolder(
        exampleSettings({
          projectName: "kiosk",
          primaryRegion: "eu-west-1",
          secondaryRegion: "eu-north-1",
          apiDomainName: "kiosk.example.com",
          failoverRecord: { type: "ALIAS" },
          healthCheck: { path: "/deep/health", requestIntervalSeconds: 30, failureThreshold: 2 },
          objectives: { recoveryTimeSeconds: 300, recoveryPointSeconds: 10 },
          backend: { type: "s3", bucket: "states-of-kiosk", region: "eu-central-1", keyPrefix: "kiosk" },
        }),
      ),
    ),
  );
  expect(other.regions.map(({ name }) => name).sort()).toEqual(["eu-north-1", "eu-west-1"]);
  expect(other.healthChecks.find(({ type }) => type === "HTTPS")).toMatchObject({
    requestIntervalSeconds: 30,
    failureThreshold: 2,
    resourcePath: "/deep/health",
  });
  const primary = other.records.filter(({ failover, type }) => failover === "PRIMARY" && type !== "TXT");
  expect(primary.map(({ type }) => type).sort()).toEqual(["A", "AAAA"]);
  expect(primary.every(({ isAlias, ttlSeconds }) => isAlias && ttlSeconds === 60)).toBe(true);
});

test.each<[string, string, (json: AnyJson) => void, RegExp]>([
  [
    "a type it does not know",
    "api-us-west-2",
    (json) => {
      json.resource["aws_kinesis_stream"] = { Carts: { name: "carts" } };
    },
    /^api-us-west-2: aws_kinesis_stream\.Carts: the drill does not know the type/,
  ],
  [
    "a reference to an undeclared block",
    "api-us-west-2",
    (json) => {
      first(json, "aws_lambda_event_source_mapping").event_source_arn = "${aws_sqs_queue.Nothing.arn}";
    },
    /^api-us-west-2: aws_lambda_event_source_mapping\..*event_source_arn.*declares no aws_sqs_queue\.Nothing/,
  ],
  [
    "an output that its producer does not have",
    "certificates",
    (json) => {
      json.output = {};
    },
    /aws_apigatewayv2_domain_name\..*certificate_arn.*expected a value with 'cross-stack-output/,
  ],
  [
    "a zip that does not exist",
    "api-us-east-1",
    (json) => {
      first(json, "aws_lambda_function").filename = "gone.zip";
    },
    /aws_lambda_function\..*'filename' must name a zip that exists/,
  ],
  [
    "a routing policy that it does not model",
    "failover-dns",
    (json) => {
      first(json, "aws_route53_record").weighted_routing_policy = { weight: 1 };
    },
    /aws_route53_record\..*weighted_routing_policy/,
  ],
  [
    "a certificate of another region",
    "api-us-west-2",
    (json) => {
      for (const domain of Object.values<AnyJson>(json.resource.aws_apigatewayv2_domain_name)) {
        const { domain_name_configuration: configuration } = domain;
        configuration.certificate_arn = configuration.certificate_arn.replaceAll(
          "secondary_C9C72926",
          "primary_053996F2",
        );
      }
    },
    /must have a certificate of its own region us-west-2, got one of us-east-1/,
  ],
  [
    "an attribute that it does not model",
    "api-us-west-2",
    (json) => {
      first(json, "aws_lambda_function").layers = ["arn:aws:lambda:us-west-2:123456789012:layer:x:1"];
    },
    /aws_lambda_function\..*does not model 'layers'/,
  ],
  [
    "a mapping that is switched off",
    "api-us-west-2",
    (json) => {
      first(json, "aws_lambda_event_source_mapping").enabled = false;
    },
    /aws_lambda_event_source_mapping\..*'enabled' must be true in a drill, got false/,
  ],
  [
    "a policy with a condition that it does not model",
    "api-us-west-2",
    (json) => {
      const policy = first(json, "aws_iam_role_policy");
      const document = JSON.parse(policy.policy);
      document.Statement[0].Condition = { Bool: { "aws:SecureTransport": "true" } };
      policy.policy = JSON.stringify(document);
    },
    /aws_iam_role_policy\..*a statement must have Effect, Action and Resource/,
  ],
  [
    "a condition on partition keys for a query, which names its partition in an expression",
    "api-us-west-2",
    (json) => {
      const policy = first(json, "aws_iam_role_policy");
      const document = JSON.parse(policy.policy);
      Object.assign(document.Statement[0], {
        Action: ["dynamodb:GetItem", "dynamodb:Query"],
        Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "mine" } },
      });
      policy.policy = JSON.stringify(document);
    },
    /aws_iam_role_policy\..*"dynamodb:LeadingKeys":\.\.\.\}\} on dynamodb:GetItem, .*which is all that the drill reads/,
  ],
  [
    "a condition with more than the metric namespace",
    "api-us-west-2",
    (json) => {
      const policy = first(json, "aws_iam_role_policy");
      const document = JSON.parse(policy.policy);
      document.Statement[0].Condition = { StringEquals: { "cloudwatch:namespace": "shop", "aws:userid": "x" } };
      policy.policy = JSON.stringify(document);
    },
    /aws_iam_role_policy\..*at most the condition \{"StringEquals":\{"cloudwatch:namespace":\.\.\.\}\}/,
  ],
  [
    "a health check that follows an alarm which is not declared",
    "failover-dns",
    (json) => {
      json.resource.aws_route53_health_check.Switch = {
        type: "CLOUDWATCH_METRIC",
        cloudwatch_alarm_name: "switch",
        cloudwatch_alarm_region: "us-west-2",
        insufficient_data_health_status: "LastKnownStatus",
        triggers: { threshold: "1" },
      };
    },
    /^failover-dns: aws_route53_health_check\.Switch: must follow an alarm on one metric; us-west-2 declares none of the name switch/,
  ],
])("refuses %s and names its address", (_, stack, change, message) => {
  expect(() => readTopology(cdktfOut(withChange(stack, change)))).toThrow(message);
});

test.each(Object.keys(DEPLOYMENTS))("the %s deployment can be drilled, whatever its alarms notify", (name) => {
  const read = readTopology(cdktfOut(synthesizeFolder(DEPLOYMENTS[name])));
  expect(read.regions.map((each) => each.name).sort()).toEqual(["us-east-1", "us-west-2"]);
});
