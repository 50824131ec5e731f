import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  MAX_RECEIVE_COUNT,
  SWEEP_OWN_AGE_SECONDS,
  SWEEP_TAKEOVER_AGE_SECONDS,
  VISIBILITY_TIMEOUT_SECONDS,
} from "../../../constructs/payments/payment-timing";
import { itemOfOrder } from "../../../handlers/adapters/order-item";
import type { Order } from "../../../handlers/domain/order";
import { SweepError } from "../../../handlers/operations/sweep";
import type { CartStore } from "../../../handlers/ports";
import { httpRequest, type RecordedMetrics, recordedMetrics } from "../events";
import { ORDERS } from "../local-dynamodb";
import { CartOracle, described } from "./cart-oracle";
import { Customers, type Shop, shownCart } from "./customers";
import type { GlobalTables } from "./global-tables";
import type { Act, Dying, History, Region } from "./history";
import { Interleaver, Process } from "./interleaver";
import { orderFaults } from "./order-faults";
import { QueueEmulator, type QueueLimits } from "./queue-emulator";
import { feed, realPorts, type ShopPorts, type ShopProps, shopOver } from "./shop";
import type { Tally } from "./tally";
import { type Purpose, TrackedCarts } from "./tracked-carts";
import type { VendorDouble } from "./vendor-double";

const MINUTE_MS = 60_000;
const QUEUE: QueueLimits = {
  visibilityTimeoutMs: VISIBILITY_TIMEOUT_SECONDS * 1_000,
  maxReceiveCount: MAX_RECEIVE_COUNT,
  retentionMs: 14 * 24 * 60 * MINUTE_MS,
};
const REGIONS: readonly Region[] = [0, 1];
const USERS = [0, 1];

/** What a world may lack, to show that it is needed. */
export interface Lacking {
  /** The condition that the order must not exist, in the write that places it; and the cart's memory of orders, which mostly prevents the same. */
  readonly placeCondition?: true;
  /** The sweep, in both regions. */
  readonly sweep?: true;
  /** The fingerprint of the cart that the customer saw, in the request. */
  readonly fingerprint?: true;
  /** The step that takes the ordered lines out of the cart. */
  readonly handOver?: true;
  /** An item of each cart for each region: both regions write one, as they did before carts were merged. */
  readonly regionalItems?: true;
}

/** A queue that refuses fails the run of a sweep; the next one tries again. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof SweepError)) throw error;
}

/** Carts that say of each change that it was made, and make none. */
const neverChanging = (carts: CartStore): CartStore =>
  Object.assign(Object.create(carts), { replace: async () => true });

/** Plays one history against two regions, then lets everything come to rest, and tells what should not be. */
export class World {
  /** Apart from every other history's, so that all can share the tables. */
  private readonly name: string;
  private readonly metrics: RecordedMetrics = recordedMetrics();
  private readonly queues: readonly [QueueEmulator, QueueEmulator];
  private readonly ports: readonly [ShopPorts, ShopPorts];
  private readonly oracle = new CartOracle();
  private readonly carts: TrackedCarts;
  private readonly customers: Customers;
  /** Orders of which the log says that their lines could not be taken out of the cart. */
  private readonly notEmptied = new Set<string>();
  private skewsMs: readonly [number, number] = [0, 0];
  private isPartitioned = false;
  private nowMs = 1_800_000_000_000;
  private lost: Region | undefined;
  private interleaver = new Interleaver([0]);

  constructor(
    private readonly tables: GlobalTables,
    private readonly vendor: VendorDouble,
    private readonly tally: Tally,
    private readonly lacking: Lacking = {},
  ) {
    tally.histories += 1;
    this.name = `h${tally.histories}`;
    this.queues = [this.queueOf(0), this.queueOf(1)];
    this.ports = [this.portsOf(0), this.portsOf(1)];
    tables.reset();
    tables.clockMs = (region) => this.clockMs(region);
    this.carts = new TrackedCarts(tables, this.oracle);
    this.customers = new Customers({
      name: this.name,
      invoke: (...invocation) => this.invoke(...invocation),
      tellsFingerprint: lacking.fingerprint !== true,
      isLeftInCart: (userId, region, orderId) =>
        lacking.placeCondition !== true &&
        !this.notEmptied.has(orderId) &&
        this.carts.isLeftInCart(userId, region, orderId),
      tally,
    });
    vendor.moved.length = 0;
  }

