import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { FailoverRecord } from "../../constructs/dns-records/failover-record";
import { HandlerFunction } from "../../constructs/functions/handler-function";
import { EndpointHealthCheck } from "../../constructs/health-checks/endpoint-health-check";
import { HttpApi } from "../../constructs/http-api/http-api";
import { RegionalAlarms } from "../../constructs/monitoring/regional-alarms";
import { PaymentQueue } from "../../constructs/payments/payment-queue";
import { GlobalTable } from "../../constructs/replicated-data/global-table";
import { type AnyJson, only, scratchFolder } from "../synthesize";

/** Builds constructs in a stack of their own, and gives the stack's JSON. */
function inStack(build: (stack: TerraformStack) => void): AnyJson {
  const stack = new TerraformStack(new App({ stackTraces: false, outdir: scratchFolder() }), "stack");
  build(stack);
  stack.prepareStack();
  return stack.toTerraform();
}

describe("EndpointHealthCheck", () => {
  const build = (props: object) =>
    inStack(
      (stack) =>
        new EndpointHealthCheck(stack, "Health", {
          name: "n",
          fqdn: "eu.api.example.com",
          resourcePath: "/health",
          ...props,
        }),
    );

  test("tolerates two failed probes, 30 s apart, by default", () => {
    expect(only(build({}), "aws_route53_health_check")).toMatchObject({ failure_threshold: 3, request_interval: 30 });
  });

  test.each([1, 10])("takes a threshold of %d", (failureThreshold) => {
    expect(only(build({ failureThreshold }), "aws_route53_health_check").failure_threshold).toBe(failureThreshold);
  });

  test.each([0, 11, 2.5, Number.NaN])("refuses a threshold of %d", (failureThreshold) => {
    expect(() => build({ failureThreshold })).toThrow(
      `stack/Health: 'failureThreshold' must be a whole number from 1 to 10, got ${failureThreshold}`,
    );
  });

  test.each([0, 9, 20, 31])("refuses an interval of %d s", (requestIntervalSeconds) => {
    expect(() => build({ requestIntervalSeconds })).toThrow(
      `stack/Health: 'requestIntervalSeconds' must be 10 or 30, got ${requestIntervalSeconds}`,
    );
  });
});

describe("FailoverRecord", () => {
  const target = { targetDomainName: "d-1.execute-api.us-east-1.amazonaws.com", targetHostedZoneId: "Z1" };
  const common = {
    zoneId: "Z",
    recordName: "api.example.com",
    target,
    recordType: { type: "CNAME", ttlSeconds: 1 },
  } as const;

  test("refuses a PRIMARY record without a health check", () => {
    expect(() => inStack((stack) => new FailoverRecord(stack, "Record", { ...common, failover: "PRIMARY" }))).toThrow(
      "stack/Record: 'healthCheckId' must be set for PRIMARY, got none",
    );
  });

  test("gives a SECONDARY record no health check by default, so that it counts as healthy", () => {
    const record = only(
      inStack((stack) => new FailoverRecord(stack, "Record", { ...common, failover: "SECONDARY" })),
      "aws_route53_record",
    );
    expect(record.health_check_id).toBeUndefined();
  });
});

describe("GlobalTable", () => {
  const build = (props: object) =>
    inStack((stack) => {
      const provider = new AwsProvider(stack, "Aws", { region: "us-east-1" });
      new GlobalTable(stack, "Table", {
        provider,
        tableName: "t",
        logicalId: "t",
        partitionKey: { name: "id", type: "S" },
        kmsKeyArn: "home",
        replicas: [{ region: "us-west-2", kmsKeyArn: "there" }],
        tags: {},
        protectData: true,
        ...props,
      });
    });

  test("refuses a table without replicas", () => {
    expect(() => build({ replicas: [] })).toThrow("stack/Table: 'replicas' must name at least one region, got none");
  });

  test("declares an attribute once, even if several keys use it", () => {
    const indexes = [
      { name: "a", partitionKey: { name: "x", type: "S" }, sortKey: { name: "id", type: "S" } },
      { name: "b", partitionKey: { name: "x", type: "S" } },
    ];
    const { attribute } = only(build({ indexes }), "aws_dynamodb_table");
    expect(attribute.map(({ name }: AnyJson) => name)).toEqual(["id", "x"]);
  });

  test("items do not expire without a TTL attribute", () => {
    expect(only(build({}), "aws_dynamodb_table").ttl).toBeUndefined();
  });
});

