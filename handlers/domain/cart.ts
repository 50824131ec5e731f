import { type CartLine, isSameLine, type Lines, MAX_LINES, type OrderLine } from "./cart-lines";
import {
  type CartState,
  type Change,
  covers,
  EMPTY_STATE,
  hasSeen,
  join,
  joinSeen,
  linesOf,
  type Seen,
  withoutSettings,
} from "./cart-state";
import { versionOf } from "./cart-version";
import { RequestError } from "./errors";
import { type HandedOver, numberOf, ONE_ITEM, type RegionalCart } from "./regional-cart";

const SECONDS_PER_DAY = 86_400;

/** Lines of the orders that one region remembers of one cart, beside the latest: as many as a cart may have. */
const REMEMBERED_LINES = MAX_LINES;
/** How long it remembers them, by its own clock: longer than a region is cut off and still serves. */
const REMEMBERED_MS = 86_400_000;

/** Where a cart is read and written. */
export interface CartRegions {
  readonly region: string;
  readonly peerRegions: readonly string[];
}

/** A cart as one region knows it: what every region has written, merged. */
export interface Cart {
  readonly userId: string;
  /** Names the set of changes that the cart is made of; 0 when there is none. */
  readonly version: number;
  readonly lines: Lines;
  /** Every order that a region remembers of it. */
  readonly handedOver: readonly HandedOver[];
  readonly state: CartState;
  /** What it was merged from. */
  readonly regional: readonly RegionalCart[];
  /** The client's latest order, where the client told of it. */
  readonly receipt: Receipt | undefined;
}

/** What a client remembers of an order: the region that it reaches next may not have heard of it. */
export interface Receipt {
  readonly orderId: string;
  /** What the order had seen of the cart, all lines of which it took. */
  readonly cartSeen: Seen;
}

/**
 * Merges what the regions have written into the cart to show or change now. An expired one counts as empty although it may still be
 * stored, since DynamoDB deletes expired items days late; it expires when nobody has changed it for long enough in any region.
 *
 * @param receipt - of the client's latest order, of which this region may not have heard: its lines are left out
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
 */
export function mergedCart(userId: string, regional: readonly RegionalCart[], nowMs: number, receipt?: Receipt): Cart {
  const merged = regional.map((cart) => withoutOrdersUnseenBy(cart, regional)).reduce(join, EMPTY_STATE);
  const isAlive = regional.some(({ expiresAtSeconds }) => expiresAtSeconds * 1_000 > nowMs);
  const settings = isAlive ? merged.settings : EMPTY_STATE.settings;
  const cartSeen = receipt?.cartSeen ?? new Map<string, number>();
  const state = { seen: merged.seen, settings: withoutSettings(settings, (_, it) => hasSeen(cartSeen, it)) };
  return {
    userId,
    version: versionOf(joinSeen(state.seen, cartSeen)),
    lines: linesOf(state),
    handedOver: regional.flatMap(({ handedOver }) => handedOver),
    state,
    regional,
    receipt,
  };
}

/**
 * A region's cart without what another region has ordered before this one heard of it: what the order had seen, and equal lines. To set a line
 * to the same contents twice is one change, as when a request without an answer is repeated in another region: the order took it, wherever
 * it was made.
 */
function withoutOrdersUnseenBy(cart: RegionalCart, all: readonly RegionalCart[]): CartState {
  const unseen = all
    .flatMap(({ handedOver }) => handedOver)
    .filter((note) => note.region !== cart.region && note.region !== ONE_ITEM && !hasSeen(cart.seen, note));
  return unseen.length === 0 ? cart : { seen: cart.seen, settings: withoutOrdered(cart.settings, unseen) };
}

