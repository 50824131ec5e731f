import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { type FailoverPair, failoverPair } from "../../drill/failover-pair";
import type { Breakable } from "../../drill/faults/faults";
import { Switchboard } from "../../drill/switch/switchboard";
import type { Topology } from "../../topology/topology";
import { Callers } from "../aws-endpoints/permissions";
import { Authority } from "../certificates/authority";
import { MetricClock } from "../cloudwatch/metric-clock";
import type { Engine } from "../dynamodb/engine";
import { Replication, type ReplicationLag } from "../dynamodb/replication";
import { startEngines } from "../dynamodb/start-engines";
import type { FrontDoor } from "../front-door/front-door";
import { TokenDesk } from "../jwt/token-desk";
import { RuntimeApi } from "../lambda/runtime-api";
import type { Pace } from "../pace";
import type { HealthChecks } from "../route53/health-checks";
import type { Resolver } from "../route53/resolver";
import { Route53 } from "../route53/route53";
import type { Random } from "../seeded-random";
import { Vendor } from "../vendor/vendor";
import { declaredHosts } from "./outside-urls";
import { RegionWorld } from "./region-world";
import { wayIn } from "./way-in";

/** As AWS describes global tables: usually within a second. */
export const USUAL_LAG: ReplicationLag = { medianMs: 600, p99Ms: 2_000 };

export interface WorldProps {
  readonly topology: Topology;
  readonly pace: Pace;
  readonly random: Random;
  readonly lag: ReplicationLag;
  readonly signal: AbortSignal;
  readonly note: (region: string, text: string) => void;
  /**
   * Port on 127.0.0.1 of the front door.
   * @default 0, any that is free
   */
  readonly operatorPort?: number;
}

/** Everything that a topology declares, standing on this machine. */
export class World implements Breakable {
  readonly pair: FailoverPair;
  readonly vendor: Vendor;
  readonly switchboard: Switchboard;
  /** Told when the recovery point is to be taken. */
  onRecoveryPoint: () => void = () => {};
  readonly engines = new Map<string, Engine>();
  readonly regions = new Map<string, RegionWorld>();
  private readonly tokenDesk: TokenDesk;
  private readonly runtimeApi = new RuntimeApi();
  private readonly callers = new Callers();
  private readonly metricClock: MetricClock;
  private readonly frontDoor: FrontDoor;
  private frontDoorUrl: string | undefined;
  private authorityInUse: Authority | undefined;
  private replicationInUse: Replication | undefined;
  private route53InUse: Route53 | undefined;

  constructor(private readonly props: WorldProps) {
    setMaxListeners(0, props.signal);
    this.pair = failoverPair(props.topology);
    this.vendor = new Vendor(this.vendorKey);
    this.tokenDesk = new TokenDesk(props.topology);
    this.metricClock = new MetricClock(props.pace.speed);
    this.switchboard = new Switchboard(props.topology, this.pair.primaryRecord, this.regions);
    this.frontDoor = wayIn({
      port: props.operatorPort ?? 0,
      regions: this.regions,
      resolve: (host) => this.route53.resolveUncached(host),
      locate: (address) => this.locate(address),
      caPem: () => this.caPem,
      answerDns: (packet) => this.route53.answer(packet),
      operatorAccessKeyId: this.callers.operatorAccessKeyId,
      note: (text) => props.note("outside", text),
    });
  }

  private readonly vendorKey = `vendor-${randomUUID()}`;

  get primaryRegion(): string {
    return this.pair.primary.name;
  }

  get secondaryRegion(): string {
    return this.pair.secondary.name;
  }

  get replication(): Replication {
    return started(this.replicationInUse);
  }

  get healthChecks(): HealthChecks {
    return this.route53.healthChecks;
  }

  private get route53(): Route53 {
    return started(this.route53InUse);
  }

  get caPem(): string {
    return started(this.authorityInUse).caPem;
  }

  /** Where operators find the front door: `http://127.0.0.1:<port>`. */
  get operatorUrl(): string {
    return started(this.frontDoorUrl);
  }

