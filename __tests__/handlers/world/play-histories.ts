import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { GlobalTables } from "./global-tables";
import { history } from "./history";
import { CHARGE_DEADLINE_MS } from "./shop";
import { Tally } from "./tally";
import { VendorDouble } from "./vendor-double";
import { type Lacking, World } from "./world";

/** Plays random histories against two regions' tables and one vendor. */
export class Histories {
  readonly tally = new Tally();

  private constructor(
    private readonly tables: GlobalTables,
    readonly vendor: VendorDouble,
  ) {}

  static async start(): Promise<Histories> {
    const [tables, vendor] = [await GlobalTables.start(), new VendorDouble()];
    await vendor.arrive();
    return new Histories(tables, vendor);
  }

  async stop(): Promise<void> {
    await Promise.all([this.tables.stop(), this.vendor.goAway()]);
    await sleep(CHARGE_DEADLINE_MS); // Deadlines of processes that died.
  }

  /** Plays so many histories; the first fault that is found fails the test with its history. */
  async play(count: number): Promise<void> {
    await fc.assert(this.property({}), { numRuns: count });
  }

  /** The first fault that is found in a world that lacks something, and how many histories that took. */
  async firstFault(lacking: Lacking, atMost: number): Promise<{ readonly fault: string; readonly histories: number }> {
    const check = await fc.check(this.property(lacking), { numRuns: atMost, endOnFailure: true });
    expect(check.failed).toBe(true);
    return { fault: String(check.errorInstance), histories: check.numRuns };
  }

  /** Expects that things happened: histories in which nothing happens prove nothing. */
  expectToHaveHappened(leastCounts: Partial<Tally>): void {
    for (const [name, least] of Object.entries(leastCounts))
      expect({ [name]: this.tally[name as keyof Tally] >= least }).toEqual({ [name]: true });
  }

  private property(lacking: Lacking) {
    return fc.asyncProperty(history, async (it) => {
      expect(await new World(this.tables, this.vendor, this.tally, lacking).play(it)).toEqual([]);
    });
  }
}
