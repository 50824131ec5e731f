import fc from "fast-check";
import { type CartRegions, mergedCart, storedNumber, withLine, withoutOrder } from "../../handlers/domain/cart";
import { MAX_LINES, sortedLines } from "../../handlers/domain/cart-lines";
import { type CartState, EMPTY_STATE, join } from "../../handlers/domain/cart-state";
import { versionOf } from "../../handlers/domain/cart-version";
import { type Intended, intendedBy } from "../../handlers/domain/order";
import type { RegionalCart } from "../../handlers/domain/regional-cart";
import { CartOracle, described } from "./world/cart-oracle";

// One cart in several regions, without tables: every region holds the latest item that has arrived of each region.

const USER = "ada";
const NOW_MS = 1_800_000_000_000;
const NAMES = ["us-east-1", "us-east-2", "us-west-2"];
const SKUS = ["mug", "pot", "pan"];

interface Act {
  /** "place" is an order whose region ends before it empties the cart, "repeat" a repeat of the latest such checkout. */
  readonly kind: "set" | "remove" | "order" | "place" | "repeat" | "deliver";
  readonly region: number;
  /** Where a delivery comes from. */
  readonly from: number;
  readonly sku: number;
  readonly quantity: number;
}

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom(
    "set",
    "set",
    "set",
    "remove",
    "order",
    "place",
    "repeat",
    "repeat",
    "deliver",
    "deliver",
    "deliver",
  ),
  region: fc.nat({ max: NAMES.length - 1 }),
  from: fc.nat({ max: NAMES.length - 1 }),
  sku: fc.nat({ max: SKUS.length - 1 }),
  quantity: fc.integer({ min: 1, max: 3 }),
});
const acts = fc.array(act, { maxLength: 30, size: "max" });

/** An order that stands. */
interface Placed extends Intended {
  readonly orderId: string;
  readonly placingSaw: ReadonlySet<number>;
}

class Regions {
  readonly oracle = new CartOracle();
  /** By region, what it holds of each region. */
  private readonly held = NAMES.map(() => new Map<string, { cart: RegionalCart; id: number }>());
  private orders = 0;
  private waiting: Placed | undefined;

  play(all: readonly Act[]): this {
    for (const it of all) this.perform(it);
    return this;
  }

  items(region: number): RegionalCart[] {
    return [...(this.held[region]?.values() ?? [])].map(({ cart }) => cart);
  }

  cart(region: number) {
    return mergedCart(USER, this.items(region), NOW_MS);
  }

  deliverAll(): this {
    for (const [from] of NAMES.entries()) for (const [to] of NAMES.entries()) this.deliver(from, to);
    return this;
  }

  /** Every region sets every line once, having seen what has arrived. */
  setAll(): this {
    for (const [region] of NAMES.entries()) {
      for (const [sku] of SKUS.entries()) this.perform({ kind: "set", region, from: 0, sku, quantity: 1 });
      this.deliverAll();
    }
    return this;
  }

  private perform({ kind, region, from, sku, quantity }: Act): void {
    const cart = this.cart(region);
    const name = String(SKUS[sku]);
    const line = { quantity, unitPriceMinor: 100 * quantity, currency: "EUR" };
    const writing = this.writing(region);
    if (kind === "set") this.write(region, withLine(cart, name, line, writing), { kind, line: { sku: name, ...line } });
    if (kind === "remove") this.write(region, withLine(cart, name, undefined, writing), { kind, sku: name });
    if (kind === "order") this.handOver(region, this.place(region), true);
    if (kind === "place") this.waiting = this.place(region) ?? this.waiting;
    if (kind === "repeat") this.handOver(region, this.waiting, false);
    if (kind === "deliver") this.deliver(from, region);
  }

  private place(region: number): Placed | undefined {
    this.orders += 1;
    const orderId = `order-${this.orders}`;
    const intended = intendedBy(this.cart(region), orderId) as Intended;
    if (intended.lines.length === 0) return undefined;
    return { orderId, ...intended, placingSaw: this.oracle.visible(USER, region) };
  }

  private handOver(region: number, placed: Placed | undefined, isPlacing: boolean): void {
    if (placed === undefined) return;
    const emptied = withoutOrder(this.cart(region), placed, isPlacing, this.writing(region));
    const { orderId, lines, placingSaw } = placed;
    if (emptied !== undefined) this.write(region, emptied, { kind: "order", orderId, lines, placingSaw });
    // Whether it had to be emptied or not, nothing of what was ordered is left.
    const staying = this.oracle.staying(this.oracle.visible(USER, region));
    expect([...placingSaw].filter((id) => staying.has(id))).toEqual([]);
  }

  private writing(region: number): CartRegions & { nowMs: number; ttlDays: number } {
    const [own, ...peers] = [NAMES[region], ...NAMES.filter((_, index) => index !== region)] as [string, ...string[]];
    return { region: own, peerRegions: peers, nowMs: NOW_MS, ttlDays: 90 };
  }

  private write(region: number, cart: RegionalCart, intent: Parameters<CartOracle["accept"]>[2]): void {
    const id = this.oracle.accept(USER, region, intent, this.oracle.visible(USER, region));
    expect(storedNumber(this.cart(region), cart.region) + 1).toBe(cart.seen.get(cart.region));
    this.held[region]?.set(cart.region, { cart, id });
  }

