import { cartFingerprint } from "../../../handlers/domain/cart-lines";
import type { Order } from "../../../handlers/domain/order";
import type { CartStore, OrderStore } from "../../../handlers/ports";
import type { CartOracle, Intent } from "./cart-oracle";
import type { GlobalTables, Write } from "./global-tables";
import type { Region } from "./history";

/** What an invocation writes carts for. */
export type Purpose = Exclude<Intent, { kind: "order" }> | "order";

const nameOf = ({ itemKey, stamp }: Write) => `${itemKey} ${stamp}`;

const other = (region: Region): Region => (region === 0 ? 1 : 0);

/** Tells the oracle which invocation has read and written what, and what replication has brought where. */
export class TrackedCarts {
  concurrentChanges = 0;
  /** By item and stamp, the write that replication ships. */
  private readonly writes = new Map<string, number>();
  /** By the request that has placed an order, what it had seen of the cart. */
  private readonly placings = new Map<string, ReadonlySet<number>>();
  /** By region and id, the order that stood there when it was last placed or read. */
  private readonly standing = new Map<string, Order>();

  constructor(
    private readonly tables: GlobalTables,
    private readonly oracle: CartOracle,
  ) {
    tables.onDelivered = (write) => {
      const id = this.writes.get(nameOf(write));
      if (id !== undefined) oracle.arrive(write.to, id);
    };
  }

  /** The ports of one invocation in one region. */
  tracked(region: Region, ports: { readonly carts: CartStore; readonly orders: OrderStore }, purpose?: Purpose) {
    let seen: ReadonlySet<number> = new Set();
    let order: Order | undefined;
    const { carts, orders } = ports;
    const read = async (user: string) => {
      const items = await carts.read(user);
      seen = this.oracle.visible(user, region);
      return items;
    };
    const replace: CartStore["replace"] = async (cart, expectedNumber) => {
      const isWritten = await carts.replace(cart, expectedNumber);
      if (isWritten) this.accept(cart.userId, region, this.intentOf(purpose, order), seen);
      return isWritten;
    };
    const place: OrderStore["place"] = async (placing) => {
      const placed = await orders.place(placing);
      order = placed.order;
      this.standing.set(`${region} ${order.orderId}`, order);
      if (placed.created) this.placings.set(order.correlationId, this.orderedOf(order, seen));
      return placed;
    };
    const readOrder: OrderStore["read"] = async (orderId) => {
      order = await orders.read(orderId);
      if (order !== undefined) this.standing.set(`${region} ${orderId}`, order);
      return order;
    };
    return {
      carts: Object.assign(Object.create(carts), { read, replace }) as CartStore,
      orders: Object.assign(Object.create(orders), { place, read: readOrder }) as OrderStore,
    };
  }

  private intentOf(purpose: Purpose | undefined, order: Order | undefined): Intent {
    if (purpose === undefined) throw new Error("a request that changes nothing has written a cart");
    if (purpose !== "order") return purpose;
    if (order === undefined) throw new Error("a cart gave lines to an order that nobody placed");
    return { kind: "order", orderId: order.orderId, lines: order.lines, placingSaw: this.placingOf(order) };
  }

  private placingOf({ correlationId }: Order): ReadonlySet<number> {
    return this.placings.get(correlationId) ?? new Set();
  }

  /** Whether the cart still holds, in this region, what the order was placed for. */
  isLeftInCart(user: string, region: Region, orderId: string): boolean {
    const order = this.standing.get(`${region} ${orderId}`);
    if (order === undefined) throw new Error(`order ${orderId} was acknowledged and never placed or read`);
    const staying = this.oracle.staying(this.oracle.visible(user, region));
    return [...this.placingOf(order)].some((id) => staying.has(id));
  }

  /** What was seen of the cart that was ordered; nothing when the order was made again from what the cart remembers of it. */
  private orderedOf({ orderId, cartFingerprint: ordered }: Order, seen: ReadonlySet<number>): ReadonlySet<number> {
    if (this.oracle.hasOrdered(seen, orderId)) return new Set();
    return cartFingerprint(this.oracle.lines(seen)) === ordered ? seen : new Set();
  }

  private accept(user: string, region: Region, intent: Intent, seen: ReadonlySet<number>): void {
    const { latest } = this.tables;
    if (latest === undefined) throw new Error("a cart was written that no table has noted");
    const elsewhere = this.oracle.visible(user, other(region));
    if (intent.kind === "set" && [...elsewhere].some((id) => !seen.has(id))) this.concurrentChanges += 1;
    this.writes.set(nameOf(latest), this.oracle.accept(user, region, intent, seen));
  }
}
