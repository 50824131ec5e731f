import { setMaxListeners } from "node:events";
import type { LocalAws } from "../../local-aws/local-aws";
import { Pace } from "../../local-aws/pace";
import type { Random } from "../../local-aws/seeded-random";
import type { Topology } from "../../topology/topology";
import type { DrilledDeployment } from "../deployment/drilled-deployment";
import type { ClientKind } from "../measure/client-kinds";
import type { RequestRecord } from "../measure/history";
import type { CartPut } from "../measure/lost-puts";
import type { ColdStandby } from "../measure/result";
import type { OpenCheckout } from "../measure/untold-orders";
import { Customer, type CustomerProps, type Directory, USUAL_REQUEST_TIMEOUT_MS } from "./customer";
import {
  type AcknowledgedOrder,
  type Habits,
  type Journey,
  journeyFor,
  SECOND_DEVICE_HABITS,
  type ShoppingWatcher,
  USUAL_HABITS,
} from "./shopping";

const WARMING_CUSTOMERS = 3;
const WARMING_ROUNDS = 6;
/** Price of a drill's first line, in the currency's minor unit. */
const LEAST_PRICE_MINOR = 500;
/** Longest warm-up in wall milliseconds. */
const WARMING_MS = 4_000;
/** Warm-up requests have real-time time-outs. */
const SLOW = new Pace(1);

/** Kinds of eight clients, in turn. No source says how many of a deployment's clients are of each kind. */
const KINDS: readonly ClientKind[] = ["ttl", "pooled", "ttl", "browser", "ttl", "browser", "ttl", "pinned"];

/** Time-out of a client's request in declared milliseconds: the deployment's own, or the default. */
export function clientTimeoutMs({ objectives }: Topology): number {
  const { clientTimeoutSeconds } = objectives ?? {};
  return clientTimeoutSeconds === undefined ? USUAL_REQUEST_TIMEOUT_MS : clientTimeoutSeconds * 1_000;
}

/** How clients reach an address of the local AWS. */
const connectTo =
  (aws: LocalAws): Directory["connect"] =>
  (address, serverName) => {
    const connection = aws.connect(address, serverName);
    const region = aws.regionAt(address);
    return connection === undefined || region === undefined ? undefined : { connection, region };
  };

export interface Clientele {
  readonly count: number;
  /** Otherwise half of the clients do. */
  readonly everybodyHonoursTtl: boolean;
  /**
   * Whether time-outs are not compressed. Set it for drills in which no request is expected to time out: a busy machine that answers some
   * hundred milliseconds late is not a failed request.
   */
  readonly waitsInWallTime: boolean;
  /** Whether each customer has a second device, which calls a standby by its address. */
  readonly everyRegionWritten?: boolean;
  readonly onRequest: (record: RequestRecord) => void;
}

/** All clients of a drill. */
export class Customers {
  readonly userIds: string[] = [];
  /** Every cart line that was sent, but those of the warm-up. */
  readonly puts: CartPut[] = [];
  readonly orders: AcknowledgedOrder[] = [];
  /** Every acknowledged order, including those of the warm-up. */
  readonly toldOrderIds = new Set<string>();
  readonly openCheckouts: OpenCheckout[] = [];
  /** Retries of acknowledged checkouts, and those that were answered with another order. */
  repeats = 0;
  wrongRepeats = 0;
  private readonly aborter = new AbortController();
  private readonly shoppers: { readonly customer: Customer; readonly journey: Journey }[] = [];
  private shopping: Promise<unknown> = Promise.resolve();
  private lines = 0;
  private readonly newPriceMinor = () => LEAST_PRICE_MINOR + this.lines++;

  constructor(
    private readonly topology: Topology,
    private readonly deployment: DrilledDeployment,
    private readonly pace: Pace,
    private readonly random: Random,
  ) {}

  async start(clientele: Clientele): Promise<void> {
    const { count, everyRegionWritten } = clientele;
    const watcher = this.watcher((order) => this.orders.push(order));
    const journey = journeyFor(this.topology, watcher);
    const secondJourney = journeyFor(this.topology, watcher, SECOND_DEVICE_HABITS);
    setMaxListeners(0, this.aborter.signal);
    for (let clientId = 0; clientId < count; clientId += 1) {
      const userId = `customer-${clientId}`;
      this.userIds.push(userId);
      await this.add(clientele, { clientId, userId, directory: this.byName() }, journey);
      const address = everyRegionWritten === true ? this.standbyAddress(clientId) : undefined;
      if (address === undefined) continue;
      await this.add(
        clientele,
        { clientId: count + clientId, userId, directory: this.byAddress(address) },
        secondJourney,
      );
    }
    const { signal } = this.aborter;
    this.shopping = Promise.all(
      this.shoppers.map(async ({ customer, journey: rounds }) => {
        while (!signal.aborted) await rounds(customer, signal);
      }),
    );
  }

