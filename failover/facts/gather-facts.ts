import type { Deployment, DeploymentRegion } from "../../config/deployment";
import { type Asking, QuestionError } from "../answer";
import type { DataPoint, Metric, Names, Outside, Reach, RegionalAws } from "../ports";
import type { EndpointAnswer, Facts, LiveAnswer, RegionFacts, SwitchFacts, SwitchVerdict } from "./facts";

/** How far back replication latency is looked at. */
export const REPLICATION_MINUTES = 5;
/** How far back the switch's last data point is looked for: CloudWatch returns 1,440 data points at most. */
const SWITCH_MINUTES = 23 * 60;

/**
 * Asks everything at once. DNS answers, HTTPS, metrics, messages and items are data planes; the two reads of alarms are of each region's
 * own CloudWatch, and nothing depends on them. Route 53's API, which lives in one region, is not called: its verdicts are read from DNS.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/appendix-b---edge-network-global-service-guidance.html
 */
export async function gatherFacts(deployment: Deployment, outside: Outside, ask: Asking): Promise<Facts> {
  const { primary, secondary, failover, settings } = deployment;
  const { reach, names } = outside;
  const api = settings.apiDomainName;
  const regionFacts = (region: DeploymentRegion, peer: DeploymentRegion) =>
    gatherRegion(deployment, region, peer, outside, ask);
  const verdict = <T extends string>(name: string, expected: readonly T[]) =>
    ask((signal) => readVerdict(names, name, expected, signal));
  const [ofPrimary, ofSecondary, endpointVerdict, ofSwitch, live, canonicalName, addresses] = await Promise.all([
    regionFacts(primary, secondary),
    regionFacts(secondary, primary),
    verdict(failover.endpointVerdictName, ["healthy", "unhealthy"]),
    gatherSwitch(deployment, outside, ask),
    ask((signal) => askLive(reach, api, signal)),
    ask(async (signal) => (await names.lookUp(api, "CNAME", signal))[0]),
    ask((signal) => names.lookUp(api, "A", signal)),
  ]);
  return {
    apiDomainName: api,
    primary: ofPrimary,
    secondary: ofSecondary,
    endpointVerdict,
    switch: ofSwitch,
    live,
    canonicalName,
    addresses,
  };
}

async function gatherSwitch({ failover, secondary }: Deployment, outside: Outside, ask: Asking): Promise<SwitchFacts> {
  const aws = outside.cloud.region(secondary.name);
  const [verdict, alarm, lastDataPoint] = await Promise.all([
    ask((signal) => askSwitchVerdict(outside.names, failover.switchVerdictName, signal)),
    ask((signal) => aws.alarm(failover.switchAlarmName, signal)),
    ask((signal) => askLastDataPoint(aws, switchMetric(failover), signal)),
  ]);
  return { verdict, alarm, lastDataPoint };
}

/** The newest minute of the switch's metric that has data: its maximum is what its alarm goes by. */
export async function askLastDataPoint(
  aws: RegionalAws,
  metric: Metric,
  signal: AbortSignal,
): Promise<DataPoint | undefined> {
  return (await aws.dataPoints(metric, SWITCH_MINUTES, signal)).at(-1);
}

/** The switch: 1 stands the primary down, 0 releases it. */
export function switchMetric(failover: Deployment["failover"]): Metric {
  return {
    namespace: failover.metricNamespace,
    name: failover.switchMetricName,
    dimensions: failover.dimensions,
  };
}

async function gatherRegion(
  { settings, tableNames, queueNames, namePrefix, regions }: Deployment,
  region: DeploymentRegion,
  peer: DeploymentRegion,
  { reach, cloud }: Outside,
  ask: Asking,
): Promise<RegionFacts> {
  const aws = cloud.region(region.name);
  const [endpoint, payments, deadLetters, ringingAlarms, unpaid, replication] = await Promise.all([
    ask((signal) => askEndpoint(reach, region.domainName, settings.healthCheck.path, signal)),
    ask((signal) => aws.queueDepth(queueNames.payments, signal)),
    ask((signal) => aws.queueDepth(queueNames.deadLetters, signal)),
    ask((signal) => aws.ringingAlarms(`${namePrefix}-`, signal)),
    Promise.all(
      regions.map(async ({ name: unpaidRegion }) => ({
        unpaidRegion,
        count: await ask((signal) => aws.unpaidOrders(tableNames.orders, unpaidRegion, signal)),
      })),
    ),
    Promise.all(
      [tableNames.checkout, tableNames.orders].map(async (tableName) => ({
        tableName,
        toRegion: peer.name,
        latencyMs: await ask((signal) => longestReplicationMs(aws, tableName, peer.name, signal)),
      })),
    ),
  ]);
  return { name: region.name, role: region.role, endpoint, replication, payments, deadLetters, unpaid, ringingAlarms };
}

export async function askEndpoint(
  reach: Reach,
  domainName: string,
  path: string,
  signal: AbortSignal,
): Promise<EndpointAnswer> {
  const { status, tookMs } = await reach.get(domainName, path, signal);
  return { status, tookMs };
}

/** Which region answers the API's name: the body of `/live` names it. */
export async function askLive(reach: Reach, apiDomainName: string, signal: AbortSignal): Promise<LiveAnswer> {
  const { status, body, tookMs } = await reach.get(apiDomainName, "/live", signal);
  return { status, region: regionIn(body), tookMs };
}

function regionIn(body: string): string | undefined {
  try {
    const region: unknown = (JSON.parse(body) as { region?: unknown } | null)?.region;
    return typeof region === "string" ? region : undefined;
  } catch {
    return undefined;
  }
}

/** Route 53's verdict for the switch. */
export function askSwitchVerdict(names: Names, name: string, signal: AbortSignal): Promise<SwitchVerdict> {
  return readVerdict(names, name, ["in service", "stood down"], signal);
}

async function readVerdict<T extends string>(
  names: Names,
  name: string,
  expected: readonly T[],
  signal: AbortSignal,
): Promise<T> {
  const [text] = await names.lookUp(name, "TXT", signal);
  const verdict = expected.find((candidate) => candidate === text);
  if (verdict !== undefined) return verdict;
  const wanted = expected.map((candidate) => `"${candidate}"`).join(" or ");
  const got = text === undefined ? "no such record" : JSON.stringify(text);
  throw new QuestionError(
    text === undefined ? "no TXT record" : "another text",
    `TXT ${name}: expected ${wanted}; got ${got}; is the failover-dns stack of this deployment applied?`,
    true,
  );
}

/**
 * DynamoDB reports replication where it starts, in the source region. The newest minutes alone are taken, however many the period of
 * the question holds.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_monitoring.html
 */
async function longestReplicationMs(
  aws: RegionalAws,
  tableName: string,
  receivingRegion: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const metric: Metric = {
    namespace: "AWS/DynamoDB",
    name: "ReplicationLatency",
    dimensions: { TableName: tableName, ReceivingRegion: receivingRegion },
  };
  const points = await aws.dataPoints(metric, REPLICATION_MINUTES, signal);
  const newest = points.slice(-REPLICATION_MINUTES).map(({ value }) => value);
  return newest.length === 0 ? undefined : Math.max(...newest);
}
