import { type DoubleSale, doubleSales } from "./double-sales";
import { type CartPut, differingCarts, lostPuts, type OrderedLine, type ShownCart } from "./lost-puts";
import type { OrderFate } from "./order-fate";

/** An acknowledged write that was lost for good. Times are declared milliseconds since the drill began. */
export interface LostWrite {
  readonly what: "cart line" | "order" | "item";
  /** Region that acknowledged it. */
  readonly region: string;
  readonly acknowledgedAtMs: number;
  /** Of cart lines and orders. */
  readonly user?: string;
  /** Of cart lines. */
  readonly sku?: string;
  readonly quantity?: number;
  readonly unitPriceMinor?: number;
  readonly currency?: string;
  /** Table and key of an item, id of an order. */
  readonly key?: string;
}

/** An item that another region's write replaced without having seen it, and that is not made good since. */
export interface OverwrittenItem {
  /** Table and key attributes. */
  readonly key: string;
  readonly region: string;
  readonly acknowledgedAtMs: number;
}

/** Carts as each region showed them at the end of the drill. */
export interface CartReading {
  readonly carts: readonly ShownCart[];
  /** Why a cart could not be read, for people; undefined when all were. */
  readonly whyUnread?: string;
}

/** What became of everything that customers wrote. */
export interface WritesObserved {
  readonly puts: readonly CartPut[];
  readonly reading: CartReading;
  readonly orderedLines: readonly OrderedLine[];
  readonly overwrittenItems: readonly OverwrittenItem[];
}

export interface WritesLost {
  readonly writesLost: readonly LostWrite[];
  readonly cartChangesAcknowledged: number;
  readonly cartChangesLost: number;
  readonly itemsOverwritten: number;
  /** Users whose cart the regions showed differently in the end. */
  readonly cartsThatDiffer: readonly string[];
  /** Why cart changes could not be followed, for people; undefined where they were. */
  readonly whyCartsUnread?: string;
  readonly doubleSales: readonly DoubleSale[];
}

export function lostWrites(observed: WritesObserved, orders: readonly OrderFate[]): WritesLost {
  const { puts, reading, orderedLines, overwrittenItems } = observed;
  const { carts, whyUnread } = reading;
  const lines = whyUnread === undefined ? lostPuts(puts, carts, orderedLines) : [];
  return {
    writesLost: [
      ...orders.filter(({ isPresent }) => !isPresent).map(lostOrder),
      ...lines.map(({ userId, startedAtMs: _, ...line }): LostWrite => ({ what: "cart line", user: userId, ...line })),
      ...overwrittenItems.map((item): LostWrite => ({ what: "item", ...item })),
    ],
    cartChangesAcknowledged: puts.filter(({ acknowledgedAtMs }) => acknowledgedAtMs !== undefined).length,
    cartChangesLost: lines.length,
    itemsOverwritten: overwrittenItems.length,
    doubleSales: doubleSales(orderedLines, new Set(orders.map(({ orderId }) => orderId))),
    cartsThatDiffer: whyUnread === undefined ? differingCarts(carts) : [],
    ...(whyUnread === undefined ? {} : { whyCartsUnread: whyUnread }),
  };
}

function lostOrder({ orderId, userId, region, acknowledgedAtMs }: OrderFate): LostWrite {
  return { what: "order", user: userId, region, acknowledgedAtMs, key: orderId };
}