  /** @returns what is wrong, a sentence each; nothing when all is well */
  async play({ rounds, tape, skewsMs }: History): Promise<string[]> {
    this.skewsMs = skewsMs;
    for (const [index, round] of rounds.entries()) {
      this.vendor.mood = round.mood;
      this.lost = round.lost;
      this.isPartitioned = round.isPartitioned;
      if (round.isPartitioned) this.tally.partitions += 1;
      for (const queue of this.queues) queue.isRefusing = round.isQueueRefusing;
      this.interleaver = new Interleaver([...tape.slice(index), ...tape.slice(0, index)]);
      await this.interleaver.run(round.acts.map((act) => this.perform(act)));
      this.nowMs += round.minutesAfter * MINUTE_MS;
    }
    await this.comeToRest();
    this.tally.charges += this.vendor.moved.length;
    this.tally.swept += this.metrics.counts.OrdersSwept ?? 0;
    this.tally.conflicts += this.metrics.counts.CartConflicts ?? 0;
    this.tally.concurrentChanges += this.carts.concurrentChanges;
    return [...this.customers.faults, ...(await this.faults()), ...(await this.cartFaults())];
  }

  private clockMs(region: Region): number {
    return this.nowMs + this.skewsMs[region];
  }

  private queueOf(region: Region): QueueEmulator {
    return new QueueEmulator(QUEUE, () => this.clockMs(region));
  }

  private portsOf(region: Region): ShopPorts {
    const shared = { region: "everywhere", peerRegions: [] };
    const ports = realPorts(
      ...([this.tables, region, this.queues[region], this.vendor, this.metrics] as const),
      ...(this.lacking.regionalItems ? ([shared] as const) : []),
    );
    if (!this.lacking.placeCondition) return ports;
    const place = async (order: Order) => {
      await this.tables.clients[region].send(new PutItemCommand({ TableName: ORDERS, Item: itemOfOrder(order) }));
      return { order, created: true };
    };
    return { ...ports, orders: Object.assign(Object.create(ports.orders), { place }) };
  }

  private async perform(act: Act): Promise<void> {
    switch (act.kind) {
      case "put":
        await this.customers.put(act.user, act.region, act.sku, act.quantity);
        return;
      case "remove":
        await this.customers.remove(act.user, act.region, act.sku);
        return;
      case "buy":
        return this.customers.buy(act);
      case "reuse key":
        return this.customers.reuseKey(act.user);
      case "work":
        if (act.region !== this.lost) await this.work(act.region, (shop, event) => shop.worker(event), act.dies);
        return;
      case "sweep":
        if (!this.lacking.sweep) await this.invoke(act.region, (shop) => shop.sweep().catch(unlessRefused), act.dies);
        return;
      case "replicate":
        for (let write = 0; write < act.writes; write += 1) {
          await this.interleaver.turn(() =>
            this.tables.deliver(this.interleaver.choose(), (region) => this.isPartitioned || region === this.lost),
          );
        }
    }
  }

  /** One invocation in a process of its own, which may die at any of its steps, and does at the first one in a lost region. */
  private invoke<T>(
    region: Region,
    work: (shop: Shop) => Promise<T>,
    dies?: Dying,
    purpose?: Purpose,
  ): Promise<T | "died"> {
    const process = new Process(this.interleaver, dies, () => this.lost === region);
    const { queue, vendor } = this.ports[region];
    const tracked = this.carts.tracked(region, this.ports[region], purpose);
    const { orders } = tracked;
    const carts =
      (this.lacking.handOver ?? this.lacking.placeCondition) && purpose === "order"
        ? neverChanging(tracked.carts)
        : tracked.carts;
    const ports = {
      carts: process.port(carts),
      orders: process.port(orders),
      queue: process.port(queue),
      vendor: process.port(vendor),
    };
    const died = process.died.then((outcome) => {
      this.tally.deaths += 1;
      return outcome;
    });
    return Promise.race([work(shopOver(ports, this.props(region))), died]);
  }

