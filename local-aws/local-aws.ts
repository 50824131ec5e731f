import { randomUUID } from "node:crypto";
import type { Api, MetricAlarm, Topology } from "../topology/topology";
import { Callers } from "./aws-endpoints/permissions";
import { Authority } from "./certificates/authority";
import { MetricClock } from "./cloudwatch/metric-clock";
import type { Engine } from "./dynamodb/engine";
import { Replication, type ReplicationLag } from "./dynamodb/replication";
import { startEngines } from "./dynamodb/start-engines";
import type { FrontDoor } from "./front-door/front-door";
import { wayIn } from "./front-door/way-in";
import { Connection } from "./https-client/connection";
import { TokenDesk } from "./jwt/token-desk";
import { RuntimeApi } from "./lambda/runtime-api";
import type { Pace } from "./pace";
import { LocalRegion } from "./regions/local-region";
import { declaredHosts } from "./regions/outside-urls";
import type { HealthChecks } from "./route53/health-checks";
import type { Resolver } from "./route53/resolver";
import { Route53 } from "./route53/route53";
import type { Random } from "./seeded-random";
import { Vendor } from "./vendor/vendor";

/**
 * Assumed lag of global tables. AWS says usually within a second, and promises nothing.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export const USUAL_LAG: ReplicationLag = { medianMs: 600, p99Ms: 2_000 };

export interface LocalAwsProps {
  readonly topology: Topology;
  readonly pace: Pace;
  readonly random: Random;
  readonly lag: ReplicationLag;
  /** Receives what functions wrote and which calls were denied, by region. */
  readonly note: (region: string, text: string) => void;
  /**
   * Regions whose functions have no environment before their first invocation, as after a long time without requests.
   * @default none; each function behind an API or a queue has one warm environment
   */
  readonly coldRegions?: readonly string[];
  /**
   * Port on 127.0.0.1 of the front door.
   * @default 0, any free port
   */
  readonly operatorPort?: number;
}

/**
 * Runs on this machine what a topology declares: regions with their endpoints, functions and APIs, replication between them, and Route 53.
 * Each region, service or replication stream can be taken away and brought back.
 */
export class LocalAws {
  readonly vendor: Vendor;
  readonly engines = new Map<string, Engine>();
  readonly regions = new Map<string, LocalRegion>();
  private readonly tokenDesk: TokenDesk;
  private readonly runtimeApi = new RuntimeApi();
  private readonly callers = new Callers();
  private readonly metricClock: MetricClock;
  private readonly frontDoor: FrontDoor;
  private frontDoorUrl: string | undefined;
  private authorityInUse: Authority | undefined;
  private replicationInUse: Replication | undefined;
  private route53InUse: Route53 | undefined;

  constructor(private readonly props: LocalAwsProps) {
    this.vendor = new Vendor(this.vendorKey);
    this.tokenDesk = new TokenDesk(props.topology);
    this.metricClock = new MetricClock(props.pace.speed);
    this.frontDoor = wayIn({
      port: props.operatorPort ?? 0,
      regions: this.regions,
      resolve: (host) => this.route53.resolveUncached(host),
      locate: (address) => this.route53.locate(address),
      caPem: () => this.authority.caPem,
      answerDns: (packet) => this.route53.answer(packet),
      operatorAccessKeyId: this.callers.operatorAccessKeyId,
      note: (text) => props.note("outside", text),
    });
  }

  private readonly vendorKey = `vendor-${randomUUID()}`;

  get replication(): Replication {
    return started(this.replicationInUse);
  }

  get healthChecks(): HealthChecks {
    return this.route53.healthChecks;
  }

  private get route53(): Route53 {
    return started(this.route53InUse);
  }

  private get authority(): Authority {
    return started(this.authorityInUse);
  }

  /** URL of the front door, for operators: `http://127.0.0.1:<port>`. */
  get operatorUrl(): string {
    return started(this.frontDoorUrl);
  }

  async start(): Promise<void> {
    const { topology, pace, random, lag, coldRegions = [] } = this.props;
    const [authority, vendorUrl, frontDoorUrl] = await Promise.all([
      Authority.create(),
      this.vendor.start(),
      this.frontDoor.start(),
      this.tokenDesk.start(),
      this.runtimeApi.start(),
      startEngines(topology, this.engines),
    ]);
    this.authorityInUse = authority;
    this.frontDoorUrl = frontDoorUrl;
    this.replicationInUse = new Replication(this.engines, pace, lag, random);
    this.replicationInUse.onApplied = ({ tableName, from, to }, latencyMs) =>
      this.regions.get(from)?.ownMetrics.replicated(tableName, to, latencyMs);
    this.defineRegions(vendorUrl, frontDoorUrl);
    this.route53InUse = new Route53({ topology, pace, random, regions: this.regions });
    const nameServer = await this.route53.startNameServers();
    const starting = [...this.regions].map(([name, region]) => region.start(nameServer, coldRegions.includes(name)));
    await Promise.all(starting);
  }

  private defineRegions(vendorUrl: string, frontDoorUrl: string): void {
    const { topology, pace, random, note } = this.props;
    const { runtimeApi, replication, callers, metricClock, authority } = this;
    const issuers = this.tokenDesk.keys();
    const outsideUrls = { vendorUrl, frontDoorUrl, declaredHosts: declaredHosts(topology) };
    const secretValue = () => this.vendorKey;
    for (const region of topology.regions) {
      const engine = started(this.engines.get(region.name));
      const shared = { topology, pace, random, authority, issuers, callers, runtimeApi, engine, replication };
      const surroundings = { ...shared, secretValue, metricClock, outsideUrls, note };
      this.regions.set(region.name, new LocalRegion(region, surroundings));
    }
  }

