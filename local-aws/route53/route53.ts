import type { Topology } from "../../topology/topology";
import type { ConnectionTarget } from "../https-client/connection";
import type { Pace } from "../pace";
import type { LocalRegion } from "../regions/local-region";
import type { Random } from "../seeded-random";
import { AddressBook } from "./address-book";
import { DnsServer } from "./dns-server";
import { type AlarmState, HealthChecks } from "./health-checks";
import { makeProbe } from "./probe";
import { Resolver } from "./resolver";

export interface Route53Props {
  readonly topology: Topology;
  readonly pace: Pace;
  readonly random: Random;
  readonly regions: ReadonlyMap<string, LocalRegion>;
}

const HTTPS_PORT = 443;

/** Route 53 as declared: name servers, health checkers, and the local ports of its addresses. */
export class Route53 {
  readonly healthChecks: HealthChecks;
  readonly addresses: AddressBook;
  private readonly dns: DnsServer;
  private resolver: Resolver | undefined;

  constructor(private readonly props: Route53Props) {
    const { topology, pace, random, regions } = props;
    this.addresses = new AddressBook(regions.values());
    this.healthChecks = new HealthChecks({
      checks: topology.healthChecks,
      probe: makeProbe({
        resolve: (name) => this.resolveUncached(name),
        // API Gateway's hosts serve HTTPS, on its own port alone.
        dial: (address, port) => (port === HTTPS_PORT ? this.addresses.dial(address) : undefined),
        pace,
      }),
      pace,
      random,
      alarmState: (region, name) => this.alarmState(region, name),
    });
    this.dns = new DnsServer({
      records: topology.records,
      targets: this.addresses.targets(),
      isHealthy: (id) => this.healthChecks.isHealthy(id),
    });
  }

  /** Before the regions, whose functions ask them. @returns where they are, `<address>:<port>` */
  async startNameServers(): Promise<string> {
    const { host, port } = await this.dns.start();
    this.resolver = this.newResolver();
    return `${host}:${port}`;
  }

  /** After the regions, which they look at. */
  startCheckers(): void {
    this.healthChecks.start();
  }

  async stop(): Promise<void> {
    await this.healthChecks.stop();
    await Promise.all([this.dns.stop(), this.resolver?.stop()]);
  }

  /** The name servers' answer over TCP. @returns undefined for what is no query */
  answer(packet: Buffer): Buffer | undefined {
    return this.dns.answer(packet);
  }

  /** A resolver with its own cache, such as each client machine has. */
  newResolver(): Resolver {
    return new Resolver({ server: this.dns.address, pace: this.props.pace });
  }

  /** Checkers resolve at each probe. */
  async resolveUncached(name: string): Promise<string | undefined> {
    this.resolver?.flush();
    return (await this.resolver?.resolve(name))?.address;
  }

  locate(address: string): (ConnectionTarget & { readonly region: string }) | undefined {
    return this.addresses.locate(address);
  }

  /** `INSUFFICIENT_DATA` while the region's CloudWatch is out of reach. */
  private alarmState(regionName: string, alarmName: string): AlarmState {
    const region = this.props.regions.get(regionName);
    return (region?.hasCloudWatch === true ? region.alarms.stateOf(alarmName) : undefined) ?? "INSUFFICIENT_DATA";
  }
}