/** Settings without what the orders had seen, and without lines that are equal to theirs. */
function withoutOrdered(
  settings: CartState["settings"],
  orders: readonly Pick<HandedOver, "lines" | "seen">[],
): CartState["settings"] {
  const isEqual = (sku: string, setting: CartLine, line: OrderLine) => line.sku === sku && isSameLine(line, setting);
  return withoutSettings(settings, (sku, setting) =>
    orders.some(({ seen, lines }) => hasSeen(seen, setting) || lines.some((line) => isEqual(sku, setting, line))),
  );
}

/** When a region writes, and how long the cart outlives that. */
export interface Writing extends CartRegions {
  readonly nowMs: number;
  readonly ttlDays: number;
}

/** The number of the latest change that this region has stored; 0 when it has stored none, or none is left. */
export function storedNumber({ regional }: Cart, region: string): number {
  const own = regional.find((it) => it.region === region);
  return own === undefined ? 0 : numberOf(own);
}

/**
 * The region's next item, with one line set, or removed when `line` is undefined.
 * @throws {RequestError} `cart-full` when there is no room for another line
 */
export function withLine(cart: Cart, sku: string, line: CartLine | undefined, writing: Writing): RegionalCart {
  const change = nextChange(cart, writing.region);
  const settings = new Map(cart.state.settings);
  if (line === undefined) settings.delete(sku);
  else {
    if (!settings.has(sku) && settings.size >= MAX_LINES) {
      throw new RequestError("cart-full", `a cart holds at most ${MAX_LINES} lines; remove one first`);
    }
    settings.set(sku, [{ ...line, ...change }]);
  }
  return next(cart, change, settings, writing);
}

/** What an order takes out of a cart. */
export interface Taking {
  readonly orderId: string;
  readonly lines: readonly OrderLine[];
  /** What the order had seen of the cart. All lines of that are its own, and the cart keeps whatever was set since. */
  readonly cartSeen: Seen;
}

/**
 * The region's next item, without what the order took, and with a note of it. What the order had seen and this region has not is taken out,
 * too, so that it is not in the cart again when it arrives; and so are equal lines that the order had not seen: they are the same change,
 * made twice.
 * @param isPlacing - whether this request has placed the order; a repeat leaves a cart alone that is known to hold nothing of it
 * @returns undefined when there is nothing to do: the order has been noted, or all that it took is known to be gone
 */
export function withoutOrder(
  cart: Cart,
  { orderId, lines, cartSeen }: Taking,
  isPlacing: boolean,
  writing: Writing,
): RegionalCart | undefined {
  const { state, handedOver } = cart;
  if (handedOver.some((it) => it.orderId === orderId)) return undefined;
  const isTaken = [...state.settings.values()].flat().some((setting) => hasSeen(cartSeen, setting));
  if (!isPlacing && !isTaken && covers(state.seen, cartSeen)) return undefined;
  const settings = withoutOrdered(state.settings, [{ lines, seen: cartSeen }]);
  return next(cart, nextChange(cart, writing.region), settings, writing, { orderId, lines, seen: cartSeen });
}

/** One above every change of this region that anybody has seen: an item that has expired and was deleted does not start again at 1. */
function nextChange({ state }: Cart, region: string): Change {
  return { region, number: (state.seen.get(region) ?? 0) + 1 };
}

type Order = Pick<HandedOver, "orderId" | "lines" | "seen">;

function next(
  cart: Cart,
  change: Change,
  settings: CartState["settings"],
  writing: Writing,
  order?: Order,
): RegionalCart {
  const { userId, state } = cart;
  const { region, nowMs, ttlDays } = writing;
  const noted = [...toldByClient(cart, order), ...(order === undefined ? [] : [order])];
  return {
    userId,
    region,
    seen: new Map(state.seen).set(change.region, change.number),
    settings,
    handedOver: [
      ...remembered(cart, writing, order === undefined),
      ...noted.map((it) => ({ ...it, ...change, atMs: nowMs })),
    ],
    updatedAtMs: nowMs,
    expiresAtSeconds: Math.floor(nowMs / 1_000) + ttlDays * SECONDS_PER_DAY,
  };
}

