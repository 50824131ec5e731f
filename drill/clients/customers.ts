import { setMaxListeners } from "node:events";
import type { LocalAws } from "../../local-aws/local-aws";
import { Pace } from "../../local-aws/pace";
import type { Random } from "../../local-aws/seeded-random";
import type { Topology } from "../../topology/topology";
import type { DrilledDeployment } from "../deployment/drilled-deployment";
import type { RequestRecord } from "../measure/history";
import type { OpenCheckout } from "../measure/untold-orders";
import { Customer, type Directory, USUAL_REQUEST_TIMEOUT_MS } from "./customer";
import { type AcknowledgedOrder, journeyFor, type ShoppingWatcher } from "./shopping";

const WARMING_CUSTOMERS = 3;
const WARMING_ROUNDS = 6;
/** Wall milliseconds that warming may take. */
const WARMING_MS = 4_000;
/** Time-outs of warming customers are real ones. */
const SLOW = new Pace(1);

/** One of so many clients keeps the address that it once got, as some do in life. */
const PINNING_SHARE = 8;

/** Declared milliseconds after which customers give a request up: what the deployment counts on, or the usual. */
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
  /** Otherwise one of so many keeps the address that it once got. */
  readonly everybodyHonoursTtl: boolean;
  /**
   * Whether time-outs are as long on the machine's clock as they are declared, for drills in which nothing is meant to run into them: a busy
   * machine that is late by some hundred milliseconds has not failed a customer.
   */
  readonly waitsInWallTime: boolean;
  readonly onRequest: (record: RequestRecord) => void;
}

/** Everybody who shops during a drill. */
export class Customers {
  readonly orders: AcknowledgedOrder[] = [];
  /** Orders that anybody was told of, those who warm the regions included. */
  readonly toldOrderIds = new Set<string>();
  readonly openCheckouts: OpenCheckout[] = [];
  /** Repeats of acknowledged checkouts, and those among them that were not answered with the same order. */
  repeats = 0;
  wrongRepeats = 0;
  private readonly aborter = new AbortController();
  private readonly customers: Customer[] = [];
  private shopping: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly topology: Topology,
    private readonly deployment: DrilledDeployment,
    private readonly pace: Pace,
    private readonly random: Random,
  ) {}

  async start({ count, everybodyHonoursTtl, waitsInWallTime, onRequest }: Clientele): Promise<void> {
    const { deployment, pace, random } = this;
    const { aws, target } = deployment;
    const requestTimeoutMs = clientTimeoutMs(this.topology) * (waitsInWallTime ? pace.speed : 1);
    setMaxListeners(0, this.aborter.signal);
    const journey = journeyFor(
      this.topology,
      this.watcher((order) => this.orders.push(order)),
    );
    for (let clientId = 0; clientId < count; clientId += 1) {
      const resolver = aws.newResolver();
      this.customers.push(
        new Customer({
          clientId,
          apiName: target.apiName,
          honoursTtl: everybodyHonoursTtl || (clientId + 1) % PINNING_SHARE !== 0,
          requestTimeoutMs,
          userId: `customer-${clientId}`,
          token: await deployment.token(`customer-${clientId}`),
          directory: {
            resolve: async (name) => (await resolver.resolve(name))?.address,
            connect: connectTo(aws),
          },
          pace,
          random,
          onRequest,
        }),
      );
    }
    const { signal } = this.aborter;
    this.shopping = Promise.all(
      this.customers.map(async (customer) => {
        while (!signal.aborted) await journey(customer, signal);
      }),
    );
  }

  /**
   * Sends a few customers through each region before the drill begins, since the first invocations compile the code: at a compressed time
   * they would look like an outage. What they do is in no figure; what they order is known to whoever looks at the vendor's charges.
   */
  async warmUp(): Promise<void> {
    const { deployment, random } = this;
    const { aws, target } = deployment;
    const aborter = new AbortController();
    const { signal } = aborter;
    setMaxListeners(0, signal);
    const timer = setTimeout(() => aborter.abort(), WARMING_MS);
    const journey = journeyFor(this.topology, { ...this.watcher(() => {}), onRepeat: () => {} }, { least: 0, most: 0 });
    const visits = aws.addressesByRegion().flatMap(([region, address]) =>
      Array.from({ length: WARMING_CUSTOMERS }, async (_, index) => {
        const customer = new Customer({
          clientId: index,
          apiName: target.apiName,
          honoursTtl: true,
          requestTimeoutMs: USUAL_REQUEST_TIMEOUT_MS,
          userId: `warming-${region}-${index}`,
          token: await deployment.token(`warming-${region}-${index}`),
          directory: { resolve: async () => address, connect: connectTo(aws) },
          pace: SLOW,
          random,
          onRequest: () => {},
        });
        for (let round = 0; round < WARMING_ROUNDS && !signal.aborted; round += 1) await journey(customer, signal);
        customer.close();
      }),
    );
    await Promise.all(visits);
    clearTimeout(timer);
  }

  private watcher(keep: (order: AcknowledgedOrder) => void): ShoppingWatcher {
    return {
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

  /** Lets nobody begin anything new, and waits for what is under way. */
  async stop(): Promise<void> {
    this.aborter.abort();
    await this.shopping;
    for (const customer of this.customers) customer.close();
  }
}