  private async add(
    { everybodyHonoursTtl, waitsInWallTime, onRequest }: Clientele,
    who: Pick<CustomerProps, "clientId" | "userId" | "directory">,
    journey: Journey,
  ): Promise<void> {
    const { deployment, pace, random, newPriceMinor } = this;
    const customer = new Customer({
      ...who,
      ...{ pace, random, newPriceMinor, onRequest },
      apiName: deployment.target.apiName,
      kind: everybodyHonoursTtl ? "ttl" : (KINDS[who.clientId % KINDS.length] ?? "ttl"),
      requestTimeoutMs: clientTimeoutMs(this.topology) * (waitsInWallTime ? pace.speed : 1),
      token: await deployment.token(who.userId),
    });
    this.shoppers.push({ customer, journey });
  }

  /** A directory with a resolver of its own, such as each client machine has. */
  private byName(): Directory {
    const { aws } = this.deployment;
    const resolver = aws.newResolver();
    return { resolve: async (name) => (await resolver.resolve(name))?.address, connect: connectTo(aws) };
  }

  private byAddress(address: string): Directory {
    return { resolve: async () => address, connect: connectTo(this.deployment.aws) };
  }

  /** Customers are spread over the standbys. */
  private standbyAddress(clientId: number): string | undefined {
    const { aws, standbyRegions } = this.deployment;
    const addresses = aws.addressesByRegion().filter(([region]) => standbyRegions.includes(region));
    return addresses[clientId % addresses.length]?.[1];
  }

  /**
   * Sends one round of requests to each standby before anything else has called it: every function that they reach is cold.
   * @returns the request that waited longest, in wall milliseconds, one without an answer before all others; undefined where none was sent
   */
  async firstAnswers(): Promise<ColdStandby | undefined> {
    const { aws, standbyRegions } = this.deployment;
    const firsts: ColdStandby[] = [];
    const onRequest = ({ startedAtMs, endedAtMs, operation, outcome }: RequestRecord) =>
      void firsts.push({ ms: endedAtMs - startedAtMs, operation, isAnswered: outcome === "acknowledged" });
    const habits = { ...USUAL_HABITS, thinkingMs: { least: 0, most: 0 }, leavingShare: Number.POSITIVE_INFINITY };
    const standbys = aws.addressesByRegion().filter(([region]) => standbyRegions.includes(region));
    await this.visit(standbys, 1, 1, habits, onRequest);
    return firsts.sort((one, other) => Number(one.isAnswered) - Number(other.isAnswered) || other.ms - one.ms)[0];
  }

  /**
   * Sends some requests to each region before the drill begins. The first invocations compile the functions' code, and in compressed time
   * that would look like an outage. These requests are in no figure; their orders are known when the vendor's charges are checked.
   */
  async warmUp(): Promise<void> {
    const habits = { ...USUAL_HABITS, thinkingMs: { least: 0, most: 0 } };
    const addresses = this.deployment.aws.addressesByRegion();
    await this.visit(addresses, WARMING_CUSTOMERS, WARMING_ROUNDS, habits, () => {});
  }

  private async visit(
    addresses: readonly [region: string, address: string][],
    customers: number,
    rounds: number,
    habits: Habits,
    onRequest: (record: RequestRecord) => void,
  ): Promise<void> {
    const { deployment, random, newPriceMinor } = this;
    const { target } = deployment;
    const aborter = new AbortController();
    const { signal } = aborter;
    setMaxListeners(0, signal);
    const timer = setTimeout(() => aborter.abort(), WARMING_MS);
    const watcher = { ...this.watcher(() => {}), onRepeat: () => {}, onPut: () => {} };
    const journey = journeyFor(this.topology, watcher, habits);
    const visits = addresses.flatMap(([region, address]) =>
      Array.from({ length: customers }, async (_, index) => {
        const customer = new Customer({
          clientId: index,
          apiName: target.apiName,
          kind: "ttl",
          requestTimeoutMs: USUAL_REQUEST_TIMEOUT_MS,
          userId: `warming-${region}-${index}`,
          token: await deployment.token(`warming-${region}-${index}`),
          directory: this.byAddress(address),
          pace: SLOW,
          random,
          newPriceMinor,
          onRequest,
        });
        for (let round = 0; round < rounds && !signal.aborted; round += 1) await journey(customer, signal);
        customer.close();
      }),
    );
    await Promise.all(visits);
    clearTimeout(timer);
  }

  private watcher(keep: (order: AcknowledgedOrder) => void): ShoppingWatcher {
    return {
      onPut: (put) => this.puts.push(put),
      onOrder: (order) => {
        this.toldOrderIds.add(order.orderId);
        keep(order);
      },
      onOpenCheckout: (userId) => this.openCheckouts.push({ userId }),
      onRepeat: (isSameOrder) => {
        this.repeats += 1;
        if (!isSameOrder) this.wrongRepeats += 1;
      },
    };
  }

  /** Starts no new requests and waits for the open ones. */
  async stop(): Promise<void> {
    this.aborter.abort();
    await this.shopping;
    for (const { customer } of this.shoppers) customer.close();
  }
}