  /** The latest item that a region has written arrives in another. */
  private deliver(from: number, to: number): void {
    const own = this.held[from]?.get(String(NAMES[from]));
    if (own === undefined || from === to) return;
    this.held[to]?.set(own.cart.region, own);
    this.oracle.arrive(to, own.id);
  }
}

test("every region shows what the rule leaves of the changes that have got there", () => {
  fc.assert(
    fc.property(acts, (all) => {
      const regions = new Regions();
      for (const it of all) {
        regions.play([it]);
        for (const [region] of NAMES.entries()) {
          const expected = regions.oracle.lines(regions.oracle.visible(USER, region));
          expect(described(sortedLines(regions.cart(region).lines))).toBe(described(expected));
        }
      }
    }),
    { numRuns: 400 },
  );
});

test("regions that have all seen each other show the same cart and the same version", () => {
  fc.assert(
    fc.property(acts, (all) => {
      const regions = new Regions().play(all).deliverAll();
      const shown = NAMES.map((_, region) => regions.cart(region));
      expect(new Set(shown.map(({ lines }) => described(sortedLines(lines)))).size).toBe(1);
      expect(new Set(shown.map(({ version }) => version)).size).toBe(1);
    }),
    { numRuns: 200 },
  );
});

/** What three regions have written, apart from each other now and then. */
const states: fc.Arbitrary<readonly CartState[]> = acts.map((all) => {
  const regions = new Regions().play(all);
  return NAMES.map((_, region) => regions.items(region).reduce<CartState>(join, EMPTY_STATE));
});

const canonical = ({ seen, settings }: CartState) => ({
  seen: [...seen].sort(),
  settings: [...settings].map(([sku, all]) => [sku, all.map((it) => JSON.stringify(it)).sort()]).sort(),
});

test("joining is commutative, associative and idempotent", () => {
  fc.assert(
    fc.property(states, ([a = EMPTY_STATE, b = EMPTY_STATE, c = EMPTY_STATE]) => {
      expect(canonical(join(a, b))).toEqual(canonical(join(b, a)));
      expect(canonical(join(join(a, b), c))).toEqual(canonical(join(a, join(b, c))));
      expect(canonical(join(a, a))).toEqual(canonical(a));
      expect(canonical(join(join(a, b), b))).toEqual(canonical(join(a, b)));
    }),
    { numRuns: 400 },
  );
});

test("the order in which items are read, and an item read twice, change nothing", () => {
  fc.assert(
    fc.property(acts, (all) => {
      const items = new Regions().play(all).deliverAll().items(0);
      const shown = mergedCart(USER, items, NOW_MS);
      for (const others of [[...items].reverse(), [...items, ...items]]) {
        const again = mergedCart(USER, others, NOW_MS);
        expect([again.version, canonical(again.state)]).toEqual([shown.version, canonical(shown.state)]);
      }
    }),
    { numRuns: 200 },
  );
});

test("once all regions have seen each other, items hold the cart's lines and one order: history is forgotten", () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 60, maxLength: 120, size: "max" }), (all) => {
      const regions = new Regions().play(all).deliverAll().setAll().setAll();
      for (const item of regions.items(0)) {
        const settings = [...item.settings.values()].flat();
        expect(settings.length).toBe(SKUS.length);
        expect(item.seen.size).toBeLessThanOrEqual(NAMES.length);
        expect(item.handedOver.length).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 40 },
  );
});

test("while regions are apart, an item holds at most a line of each region for a SKU, and orders of a hundred lines", () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 100, maxLength: 200, size: "max" }), (all) => {
      const regions = new Regions().play(all.filter(({ kind }) => kind !== "deliver")).deliverAll();
      const { state } = regions.cart(0);
      for (const settings of state.settings.values()) expect(settings.length).toBeLessThanOrEqual(NAMES.length);
      for (const item of regions.items(0)) {
        const lines = item.handedOver.reduce((sum, note) => sum + note.lines.length, 0);
        expect(lines).toBeLessThanOrEqual(2 * MAX_LINES + SKUS.length);
      }
    }),
    { numRuns: 20 },
  );
});

test("carts of different changes have different versions, and a change makes it grow", () => {
  const seen = fc.dictionary(fc.constantFrom(...NAMES, "one-item"), fc.integer({ min: 1, max: 4 }));
  const versions = new Map<number, string>();
  fc.assert(
    fc.property(seen, fc.constantFrom(...NAMES), (numbers, region) => {
      const all = new Map(Object.entries(numbers));
      const changed = new Map(all).set(region, (all.get(region) ?? 0) + 1);
      for (const it of [all, changed]) {
        const name = JSON.stringify([...it].sort());
        const version = versionOf(it);
        expect(Number.isSafeInteger(version)).toBe(true);
        expect(versions.get(version) ?? name).toBe(name);
        versions.set(version, name);
      }
      expect(versionOf(changed)).toBeGreaterThan(versionOf(all));
    }),
    { numRuns: 500 },
  );
});

test("a version stays a whole number whatever the number of changes", () => {
  expect(Number.isSafeInteger(versionOf(new Map([["us-east-1", 2 ** 52]])))).toBe(true);
  expect(versionOf(new Map())).toBe(0);
  expect(versionOf(new Map([["one-item", 7]]))).toBe(7);
});
