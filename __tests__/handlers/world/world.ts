import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  MAX_RECEIVE_COUNT,
  SWEEP_OWN_AGE_SECONDS,
  SWEEP_TAKEOVER_AGE_SECONDS,
  VISIBILITY_TIMEOUT_SECONDS,
} from "../../../constructs/payments/payment-timing";
import { itemOfOrder } from "../../../handlers/adapters/order-item";
import type { Order } from "../../../handlers/domain/order";
import type { HttpResponse } from "../../../handlers/http-response";
import { SweepError } from "../../../handlers/operations/sweep";
import { bodyOf, httpRequest, type RecordedMetrics, recordedMetrics } from "../events";
import { ORDERS } from "../local-dynamodb";
import type { GlobalTables } from "./global-tables";
import type { Act, Dying, History, Region } from "./history";
import { Interleaver, Process } from "./interleaver";
import { QueueEmulator, type QueueLimits } from "./queue-emulator";
import { feed, realPorts, type ShopPorts, type ShopProps, shopOver } from "./shop";
import type { VendorDouble } from "./vendor-double";

const MINUTE_MS = 60_000;
const QUEUE: QueueLimits = {
  visibilityTimeoutMs: VISIBILITY_TIMEOUT_SECONDS * 1_000,
  maxReceiveCount: MAX_RECEIVE_COUNT,
  retentionMs: 14 * 24 * 60 * MINUTE_MS,
};
const REGIONS: readonly Region[] = [0, 1];

/** What a customer was told. */
interface Acknowledged {
  readonly orderId: string;
  readonly totalMinor: number;
  readonly key: string;
  readonly region: Region;
}

type Shop = ReturnType<typeof shopOver>;

/** What a world may lack, to show that it is needed. */
export interface Lacking {
  /** The condition that the order must not exist, in the write that places it. */
  readonly placeCondition?: true;
  /** The sweep, in both regions. */
  readonly sweep?: true;
  /** The fingerprint of the cart that the customer saw, in the request. */
  readonly fingerprint?: true;
}

/** How often something happened, over all histories played: what never happens proves nothing. */
export class Tally {
  histories = 0;
  acknowledged = 0;
  repeatsAnsweredElsewhere = 0;
  keysRefused = 0;
  deaths = 0;
  charges = 0;
  swept = 0;
  conflicts = 0;
}

