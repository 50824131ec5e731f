import type { OrderLine } from "../../../handlers/domain/cart-lines";

/** What a write of a cart meant to do. */
export type Intent =
  | { readonly kind: "set"; readonly line: OrderLine }
  | { readonly kind: "remove"; readonly sku: string }
  | {
      readonly kind: "order";
      readonly orderId: string;
      readonly lines: readonly OrderLine[];
      /** Every write that was seen when the order was placed: all lines that were there are its own. */
      readonly placingSaw: ReadonlySet<number>;
    };

interface Write {
  readonly id: number;
  readonly user: string;
  readonly region: number;
  readonly intent: Intent;
  /** Every write that this one had seen, directly or by way of others. */
  readonly seen: ReadonlySet<number>;
}

/**
 * What every cart must hold, from the rule and not from the code: which write had seen which is known from what was read and delivered
 * where. A line that was set stays until a write of that line that had seen it sets or removes it, or an order takes it: an order takes what
 * it was placed for, and what was set to the same without either having seen the other. Of lines of one SKU that stay, the
 * largest quantity is shown, then the lowest price, then the first currency.
 */
export class CartOracle {
  private readonly writes = new Map<number, Write>();
  /** By user and region, the writes that have got there. */
  private readonly arrived = new Map<string, Set<number>>();

  /** The writes that a read in this region sees now. */
  visible(user: string, region: number): ReadonlySet<number> {
    return new Set(this.arrived.get(`${user} ${region}`));
  }

  /** A write that a region has accepted, made after reading `seen`. @returns its id */
  accept(user: string, region: number, intent: Intent, seen: ReadonlySet<number>): number {
    const id = this.writes.size + 1;
    this.writes.set(id, { id, user, region, intent, seen });
    this.arrive(region, id);
    return id;
  }

  /** A region has a write, and with it whatever that had seen. */
  arrive(region: number, id: number): void {
    const { user, seen } = this.writes.get(id) as Write;
    const key = `${user} ${region}`;
    this.arrived.set(key, new Set([...(this.arrived.get(key) ?? []), id, ...seen]));
  }

  /** The writes whose lines stay when these are known. */
  staying(known: ReadonlySet<number>): Set<number> {
    const all = [...known].map((id) => this.writes.get(id) as Write);
    return new Set(all.filter((it) => isSet(it) && !all.some((by) => ends(by, it))).map(({ id }) => id));
  }

  /** Whether one of these writes has taken an order's lines. */
  hasOrdered(known: ReadonlySet<number>, orderId: string): boolean {
    return [...known].some((id) => {
      const intent = this.writes.get(id)?.intent;
      return intent?.kind === "order" && intent.orderId === orderId;
    });
  }

  /** The cart's lines, in SKU order, when these writes are known. */
  lines(known: ReadonlySet<number>): OrderLine[] {
    const lines = [...this.staying(known)].flatMap((id) => setLine(this.writes.get(id) as Write) ?? []);
    const skus = [...new Set(lines.map(({ sku }) => sku))].sort();
    return skus.flatMap((sku) => lines.filter((line) => line.sku === sku).sort(byRule)[0] ?? []);
  }
}

const isSet = ({ intent }: Write) => intent.kind === "set";
const setLine = ({ intent }: Write) => (intent.kind === "set" ? intent.line : undefined);

/** Whether `by` replaces, removes or orders the line that `set` has set. */
function ends(by: Write, set: Write): boolean {
  const line = setLine(set);
  if (line === undefined || by === set) return false;
  const hasSeen = by.seen.has(set.id);
  switch (by.intent.kind) {
    case "set":
      return hasSeen && by.intent.line.sku === line.sku;
    case "remove":
      return hasSeen && by.intent.sku === line.sku;
    case "order": {
      const isUnseen = !by.intent.placingSaw.has(set.id) && !set.seen.has(by.id);
      return by.intent.placingSaw.has(set.id) || (isUnseen && by.intent.lines.some((ordered) => isSame(ordered, line)));
    }
  }
}

const isSame = (left: OrderLine, right: OrderLine) => describe(left) === describe(right);
const describe = ({ sku, quantity, unitPriceMinor, currency }: OrderLine) =>
  `${quantity} ${sku} at ${unitPriceMinor} ${currency}`;

const byRule = (left: OrderLine, right: OrderLine) =>
  right.quantity - left.quantity ||
  left.unitPriceMinor - right.unitPriceMinor ||
  left.currency.localeCompare(right.currency);

/** Lines as text, to compare and to tell. */
export const described = (lines: readonly OrderLine[]) =>
  lines.length === 0 ? "nothing" : lines.map(describe).join(", ");