  private props(region: Region): ShopProps {
    return {
      region: `${this.name}-r${region}`,
      peerRegion: `${this.name}-r${1 - region}`,
      ownAgeSeconds: SWEEP_OWN_AGE_SECONDS,
      takeoverAgeSeconds: SWEEP_TAKEOVER_AGE_SECONDS,
      nowMs: () => this.clockMs(region),
      metrics: this.metrics,
      log: (_, event, fields) => {
        if (event === "cart-not-emptied") this.notEmptied.add(String(fields?.["orderId"]));
      },
    };
  }

  private work(
    region: Region,
    worker: (shop: Shop, event: Parameters<Shop["worker"]>[0]) => ReturnType<Shop["worker"]>,
    dies?: Dying,
  ): Promise<number> {
    const queue = this.queues[region];
    return feed(
      () => queue.receive(),
      (event) => this.invoke(region, (shop) => worker(shop, event), dies),
      (messageIds) => queue.delete(messageIds),
    );
  }

  /** The vendor answers, the lost region is back, time passes, and whatever runs by itself has run often enough. */
  private async comeToRest(): Promise<void> {
    this.vendor.mood = "answers";
    this.lost = undefined;
    this.isPartitioned = false;
    for (const queue of this.queues) queue.isRefusing = false;
    for (let pass = 0; pass < 3; pass += 1) {
      await this.tables.deliverAll();
      this.nowMs += SWEEP_TAKEOVER_AGE_SECONDS * 1_000 + MINUTE_MS;
      for (const region of REGIONS) {
        const shop = shopOver(this.ports[region], this.props(region));
        const queue = this.queues[region];
        if (!this.lacking.sweep) await shop.sweep();
        while (
          (await feed(
            () => queue.receive(),
            shop.worker,
            (ids) => queue.delete(ids),
          )) > 0
        );
      }
    }
    await this.tables.deliverAll();
  }

  private async faults(): Promise<string[]> {
    const faults: string[] = [];
    const told = [...this.customers.acknowledged.values()].flat();
    const ids = new Set([...told, ...this.vendor.moved].map(({ orderId }) => orderId));
    for (const orderId of ids) {
      const [here, there] = await Promise.all(this.ports.map(({ orders }) => orders.read(orderId)));
      if (here === undefined || there === undefined) {
        faults.push(
          `order ${orderId} is lost in ${[here, there].map((order, region) => (order ? "" : region)).join("")}`,
        );
        continue;
      }
      if (JSON.stringify(here) !== JSON.stringify(there)) faults.push(`order ${orderId} differs between the regions`);
      faults.push(
        ...orderFaults(
          here,
          told.filter((one) => one.orderId === orderId),
          this.vendor.moved,
        ),
      );
    }
    if (this.metrics.counts.AmountMismatches !== undefined)
      faults.push("the vendor charged another amount than asked for");
    return faults;
  }

  /** Both regions must show the same cart: what the rule leaves of all changes. */
  private async cartFaults(): Promise<string[]> {
    const faults: string[] = [];
    for (const user of USERS.map((it) => this.customers.user(it))) {
      const known = new Set([...this.oracle.visible(user, 0), ...this.oracle.visible(user, 1)]);
      this.tally.cartChanges += known.size;
      const expected = described(this.oracle.lines(known));
      const show = httpRequest("GET /cart", { user });
      const carts = await Promise.all(
        REGIONS.map((region) => shopOver(this.ports[region], this.props(region)).cart(show)),
      );
      for (const [region, { lines }] of carts.map(shownCart).entries()) {
        const shown = described(lines);
        if (shown === expected) continue;
        faults.push(`the cart of ${user} has lost or kept a change: region ${region} shows ${shown}, not ${expected}`);
      }
      if (carts[0]?.body !== carts[1]?.body) faults.push(`the cart of ${user} differs between the regions`);
    }
    return faults;
  }
}