/** A queue that refuses fails the run of a sweep; the next one tries again. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof SweepError)) throw error;
}

/** Plays one history against two regions, then lets everything come to rest, and tells what should not be. */
export class World {
  /** Apart from every other history's, so that all can share the tables. */
  private readonly name: string;
  private readonly metrics: RecordedMetrics = recordedMetrics();
  private readonly queues: readonly [QueueEmulator, QueueEmulator];
  private readonly ports: readonly [ShopPorts, ShopPorts];
  private readonly acknowledged = new Map<string, Acknowledged[]>();
  /** The cart that a customer saw when first using a key: repeats tell the same. */
  private readonly seen = new Map<string, string>();
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
    const now = () => this.nowMs;
    this.queues = [new QueueEmulator(QUEUE, now), new QueueEmulator(QUEUE, now)];
    this.ports = [this.portsOf(0), this.portsOf(1)];
    tables.reset();
    vendor.moved.length = 0;
  }

  /** @returns what is wrong, a sentence each; nothing when all is well */
  async play({ rounds, tape }: History): Promise<string[]> {
    for (const [index, round] of rounds.entries()) {
      this.vendor.mood = round.mood;
      this.lost = round.lost;
      for (const queue of this.queues) queue.isRefusing = round.isQueueRefusing;
      this.interleaver = new Interleaver([...tape.slice(index), ...tape.slice(0, index)]);
      await this.interleaver.run(round.acts.map((act) => this.perform(act)));
      this.nowMs += round.minutesAfter * MINUTE_MS;
    }
    await this.comeToRest();
    this.tally.charges += this.vendor.moved.length;
    this.tally.swept += this.metrics.counts.OrdersSwept ?? 0;
    this.tally.conflicts += this.metrics.counts.CartConflicts ?? 0;
    return this.faults();
  }

  private portsOf(region: Region): ShopPorts {
    const ports = realPorts(this.tables, region, this.queues[region], this.vendor, this.metrics);
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
        await this.put(act.user, act.region, act.sku, act.quantity);
        return;
      case "buy":
        return this.buy(act);
      case "reuse key":
        return this.reuseKey(act.user);
      case "work":
        if (act.region !== this.lost) await this.work(act.region, (shop, event) => shop.worker(event), act.dies);
        return;
      case "sweep":
        if (!this.lacking.sweep) await this.invoke(act.region, (shop) => shop.sweep().catch(unlessRefused), act.dies);
        return;
      case "replicate":
        for (let write = 0; write < act.writes; write += 1) {
          await this.interleaver.turn(() =>
            this.tables.deliver(this.interleaver.choose(), (region) => region === this.lost),
          );
        }
    }
  }

  private user(user: number): string {
    return `${this.name}-u${user}`;
  }

  private put(user: number, region: Region, sku: string, quantity: number): Promise<HttpResponse | "died"> {
    const body = { quantity, unitPriceMinor: sku.length * 100, currency: "EUR" };
    const request = httpRequest("PUT /cart/items/{sku}", { user: this.user(user), path: { sku }, body });
    return this.invoke(region, (shop) => shop.cart(request));
  }

  private async buy({ user, key, region, repeatRegion, dies }: Extract<Act, { kind: "buy" }>): Promise<void> {
    const name = `${this.user(user)}-k${key}`;
    const looked = this.seen.has(name) ? undefined : await this.look(user, region);
    // A client keeps to one cart per key, also when it does two things at once.
    const cartFingerprint = this.seen.get(name) ?? looked;
    if (cartFingerprint === undefined) return;
    this.seen.set(name, cartFingerprint);
    const request = httpRequest("POST /checkout", {
      user: this.user(user),
      headers: { "idempotency-key": name },
      body: this.lacking.fingerprint ? {} : { cartFingerprint },
    });
    for (const [attempt, place] of [region, repeatRegion, region].entries()) {
      const response = await this.invoke(place, (shop) => shop.checkout(request), attempt === 0 ? dies : undefined);
      if (response === "died" || Number(response.statusCode) >= 500) continue;
      if (this.acknowledge(user, name, place, response) && place !== region) this.tally.repeatsAnsweredElsewhere += 1;
      return;
    }
  }

  /** The fingerprint of the customer's cart, with something in it. */
  private async look(user: number, region: Region): Promise<string | undefined> {
    const show = httpRequest("GET /cart", { user: this.user(user) });
    let cart = await this.invoke(region, (shop) => shop.cart(show));
    if (cart !== "died" && (bodyOf(cart)["lines"] as unknown[]).length === 0)
      cart = await this.put(user, region, "mug", 1);
    return cart === "died" || cart.statusCode !== 200 ? undefined : String(bodyOf(cart)["fingerprint"]);
  }

  private async reuseKey(user: number): Promise<void> {
    const last = this.acknowledged.get(this.user(user))?.at(-1);
    if (last === undefined) return;
    await this.put(user, last.region, "plate", 1);
    const headers = { "idempotency-key": last.key };
    const request = httpRequest("POST /checkout", { user: this.user(user), headers });
    const response = await this.invoke(last.region, (shop) => shop.checkout(request));
    if (response !== "died") this.acknowledge(user, last.key, last.region, response);
  }

  private acknowledge(user: number, key: string, region: Region, response: HttpResponse): boolean {
    if (response.statusCode === 422) this.tally.keysRefused += 1;
    if (response.statusCode !== 200 && response.statusCode !== 201) return false;
    this.tally.acknowledged += 1;
    const { orderId, totalMinor } = bodyOf(response);
    const list = this.acknowledged.get(this.user(user)) ?? [];
    list.push({ orderId: String(orderId), totalMinor: Number(totalMinor), key, region });
    this.acknowledged.set(this.user(user), list);
    return true;
  }

  /** One invocation in a process of its own, which may die at any of its steps, and does at the first one in a lost region. */
  private invoke<T>(region: Region, work: (shop: Shop) => Promise<T>, dies?: Dying): Promise<T | "died"> {
    const process = new Process(this.interleaver, dies, () => this.lost === region);
    const { carts, orders, queue, vendor } = this.ports[region];
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
      nowMs: () => this.nowMs,
      metrics: this.metrics,
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
    const told = [...this.acknowledged.values()].flat();
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
        ...this.faultsOf(
          here,
          told.filter((one) => one.orderId === orderId),
        ),
      );
    }
    if (this.metrics.counts.AmountMismatches !== undefined)
      faults.push("the vendor charged another amount than asked for");
    return faults;
  }

  private faultsOf(order: Order, told: readonly Acknowledged[]): string[] {
    const { orderId, status, totalMinor, lines } = order;
    const charges = this.vendor.moved
      .filter((charge) => charge.orderId === orderId)
      .map(({ amountMinor }) => amountMinor);
    const sum = lines.reduce((total, line) => total + line.quantity * line.unitPriceMinor, 0);
    const faults: string[] = [];
    if (status === "PENDING_PAYMENT") faults.push(`order ${orderId} was never paid`);
    if (charges.length > 1) faults.push(`order ${orderId} was charged ${charges.length} times`);
    if (charges.length !== (status === "PAID" ? 1 : 0))
      faults.push(`order ${orderId} is ${status} after ${charges.length} charges`);
    if (charges.some((charged) => charged !== totalMinor))
      faults.push(`order ${orderId} over ${totalMinor} was charged ${charges}`);
    if (sum !== totalMinor) faults.push(`order ${orderId} over ${totalMinor} has lines over ${sum}`);
    const wrong = told.find((one) => one.totalMinor !== totalMinor);
    if (wrong !== undefined)
      faults.push(`order ${orderId} over ${totalMinor} was acknowledged over ${wrong.totalMinor}`);
    return faults;
  }
}
