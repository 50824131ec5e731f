import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { Callers } from "../aws-endpoints/permissions";
import { Authority } from "../certificates/authority";
import type { Directory } from "../clients/customer";
import { Engine } from "../dynamodb/engine";
import { Replication, type ReplicationLag } from "../dynamodb/replication";
import type { Breakable } from "../faults/faults";
import { TokenIssuer } from "../jwt/issuer";
import { RuntimeApi } from "../lambda/runtime-api";
import type { Pace } from "../pace";
import { DnsServer } from "../route53/dns-server";
import { HealthChecks } from "../route53/health-checks";
import { makeProbe } from "../route53/probe";
import { Resolver } from "../route53/resolver";
import type { Random } from "../seeded-random";
import type { Topology } from "../topology/topology";
import { Vendor } from "../vendor/vendor";
import { type FailoverPair, failoverPair } from "./failover-pair";
import { RegionWorld } from "./region-world";

/** As AWS describes global tables: usually within a second. */
export const USUAL_LAG: ReplicationLag = { medianMs: 600, p99Ms: 2_000 };

export interface WorldProps {
  readonly topology: Topology;
  readonly pace: Pace;
  readonly random: Random;
  readonly lag: ReplicationLag;
  readonly signal: AbortSignal;
  readonly note: (region: string, text: string) => void;
}

/** Everything that a topology declares, standing on this machine. */
export class World implements Breakable, Directory {
  readonly pair: FailoverPair;
  readonly vendor: Vendor;
  readonly engines = new Map<string, Engine>();
  readonly regions = new Map<string, RegionWorld>();
  private readonly issuers = new Map<string, TokenIssuer>();
  private readonly addresses = new Map<string, RegionWorld>();
  private readonly runtimeApi = new RuntimeApi();
  private authorityInUse: Authority | undefined;
  private replicationInUse: Replication | undefined;
  private dns: DnsServer | undefined;
  private checks: HealthChecks | undefined;
  private resolver: Resolver | undefined;

  constructor(private readonly props: WorldProps) {
    setMaxListeners(0, props.signal);
    this.pair = failoverPair(props.topology);
    this.vendor = new Vendor(this.vendorKey);
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
    return started(this.checks);
  }

  get caPem(): string {
    return started(this.authorityInUse).caPem;
  }

  async start(): Promise<void> {
    const { topology, pace, random, lag, note } = this.props;
    await this.startIssuers();
    const [authority, outsideUrl] = await Promise.all([
      Authority.create(),
      this.vendor.start(),
      this.runtimeApi.start(),
      this.startEngines(),
    ]);
    this.authorityInUse = authority;
    this.replicationInUse = new Replication(this.engines, pace, lag, random);
    const callers = new Callers();
    const issuers = new Map([...this.issuers].map(([url, issuer]) => [url, issuer.jwks]));
    for (const region of topology.regions) {
      const engine = started(this.engines.get(region.name));
      const { runtimeApi, replication } = this;
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
        outsideUrl,
        note,
      };
      this.regions.set(region.name, new RegionWorld(region, shared));
    }
    await Promise.all([...this.regions.values()].map((region) => region.start()));
    await this.startRoute53();
  }

  /** Ends every process and frees every port. */
  async stop(): Promise<void> {
    this.replicationInUse?.stop();
    await this.checks?.stop();
    await Promise.all([...this.regions.values()].map((region) => region.stop()));
    await Promise.all([this.dns?.stop(), this.resolver?.stop(), this.vendor.stop(), this.runtimeApi.stop()]);
    for (const engine of this.engines.values()) engine.stop();
  }

  /** A token for a customer, of whichever issuer the API believes. */
  token(subject: string): Promise<string> {
    const [authorizer] = this.pair.primary.apis.flatMap(({ routes }) =>
      routes.flatMap(({ authorizer: it }) => (it === undefined ? [] : [it])),
    );
    if (authorizer === undefined) return Promise.resolve("none-needed");
    const [audience = ""] = authorizer.audience;
    return started(this.issuers.get(authorizer.issuer)).sign({ subject, audience, expiresInSeconds: 86_400 });
  }

  /** A resolver with a cache of its own, as a customer's machine has. */
  newResolver(): Resolver {
    return new Resolver({ server: started(this.dns).address, pace: this.props.pace });
  }

  async resolve(name: string): Promise<string | undefined> {
    return (await started(this.resolver).resolve(name))?.address;
  }

  locate(address: string) {
    const region = this.addresses.get(address);
    return region === undefined ? undefined : { host: "127.0.0.1", port: region.port, region: region.region.name };
  }

  addressesByRegion(): [region: string, address: string][] {
    return [...this.addresses].map(([address, { region }]) => [region.name, address]);
  }

  /** Region to which the API's name leads now, whatever caches say. */
  async answeringRegion(): Promise<string | undefined> {
    started(this.resolver).flush();
    const address = await this.resolve(this.pair.apiName);
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
    started(this.regions.get(region)).setDynamoDbGone(true);
  }

  returnDynamoDb(region: string): void {
    started(this.regions.get(region)).setDynamoDbGone(false);
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

  private async startIssuers(): Promise<void> {
    const urls = this.props.topology.regions.flatMap(({ apis }) =>
      apis.flatMap(({ routes }) =>
        routes.flatMap(({ authorizer }) => (authorizer === undefined ? [] : [authorizer.issuer])),
      ),
    );
    for (const url of new Set(urls)) this.issuers.set(url, await TokenIssuer.create(url));
  }

  private async startEngines(): Promise<void> {
    const { topology } = this.props;
    const names = new Set([
      ...topology.regions.map(({ name }) => name),
      ...topology.tables.flatMap(({ regions }) => regions),
    ]);
    await Promise.all(
      [...names].map(async (name) => {
        const engine = new Engine();
        this.engines.set(name, engine);
        await engine.start(topology.tables.filter(({ regions }) => regions.includes(name)));
      }),
    );
  }

  private async startRoute53(): Promise<void> {
    const { topology, pace, random } = this.props;
    const targets = new Map<string, string>();
    [...this.regions.values()].forEach((region, index) => {
      const address = `192.0.2.${index + 1}`; // Documentation addresses: nothing of a drill may lead out of the machine.
      this.addresses.set(address, region);
      for (const { domains } of region.region.apis) {
        for (const { targetDomainName } of domains) targets.set(targetDomainName, address);
      }
    });
    this.checks = new HealthChecks({
      checks: topology.healthChecks,
      probe: makeProbe({
        resolve: (name) => this.resolveUncached(name),
        dial: (address) => this.locate(address),
        pace,
      }),
      pace,
      random,
      alarmState: () => "INSUFFICIENT_DATA",
    });
    this.dns = new DnsServer({
      records: topology.records,
      targets,
      isHealthy: (id) => started(this.checks).isHealthy(id),
    });
    await this.dns.start();
    this.resolver = this.newResolver();
    this.checks.start();
  }

  /** Checkers resolve at each probe. */
  private async resolveUncached(name: string): Promise<string | undefined> {
    started(this.resolver).flush();
    return this.resolve(name);
  }
}

function started<T>(it: T | undefined): T {
  if (it === undefined) throw new Error("the world must be started first");
  return it;
}