  async start(): Promise<void> {
    const { topology, pace, random, lag, note } = this.props;
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
    const issuers = this.tokenDesk.keys();
    for (const region of topology.regions) {
      const engine = started(this.engines.get(region.name));
      const { runtimeApi, replication, callers, metricClock } = this;
      const secretValue = () => this.vendorKey;
      const shared = {
        topology,
        pace,
        random,
        authority,
        issuers,
        callers,
        runtimeApi,
        engine,
        replication,
        secretValue,
        metricClock,
        outsideUrls: { vendorUrl, frontDoorUrl, declaredHosts: declaredHosts(topology) },
        note,
      };
      this.regions.set(region.name, new RegionWorld(region, shared));
    }
    this.route53InUse = new Route53({ topology, pace, random, regions: this.regions });
    const nameServer = await this.route53.startNameServers();
    await Promise.all([...this.regions.values()].map((region) => region.start(nameServer)));
    this.switchboard.watch();
  }

  /** The drill begins: its clock starts, and checkers do. Until now nothing was late, however long it took. */
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

  /** A token for a customer, of whichever issuer the API believes. */
  token(subject: string): Promise<string> {
    return this.tokenDesk.token(this.pair.primary.apis, subject);
  }

  /** A resolver with a cache of its own, as a customer's machine has. */
  newResolver(): Resolver {
    return this.route53.newResolver();
  }

  locate(address: string) {
    return this.route53.locate(address);
  }

  addressesByRegion(): [region: string, address: string][] {
    return this.route53.addresses.byRegion();
  }

  /** Region to which the API's name leads now, whatever caches say. */
  async answeringRegion(): Promise<string | undefined> {
    const address = await this.route53.resolveUncached(this.pair.apiName);
    return address === undefined ? undefined : this.locate(address)?.region;
  }

  loseRegion(region: string, how: "blackhole" | "refuse"): void {
    this.replication.pause(region);
    started(this.regions.get(region)).lose(how);
  }

  returnRegion(region: string): void {
    started(this.regions.get(region)).recover();
    this.replication.resume(region);
  }

  loseDynamoDb(region: string): void {
    started(this.regions.get(region)).endpoints.setFault("dynamodb", "refuse");
  }

  returnDynamoDb(region: string): void {
    started(this.regions.get(region)).endpoints.setFault("dynamodb", "none");
  }

  /** Nobody reaches the region's CloudWatch: calls hang, its alarms do not look, and checks that follow them have no data. */
  loseCloudWatch(region: string): void {
    started(this.regions.get(region)).endpoints.setFault("monitoring", "hang");
  }

  returnCloudWatch(region: string): void {
    started(this.regions.get(region)).endpoints.setFault("monitoring", "none");
  }

  get hasSwitch(): boolean {
    return this.switchboard.isDeclared;
  }

  putSwitch(value: 0 | 1): boolean {
    return this.switchboard.put(value);
  }

  markRecoveryPoint(): void {
    this.onRecoveryPoint();
  }

  isEndpointHealthy(region: string): boolean {
    const { topology } = this.props;
    const names = this.regions.get(region)?.region.apis.flatMap(({ domains }) => domains.map((it) => it.domainName));
    return topology.healthChecks
      .filter((check) => "fqdn" in check && names?.includes(check.fqdn))
      .every(({ id }) => this.healthChecks.isHealthy(id));
  }

  isDrained(region: string): boolean {
    return !this.replication.pendingWrites().some(({ from }) => from === region);
  }

  /** Changes a service quota of one region, such as `lambda`, `L-B99A9384`. */
  setQuota(region: string, serviceCode: string, quotaCode: string, value: number): void {
    started(this.regions.get(region)).quotas.set(serviceCode, quotaCode, value);
  }

  failShare(region: string, share: number): void {
    started(this.regions.get(region)).listener.setFault(share === 0 ? "none" : { failShare: share });
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

  wait(seconds: number): Promise<void> {
    return this.props.pace.wait(seconds * 1_000, this.props.signal);
  }
}

function started<T>(it: T | undefined): T {
  if (it === undefined) throw new Error("the world must be started first");
  return it;
}