/** The client's order, to be remembered until what it had seen has arrived; nothing when that has, or the order is known. */
function toldByClient({ receipt, state, handedOver }: Cart, order: Order | undefined): Order[] {
  if (receipt === undefined || covers(state.seen, receipt.cartSeen)) return [];
  const { orderId, cartSeen } = receipt;
  const notes = [...handedOver, ...(order === undefined ? [] : [order])];
  if (notes.some((it) => it.orderId === orderId || covers(it.seen, cartSeen))) return [];
  return [{ orderId, lines: [], seen: cartSeen }];
}

/**
 * The orders that the region goes on remembering: its latest, for repeats, and for a day those that some region has not seen. When all have
 * seen an order none of them holds a line that it took. A peer's order is remembered for a third region's sake: what this one writes has
 * seen it, and may get there first.
 */
function remembered({ regional }: Cart, { region, peerRegions, nowMs }: Writing, keepsLatest: boolean): HandedOver[] {
  const own = regional.find((it) => it.region === region)?.handedOver.filter((note) => note.region === region) ?? [];
  const latest = keepsLatest ? own.at(-1) : undefined;
  const isNeeded = (note: HandedOver) =>
    nowMs - note.atMs < REMEMBERED_MS &&
    [region, ...peerRegions].some(
      (it) =>
        it !== note.region && it !== region && !regional.some((cart) => cart.region === it && hasSeen(cart.seen, note)),
    );
  const theirs = regional
    .flatMap(({ handedOver }) => handedOver)
    .filter((note) => ![region, ONE_ITEM].includes(note.region));
  return [
    ...newest(distinct(theirs).filter(isNeeded)),
    ...newest(own.filter((note) => note !== latest && isNeeded(note))),
    ...(latest === undefined ? [] : [latest]),
  ];
}

/** The last orders that fit. One that only a client has told of counts as a line. */
function newest(notes: readonly HandedOver[]): HandedOver[] {
  let left = REMEMBERED_LINES;
  const first = notes.findLastIndex(({ lines }) => {
    left -= Math.max(lines.length, 1);
    return left < 0;
  });
  return notes.slice(first + 1);
}

const distinct = (notes: readonly HandedOver[]): HandedOver[] => [
  ...new Map(notes.map((note) => [`${note.region} ${note.number} ${note.orderId}`, note])).values(),
];

/** The cart once this region's next item is written. */
export function afterWriting({ userId, regional, receipt }: Cart, written: RegionalCart, nowMs: number): Cart {
  return mergedCart(userId, [...regional.filter(({ region }) => region !== written.region), written], nowMs, receipt);
}

/** Two orders that sold the same line, each placed where the other was not known. */
export interface DoubleSale {
  readonly orderIds: readonly [string, string];
  readonly skus: readonly string[];
}

/**
 * Lines that this region has sold, and another one too, as this region learns only now. Told once: the region's next item has seen the
 * other's order. A line is the same when its contents are.
 */
export function doubleSalesLearnt({ regional }: Cart, region: string): DoubleSale[] {
  const own = regional.find((it) => it.region === region);
  if (own === undefined) return [];
  const notes = distinct(regional.flatMap(({ handedOver }) => handedOver));
  const learnt = notes.filter((note) => note.region !== region && !hasSeen(own.seen, note));
  return learnt.flatMap((theirs) =>
    own.handedOver
      .filter((ours) => ours.region === region && ours.orderId !== theirs.orderId && !hasSeen(theirs.seen, ours))
      .map((ours): DoubleSale => {
        const isSold = (line: OrderLine) => theirs.lines.some((it) => it.sku === line.sku && isSameLine(it, line));
        return { orderIds: [ours.orderId, theirs.orderId], skus: ours.lines.filter(isSold).map(({ sku }) => sku) };
      })
      .filter(({ skus }) => skus.length > 0),
  );
}
