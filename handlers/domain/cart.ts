import { type CartLine, isSameLine, type Lines, MAX_LINES, type OrderLine } from "./cart-lines";
import {
  allTaken,
  type CartState,
  type Change,
  covers,
  EMPTY_STATE,
  hasSeen,
  join,
  linesOf,
  type Seen,
  type Setting,
  withoutSettings,
} from "./cart-state";
import { versionOf } from "./cart-version";
import { RequestError } from "./errors";
import { type HandedOver, numberOf, ONE_ITEM, type RegionalCart } from "./regional-cart";

const SECONDS_PER_DAY = 86_400;

/** Orders that one region remembers of one cart, beside the latest. */
const REMEMBERED_ORDERS = 10;
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
}

/**
 * Merges what the regions have written into the cart to show or change now. An expired one counts as empty although it may still be
 * stored, since DynamoDB deletes expired items days late; it expires when nobody has changed it for long enough in any region.
 *
 * @param ordered - what an order had seen of the cart, of which this region may not have heard: its lines are left out
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
 */
export function mergedCart(
  userId: string,
  regional: readonly RegionalCart[],
  nowMs: number,
  ordered: Seen = new Map(),
): Cart {
  const merged = regional.map((cart) => withoutOrdersUnseenBy(cart, regional)).reduce(join, EMPTY_STATE);
  const joined = join(merged, allTaken(ordered));
  const isAlive = regional.some(({ expiresAtSeconds }) => expiresAtSeconds * 1_000 > nowMs);
  const state = isAlive ? joined : allTaken(joined.seen);
  return {
    userId,
    version: versionOf(state.seen),
    lines: linesOf(state),
    handedOver: regional.flatMap(({ handedOver }) => handedOver),
    state,
    regional,
  };
}

/**
 * A region's cart without the lines that another region has ordered, before this one heard of it. To set a line to the same contents
 * twice is one change, as when a request without an answer is repeated in another region: the order took it, wherever it was made.
 */
function withoutOrdersUnseenBy(cart: RegionalCart, all: readonly RegionalCart[]): CartState {
  const unseen = all
    .filter(({ region }) => region !== cart.region && region !== ONE_ITEM)
    .flatMap(({ region, handedOver }) => handedOver.filter(({ number }) => !hasSeen(cart.seen, { region, number })))
    .flatMap(({ lines }) => lines);
  if (unseen.length === 0) return cart;
  const isOrdered = (sku: string, setting: Setting) =>
    unseen.some((line) => line.sku === sku && isSameLine(line, setting));
  return { seen: cart.seen, settings: withoutSettings(cart.settings, isOrdered) };
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
 * too, so that it is not in the cart again when it arrives.
 * @returns undefined when there is nothing to do: the order has been noted, or all that it took is known to be gone
 */
export function withoutOrder(
  cart: Cart,
  { orderId, lines, cartSeen }: Taking,
  writing: Writing,
): RegionalCart | undefined {
  if (cart.handedOver.some((it) => it.orderId === orderId)) return undefined;
  const left = join(cart.state, allTaken(cartSeen));
  if (covers(cart.state, cartSeen) && left.settings.size === cart.state.settings.size) return undefined;
  const taken = { ...cart, state: left };
  const change = nextChange(taken, writing.region);
  const note = { orderId, lines, seen: cartSeen, number: change.number, atMs: writing.nowMs };
  return next(taken, change, left.settings, writing, note);
}

/** One above every change of this region that anybody has seen: an item that has expired and was deleted does not start again at 1. */
function nextChange({ state }: Cart, region: string): Change {
  return { region, number: (state.seen.get(region) ?? 0) + 1 };
}

function next(
  cart: Cart,
  change: Change,
  settings: CartState["settings"],
  writing: Writing,
  note?: HandedOver,
): RegionalCart {
  const { userId, state } = cart;
  const { region, nowMs, ttlDays } = writing;
  return {
    userId,
    region,
    seen: new Map(state.seen).set(change.region, change.number),
    settings,
    handedOver: [...remembered(cart, writing, note === undefined), ...(note === undefined ? [] : [note])],
    updatedAtMs: nowMs,
    expiresAtSeconds: Math.floor(nowMs / 1_000) + ttlDays * SECONDS_PER_DAY,
  };
}

/**
 * The orders that the region goes on remembering: the latest, for repeats, and for a day those that some region has not seen. When all
 * have seen an order none of them holds a line that it took.
 */
function remembered({ regional }: Cart, { region, peerRegions, nowMs }: Writing, keepsLatest: boolean): HandedOver[] {
  const own = regional.find((it) => it.region === region)?.handedOver ?? [];
  const isSeenByAll = ({ number }: HandedOver) =>
    peerRegions.every((peer) => regional.some((it) => it.region === peer && hasSeen(it.seen, { region, number })));
  return own
    .filter((it, index) => {
      if (keepsLatest && index === own.length - 1) return true;
      return nowMs - it.atMs < REMEMBERED_MS && !isSeenByAll(it);
    })
    .slice(-REMEMBERED_ORDERS);
}

/** The cart once this region's next item is written. */
export function afterWriting({ userId, regional }: Cart, written: RegionalCart, nowMs: number): Cart {
  return mergedCart(userId, [...regional.filter(({ region }) => region !== written.region), written], nowMs);
}
