import type { GlobalTable } from "../../topology/topology";
import type { Pace } from "../pace";
import { normal, type Random } from "../seeded-random";
import type { Engine } from "./engine";
import { KeyedLock } from "./keyed-lock";

export type Item = Readonly<Record<string, unknown>>;

/** One acknowledged write that is being replicated. */
export interface ReplicatedWrite {
  readonly tableName: string;
  readonly itemKey: string;
  /** Key attributes alone, to delete by. */
  readonly key: Item;
  /** The whole item after the write; undefined when it was deleted. */
  readonly item: Item | undefined;
  readonly from: string;
  readonly to: string;
  /** Declared time of the acknowledgement. */
  readonly acknowledgedAtMs: number;
  readonly acknowledgedAtWallMs: number;
  /** Wall milliseconds that were drawn for its copy; a write that had to wait for a region takes longer. */
  readonly lagMs: number;
  /** Order of all writes in all regions. AWS compares timestamps; here the clocks of all regions are equal. */
  readonly stamp: number;
}

/** Outcome of a write: `lost` until it has arrived; `present` also where a later write replaced it that had seen it. */
export type Fate = "present" | "lost to last-writer-wins" | "lost";

export interface ReplicationLag {
  /** Wall milliseconds: replication lag is not compressed. */
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** 99 of 100 samples of the normal distribution are below. */
const Z99 = 2.326;

/**
 * Ships each acknowledged write to the table's other regions after a sampled lag (log-normal); the last writer wins per item,
 * silently. Writes from or to a lost region wait and are shipped when it returns. Only a write that a later one has overwritten is discarded.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export class Replication {
  /** Called for each acknowledged write, with the regions that it is shipped to. */
  onAcknowledged: (from: string, to: readonly string[]) => void = () => {};
  /** Called for each write that has arrived, whether it is applied or discarded. */
  onArrived: (write: ReplicatedWrite) => void = () => {};
  /** Called with the wall milliseconds that each write took to a replica. */
  onApplied: (write: ReplicatedWrite, latencyMs: number) => void = () => {};
  readonly locks = new KeyedLock();
  private readonly pending = new Set<ReplicatedWrite>();
  private readonly held = new Set<ReplicatedWrite>();
  private readonly stamps = new Map<string, number>();
  /** By the stamp of a write, the stamp of the next write of the same item in the same region. */
  private readonly successors = new Map<number, number>();
  /** Writes that found a later one on arrival. */
  private readonly discarded: ReplicatedWrite[] = [];
  private readonly arrivals = new Map<string, "applied" | "discarded">();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly paused = new Set<string>();
  private lastStamp = 0;
  private isStopped = false;

  constructor(
    private readonly engines: ReadonlyMap<string, Engine>,
    private readonly pace: Pace,
    private readonly lag: ReplicationLag,
    private readonly random: Random,
  ) {}

  /** Records an acknowledged write. Call it while holding the item's lock. */
  note(table: GlobalTable, from: string, itemKey: string, key: Item, item: Item | undefined): void {
    this.lastStamp += 1;
    const before = this.stamps.get(`${from} ${itemKey}`);
    if (before !== undefined) this.successors.set(before, this.lastStamp);
    this.stamps.set(`${from} ${itemKey}`, this.lastStamp);
    const replicas = table.regions.filter((region) => region !== from);
    this.onAcknowledged(from, replicas);
    for (const to of replicas) {
      const write: ReplicatedWrite = {
        tableName: table.name,
        itemKey,
        key,
        item,
        from,
        to,
        acknowledgedAtMs: this.pace.nowMs(),
        acknowledgedAtWallMs: performance.now(),
        lagMs: this.drawLagMs(),
        stamp: this.lastStamp,
      };
      this.pending.add(write);
      this.ship(write, write.lagMs);
    }
  }

  /** Pauses replication from and to a region. */
  pause(region: string): void {
    this.paused.add(region);
  }

  resume(region: string): void {
    this.paused.delete(region);
    const waiting = [...this.held];
    this.held.clear();
    for (const write of waiting) this.ship(write, this.drawLagMs());
  }

  /** Acknowledged writes that have not arrived, oldest first. */
  pendingWrites(): ReplicatedWrite[] {
    return [...this.pending].sort((a, b) => a.stamp - b.stamp);
  }

  /**
   * A write that came too late is lost if another region's write, which cannot have seen it, overwrote it. If a later write of its own region
   * did, which had seen it, its fate is that write's.
   */
  fateOf({ stamp, to }: ReplicatedWrite): Fate {
    let last: "applied" | "discarded" | undefined;
    for (let it: number | undefined = stamp; it !== undefined; it = this.successors.get(it)) {
      last = this.arrivals.get(`${to} ${it}`);
      if (last !== "discarded") break;
    }
    if (last === undefined) return "lost";
    return last === "applied" ? "present" : "lost to last-writer-wins";
  }

  /** Each write that was discarded in a region and is lost to last-writer-wins there, in the order of arrival. */
  overwrittenWrites(): ReplicatedWrite[] {
    return this.discarded.filter((write) => this.fateOf(write) === "lost to last-writer-wins");
  }

  stop(): void {
    this.isStopped = true;
    for (const timer of this.timers) clearTimeout(timer);
  }

  private drawLagMs(): number {
    const sigma = Math.log(this.lag.p99Ms / this.lag.medianMs) / Z99;
    return this.lag.medianMs * Math.exp(sigma * normal(this.random));
  }

  private ship(write: ReplicatedWrite, lagMs: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (this.paused.has(write.from) || this.paused.has(write.to)) this.held.add(write);
      else void this.apply(write);
    }, lagMs);
    this.timers.add(timer);
  }

  private async apply(write: ReplicatedWrite): Promise<void> {
    const { to, itemKey, stamp, tableName, item, key } = write;
    const engine = this.engines.get(to);
    if (engine === undefined || this.isStopped) return;
    await this.locks.run(`${to} ${itemKey}`, async () => {
      if (this.isStopped) return;
      const isOverwritten = (this.stamps.get(`${to} ${itemKey}`) ?? 0) > stamp;
      if (!isOverwritten) {
        this.stamps.set(`${to} ${itemKey}`, stamp);
        if (item === undefined) await engine.call("DeleteItem", { TableName: tableName, Key: key });
        else await engine.call("PutItem", { TableName: tableName, Item: item });
        this.onApplied(write, performance.now() - write.acknowledgedAtWallMs);
      }
      this.pending.delete(write);
      if (isOverwritten) this.discarded.push(write);
      this.arrivals.set(`${to} ${stamp}`, isOverwritten ? "discarded" : "applied");
      this.onArrived(write);
    });
  }
}
