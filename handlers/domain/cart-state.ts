import { type CartLine, compareConcurrent, type Lines } from "./cart-lines";

/** One change of a cart: the region that made it, and its number among that region's changes of this cart, from 1. */
export interface Change {
  readonly region: string;
  readonly number: number;
}

/** By region, its latest change that is known. All its earlier ones are known then, too. */
export type Seen = ReadonlyMap<string, number>;

/** A line as one change has set it. */
export interface Setting extends CartLine, Change {}

/**
 * What is known of a cart: every change that was seen, and of the lines that they set those that no seen change has replaced or removed.
 * A removal needs no mark of its own: a change that was seen and whose line is not there was removed. So a state does not grow with a
 * cart's history, only with its lines and the number of regions.
 *
 * An observed-remove map with a version vector: https://arxiv.org/abs/1210.3368
 */
export interface CartState {
  readonly seen: Seen;
  /** By SKU, at least one each. There are more where regions have set a line without seeing each other. */
  readonly settings: ReadonlyMap<string, readonly Setting[]>;
}

export const EMPTY_STATE: CartState = { seen: new Map(), settings: new Map() };

export function hasSeen(seen: Seen, { region, number }: Change): boolean {
  return number <= (seen.get(region) ?? 0);
}

/** Whether every change that the other has seen is known here, too. */
export function covers(seen: Seen, other: Seen): boolean {
  return [...other].every(([region, number]) => hasSeen(seen, { region, number }));
}

/**
 * What two states know together. A setting stays unless the other state has seen it and does not hold it any more: whoever removed or
 * replaced it there had seen it. The order of states does not matter, nor how often one is joined.
 */
export function join(left: CartState, right: CartState): CartState {
  const seen = joinSeen(left.seen, right.seen);
  const settings = new Map<string, Setting[]>();
  for (const sku of new Set([...left.settings.keys(), ...right.settings.keys()])) {
    const here = left.settings.get(sku) ?? [];
    const there = right.settings.get(sku) ?? [];
    const kept = [
      ...here.filter((it) => isIn(there, it) || !hasSeen(right.seen, it)),
      ...there.filter((it) => !isIn(here, it) && !hasSeen(left.seen, it)),
    ];
    if (kept.length > 0) settings.set(sku, kept.sort(byChange));
  }
  return { seen, settings };
}

/** What two have seen together. */
export function joinSeen(left: Seen, right: Seen): Map<string, number> {
  const seen = new Map(left);
  for (const [region, number] of right) seen.set(region, Math.max(number, seen.get(region) ?? 0));
  return seen;
}

const isIn = (settings: readonly Setting[], { region, number }: Change) =>
  settings.some((it) => it.region === region && it.number === number);

/** No two settings of one SKU come from one region: a region's later change has seen its earlier ones. */
const byChange = (left: Setting, right: Setting) => (left.region < right.region ? -1 : 1);

/** The lines to show: of settings that had not seen each other, the one that {@link compareConcurrent} lets stay. */
export function linesOf({ settings }: CartState): Lines {
  const shown = (all: readonly Setting[]): CartLine =>
    all.reduce((best, it) => (compareConcurrent(it, best) < 0 ? it : best));
  return new Map(
    [...settings].map(([sku, all]) => {
      const { quantity, unitPriceMinor, currency } = shown(all);
      return [sku, { quantity, unitPriceMinor, currency }];
    }),
  );
}

/** The settings that are left when those of one SKU that `isRemoved` names are taken out. */
export function withoutSettings(
  settings: CartState["settings"],
  isRemoved: (sku: string, setting: Setting) => boolean,
): CartState["settings"] {
  return new Map(
    [...settings]
      .map(([sku, all]): [string, readonly Setting[]] => [sku, all.filter((it) => !isRemoved(sku, it))])
      .filter(([, left]) => left.length > 0),
  );
}
