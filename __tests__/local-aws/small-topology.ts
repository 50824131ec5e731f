import { LocalAws, type LocalAwsProps } from "../../local-aws/local-aws";
import { Pace } from "../../local-aws/pace";
import { seededRandom } from "../../local-aws/seeded-random";
import type {
  DnsRecord,
  HealthCheck,
  LambdaFunction,
  RegionTopology,
  Schedule,
  Topology,
} from "../../topology/topology";
import { declaredAlarm } from "./cloudwatch/declared-alarm";
import { declaredFunction } from "./lambda/declared-function";
import { alarmCheck, calculatedCheck, endpointCheck, record } from "./route53/declared";

export const ACCOUNT = "123456789012";
export const EAST = "us-east-1";
export const WEST = "us-west-2";
export const API = "api.example.com";

/** Answers each request with the region it runs in; 503 while its path says so. */
const LIVE = `exports.handler = async (event) => ({
  statusCode: event.rawPath === "/broken" ? 503 : 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ status: "ok", region: process.env.AWS_REGION, query: event.rawQueryString }),
});`;

/** Prints what it was invoked with, what the URL in its environment answers, and where name servers lead. */
const WATCH = `const { resolveCname } = require("node:dns/promises");
exports.handler = async (event) => {
  const answer = await fetch(process.env.API_URL).then((it) => it.text(), (error) => String(error.cause ?? error));
  const [leadsTo] = await resolveCname("${API}").catch((error) => [String(error)]);
  const variables = Object.keys(process.env).filter((name) => name.startsWith("DRILL"));
  console.log("watched", JSON.stringify({ event, answer, leadsTo, variables }));
};`;

const table = {
  address: "data: aws_dynamodb_table.orders",
  name: "orders",
  regions: [EAST, WEST],
  attributes: [
    { name: "orderId", type: "S" as const },
    { name: "unpaidRegion", type: "S" as const },
  ],
  hashKey: "orderId",
  indexes: [{ name: "unpaid", hashKey: "unpaidRegion", projectionType: "ALL" as const, nonKeyAttributes: [] }],
};

function regionOf(name: string, watch?: LambdaFunction): RegionTopology {
  const arn = `arn:aws:lambda:${name}:${ACCOUNT}:function:shop-live`;
  const live = declaredFunction(
    { "index.js": LIVE },
    { arn, functionName: "shop-live", invokers: [{ principal: "apigateway.amazonaws.com" }] },
  );
  const route = (routeKey: string) => ({
    address: `api-${name}: aws_apigatewayv2_route.${routeKey}`,
    routeKey,
    functionArn: arn,
    integrationTimeoutMs: 10_000,
    throttling: { bucket: "default", burstLimit: 1_000, rateLimitPerSecond: 1_000 },
  });
  const domain = (domainName: string) => ({
    address: `api-${name}: aws_apigatewayv2_domain_name.${domainName}`,
    domainName,
    targetDomainName: `d-${domainName}.execute-api.${name}.amazonaws.com`,
    certificateNames: [domainName],
  });
  return {
    name,
    functions: watch === undefined ? [live] : [live, watch],
    mappings: [],
    schedules: watch === undefined ? [] : [watchSchedule(watch)],
    queues: [
      {
        address: `api-${name}: aws_sqs_queue.payments`,
        arn: `arn:aws:sqs:${name}:${ACCOUNT}:payments`,
        name: "payments",
        url: `https://sqs.${name}.amazonaws.com/${ACCOUNT}/payments`,
        visibilityTimeoutSeconds: 300,
        messageRetentionSeconds: 345_600,
      },
    ],
    apis: [
      {
        address: `api-${name}: aws_apigatewayv2_api.api`,
        apiId: `api${name.length}`,
        name: "shop",
        routes: [route("GET /live"), route("GET /broken")],
        domains: [domain(API), domain(`${name}.${API}`)],
      },
    ],
  };
}

const watchSchedule = ({ arn }: LambdaFunction): Schedule => ({
  address: "failover-dns: aws_scheduler_schedule.watch",
  arn: `arn:aws:scheduler:${WEST}:${ACCOUNT}:schedule/default/watch`,
  functionArn: arn,
  rateMs: 60_000,
  input: { watchSeconds: 60, failureThreshold: 3 },
});

const target = (region: string, name: string) => [`d-${name}.execute-api.${region}.amazonaws.com`];
const pair = (
  name: string,
  type: string,
  healthCheckId: string,
  values: readonly [string[], string[]],
): DnsRecord[] => [
  record(name, type, {
    ttlSeconds: 10,
    failover: "PRIMARY",
    setIdentifier: "primary",
    healthCheckId,
    values: values[0],
  }),
  record(name, type, { ttlSeconds: 10, failover: "SECONDARY", setIdentifier: "secondary", values: values[1] }),
];

export const RECORDS: readonly DnsRecord[] = [
  ...pair(`switch.${EAST}.${API}`, "TXT", "switch", [['"in service"'], ['"stood down"']]),
  ...pair(API, "CNAME", "primary", [target(EAST, API), target(WEST, API)]),
  ...[EAST, WEST].map((name) => record(`${name}.${API}`, "CNAME", { values: target(name, `${name}.${API}`) })),
];

export const CHECKS: readonly HealthCheck[] = [
  calculatedCheck({ id: "primary", childIds: ["endpoint", "switch"], childHealthThreshold: 2 }),
  endpointCheck({
    id: "endpoint",
    type: "HTTPS",
    port: 443,
    fqdn: `${EAST}.${API}`,
    resourcePath: "/live",
    enableSni: true,
    failureThreshold: 1,
  }),
  alarmCheck({ id: "switch", alarmRegion: WEST, alarmName: "stood-down" }),
];

/** Two regions with an API of two routes, a global table, a queue each, and a stand-down switch in the standby. */
export function smallTopology(overrides: Partial<Topology> = {}): Topology {
  return {
    accountId: ACCOUNT,
    regions: [regionOf(EAST), regionOf(WEST)],
    tables: [table],
    secrets: [],
    healthChecks: CHECKS,
    records: RECORDS,
    alarms: [declaredAlarm()],
    ...overrides,
  };
}

/** The same with a function in the standby that calls the API's name every minute. */
export function watchedTopology(): Topology {
  const watch = declaredFunction(
    { "index.js": WATCH },
    {
      arn: `arn:aws:lambda:${WEST}:${ACCOUNT}:function:shop-watch`,
      functionName: "shop-watch",
      environment: { API_URL: `https://${API}/live?from=watch` },
    },
  );
  return smallTopology({ regions: [regionOf(EAST), regionOf(WEST, watch)] });
}

export const SPEED = 20;

/** What a local AWS of a small topology is made of. */
export const smallProps = (topology: Topology, props: Partial<LocalAwsProps> = {}): LocalAwsProps => ({
  topology,
  pace: new Pace(SPEED),
  random: seededRandom(5),
  lag: { medianMs: 5, p99Ms: 20 },
  note: () => {},
  ...props,
});

/** Not started; stop it in any case. */
export const smallAws = (topology: Topology, props: Partial<LocalAwsProps> = {}): LocalAws =>
  new LocalAws(smallProps(topology, props));