describe("PaymentQueue", () => {
  test.each([0, 1001, 1.5])("refuses %d receives", (maxReceiveCount) => {
    const build = () =>
      inStack(
        (stack) =>
          new PaymentQueue(stack, "Queue", {
            queueName: "q",
            deadLetterQueueName: "dead-letters",
            visibilityTimeoutSeconds: 60,
            maxReceiveCount,
          }),
      );
    expect(build).toThrow(
      `stack/Queue: 'maxReceiveCount' must be a whole number from 1 to 1000, got ${maxReceiveCount}`,
    );
  });
});

describe("HandlerFunction", () => {
  test("refuses a name that makes the role's name too long for IAM, and says what to shorten", () => {
    const build = () =>
      inStack((stack) => {
        new HandlerFunction(stack, "F", {
          region: "ap-northeast-1",
          accountId: "123456789012",
          functionName: "x".repeat(50),
          description: "d",
          bundle: { path: __filename, sha256Base64: "AAAA" },
          statements: [],
          environment: {},
          memorySizeMb: 128,
          timeoutSeconds: 3,
          logRetentionDays: 1,
        });
      });
    expect(build).toThrow(
      /^stack\/F: the role's name may have 64 characters, got 65 \(x+-ap-northeast-1\); shorten 'projectName'/,
    );
  });
});

describe("HttpApi", () => {
  test("refuses a route to a function it does not have", () => {
    const build = () =>
      inStack((stack) => {
        new HttpApi(stack, "Api", {
          name: "n",
          targets: { cart: { functionName: "f", invokeArn: "a", timeoutSeconds: 3 } },
          routes: [{ method: "GET", path: "/cart", target: "basket", authorization: "JWT" }],
          jwt: { issuer: "https://login.example.com", audience: ["web"] },
          throttling: { burstLimit: 1, rateLimitPerSecond: 1 },
          logRetentionDays: 1,
        });
      });
    expect(build).toThrow("stack/Api: route GET /cart must name one of the targets cart, got basket");
  });

  test("limits the integration time-out to API Gateway's maximum", () => {
    const json = inStack((stack) => {
      new HttpApi(stack, "Api", {
        name: "n",
        targets: { slow: { functionName: "f", invokeArn: "a", timeoutSeconds: 900 } },
        routes: [{ method: "GET", path: "/slow", target: "slow", authorization: "NONE" }],
        jwt: { issuer: "https://login.example.com", audience: ["web"] },
        throttling: { burstLimit: 1, rateLimitPerSecond: 1 },
        logRetentionDays: 1,
      });
    });
    expect(only(json, "aws_apigatewayv2_integration").timeout_milliseconds).toBe(30_000);
  });
});

describe("RegionalAlarms", () => {
  test("refuses to sum more metrics than an alarm may name", () => {
    const build = () =>
      inStack((stack) => {
        new RegionalAlarms(stack, "Alarms", {
          namePrefix: "p",
          topicArn: "t",
          observed: {
            api: { apiId: "a", stageName: "s" },
            functionNames: Array.from({ length: 11 }, (_, index) => `f${index}`),
            backgroundFunctionNames: [],
            queueName: "q",
            deadLetterQueueName: "d",
            tableNames: ["t"],
            indexes: [],
            peerRegion: "us-west-2",
          },
          recoveryPointSeconds: 1,
          oldestUnpaidSeconds: 1,
          latencyP99Ms: 1,
        });
      });
    expect(build).toThrow("stack/Alarms: alarm function-throttles may look at 10 metrics, got 11; split it into two");
  });
});