  /** Restarts the clock and starts the health checkers. Nothing is late before, however long the start took. */
  open(): void {
    this.props.pace.restart();
    this.route53.startCheckers();
  }

  /** Ends every process and frees every port. */
  async stop(): Promise<void> {
    this.replicationInUse?.stop();
    await this.route53InUse?.healthChecks.stop();
    await Promise.all([...this.regions.values()].map((region) => region.stop()));
    await Promise.all([this.frontDoor.stop(), this.route53InUse?.stop(), this.vendor.stop(), this.runtimeApi.stop()]);
    for (const engine of this.engines.values()) engine.stop();
  }

  /** A token for a subject, of the issuer that these APIs accept. */
  token(apis: readonly Api[], subject: string): Promise<string> {
    return this.tokenDesk.token(apis, subject);
  }

  /** A resolver with its own cache, such as each client machine has. */
  newResolver(): Resolver {
    return this.route53.newResolver();
  }

  /** The region at an address; undefined for an address of nobody. */
  regionAt(address: string): string | undefined {
    return this.route53.locate(address)?.region;
  }

  /**
   * An HTTPS client's connection to an address; it verifies the certificate for the server name.
   * @returns undefined for an address of nobody
   */
  connect(address: string, serverName: string): Connection | undefined {
    const target = this.route53.locate(address);
    return target === undefined ? undefined : new Connection(target, serverName, this.authority.caPem);
  }

  addressesByRegion(): [region: string, address: string][] {
    return this.route53.addresses.byRegion();
  }

  /** Region that the name servers answer with now for a name; undefined when there is no answer. Caches are bypassed. */
  async regionAnsweredFor(name: string): Promise<string | undefined> {
    const address = await this.route53.resolveUncached(name);
    return address === undefined ? undefined : this.regionAt(address);
  }

  /** Nothing of the region answers, runs or replicates: connections hang, or are refused. */
  loseRegion(region: string, how: "blackhole" | "refuse"): void {
    this.replication.pause(region);
    this.region(region).lose(how);
  }

  returnRegion(region: string): void {
    this.region(region).recover();
    this.replication.resume(region);
  }

  /** The region's DynamoDB endpoint refuses connections; everything else answers. */
  loseDynamoDb(region: string): void {
    this.region(region).endpoints.setFault("dynamodb", "refuse");
  }

  returnDynamoDb(region: string): void {
    this.region(region).endpoints.setFault("dynamodb", "none");
  }

  /** The region's CloudWatch is out of reach: calls hang, its alarms are not evaluated, and checks that follow them have no data. */
  loseCloudWatch(region: string): void {
    this.region(region).endpoints.setFault("monitoring", "hang");
  }

  returnCloudWatch(region: string): void {
    this.region(region).endpoints.setFault("monitoring", "none");
  }

  /** This share of the region's requests fails, from 0 to 1. */
  failShare(region: string, share: number): void {
    this.region(region).listener.setFault(share === 0 ? "none" : { failShare: share });
  }

  /** The function behind a route fails on every invocation. */
  breakFunctionOf(region: string, routeKey: string): void {
    this.region(region).breakFunctionOf(routeKey);
  }

  repairFunctions(region: string): void {
    this.region(region).repairFunctions();
  }

  /** DynamoDB throttles every write of the region while reads work. */
  throttleWrites(region: string): void {
    this.region(region).throttleWrites(true);
  }

  admitWrites(region: string): void {
    this.region(region).throttleWrites(false);
  }

  /** Names of the region's alarms in the state ALARM. */
  ringingAlarms(region: string): readonly string[] {
    const all = this.region(region).alarms.all();
    return all.filter(({ state }) => state === "ALARM").map(({ alarm }) => alarm.name);
  }

  pauseReplication(region: string): void {
    this.replication.pause(region);
  }

  resumeReplication(region: string): void {
    this.replication.resume(region);
  }

  vendorGoesAway(): void {
    this.vendor.goAway();
  }

  vendorComesBack(): void {
    this.vendor.comeBack();
  }

  /**
   * Puts a data point into the metric of an alarm.
   * @returns false when the CloudWatch of the alarm's region is out of reach
   */
  putMetric(alarm: MetricAlarm, value: number): boolean {
    const region = this.regions.get(alarm.region);
    if (region?.hasCloudWatch !== true) return false;
    region.metrics.put(alarm, value);
    return true;
  }

  /** Calls back for each data point of an alarm's metric, whoever put it. The regions must have been started. */
  onMetric(alarm: MetricAlarm, onValue: (value: number) => void): void {
    this.regions.get(alarm.region)?.metrics.onPut(alarm, onValue);
  }

  /** Whether Route 53 finds every check on a host name of the region healthy. */
  isEndpointHealthy(region: string): boolean {
    const names = this.regions.get(region)?.region.apis.flatMap(({ domains }) => domains.map((it) => it.domainName));
    return this.props.topology.healthChecks
      .filter((check) => "fqdn" in check && names?.includes(check.fqdn))
      .every(({ id }) => this.healthChecks.isHealthy(id));
  }

  /** Whether every write of the region has reached its replicas. */
  isDrained(region: string): boolean {
    return !this.replication.pendingWrites().some(({ from }) => from === region);
  }

  /** Changes a service quota of one region, such as `lambda`, `L-B99A9384`. */
  setQuota(region: string, serviceCode: string, quotaCode: string, value: number): void {
    this.region(region).quotas.set(serviceCode, quotaCode, value);
  }

  private region(name: string): LocalRegion {
    return started(this.regions.get(name));
  }
}

function started<T>(it: T | undefined): T {
  if (it === undefined) throw new Error("the local AWS must be started first");
  return it;
}
