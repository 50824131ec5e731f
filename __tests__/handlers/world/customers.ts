import type { OrderLine } from "../../../handlers/domain/cart-lines";
import type { HttpResponse } from "../../../handlers/http-response";
import { bodyOf, httpRequest } from "../events";
import { described } from "./cart-oracle";
import type { Act, Dying, Region } from "./history";
import type { shopOver } from "./shop";
import type { Tally } from "./tally";
import type { Purpose } from "./tracked-carts";

export type Shop = ReturnType<typeof shopOver>;

/** Runs one request in a process of its own, which may die. */
export type Invoke = (
  region: Region,
  work: (shop: Shop) => Promise<HttpResponse>,
  dies?: Dying,
  purpose?: Purpose,
) => Promise<HttpResponse | "died">;

/** What a customer was told. */
export interface Acknowledged {
  readonly orderId: string;
  readonly totalMinor: number;
  /** Total of the cart that the customer saw; undefined for a request that names no cart. */
  readonly seenTotalMinor: number | undefined;
  readonly key: string;
  readonly region: Region;
}

/** A cart as a customer saw it. */
interface SeenCart {
  readonly fingerprint: string;
  readonly totalMinor: number;
}

/** What the cart's routes answer. */
export interface ShownCart {
  readonly version: number;
  readonly fingerprint: string;
  readonly lines: readonly OrderLine[];
}

export const shownCart = (response: HttpResponse) => bodyOf(response) as unknown as ShownCart;

const isShown = (response: HttpResponse | "died"): response is HttpResponse =>
  response !== "died" && response.statusCode === 200;

export interface CustomersProps {
  /** Of the history: users and keys of others are apart. */
  readonly name: string;
  readonly invoke: Invoke;
  readonly tellsFingerprint: boolean;
  readonly tally: Tally;
  /** Whether a region's cart still holds what an order was placed for, although nobody has been told that it could not be taken out. */
  readonly isLeftInCart: (userId: string, region: Region, orderId: string) => boolean;
}

/** Those who change carts and place orders, with what they were told. */
export class Customers {
  readonly acknowledged = new Map<string, Acknowledged[]>();
  /** Answers that cannot be right, a sentence each. */
  readonly faults: string[] = [];
  /** The cart that a customer saw when first using a key: repeats tell the same. */
  private readonly seen = new Map<string, SeenCart>();
  private checkouts = 0;

  constructor(private readonly props: CustomersProps) {}

  user(user: number): string {
    return `${this.props.name}-u${user}`;
  }

  async put(user: number, region: Region, sku: string, quantity: number): Promise<HttpResponse | "died"> {
    const line = { quantity, unitPriceMinor: sku.length * 100, currency: "EUR" };
    const request = httpRequest("PUT /cart/items/{sku}", { user: this.user(user), path: { sku }, body: line });
    const intent = { kind: "set", line: { sku, ...line } } as const;
    const response = await this.props.invoke(region, (shop) => shop.cart(request), undefined, intent);
    const has = ({ lines }: ShownCart) => lines.some((it) => described([it]) === described([intent.line]));
    if (isShown(response) && !has(bodyOf(response) as unknown as ShownCart))
      this.faults.push(`a change was answered with a cart that lacks ${described([intent.line])}`);
    return response;
  }

  async remove(user: number, region: Region, sku: string): Promise<void> {
    const request = httpRequest("DELETE /cart/items/{sku}", { user: this.user(user), path: { sku } });
    const response = await this.props.invoke(region, (shop) => shop.cart(request), undefined, { kind: "remove", sku });
    if (isShown(response) && (bodyOf(response) as unknown as ShownCart).lines.some((it) => it.sku === sku))
      this.faults.push(`a removal was answered with a cart that holds ${sku}`);
  }

  async buy({ user, key, region, repeatRegion, dies }: Extract<Act, { kind: "buy" }>): Promise<void> {
    const name = `${this.user(user)}-k${key}`;
    const looked = this.seen.has(name) ? undefined : await this.look(user, region);
    // A client keeps to one cart per key, also when it does two things at once.
    const seen = this.seen.get(name) ?? looked;
    if (seen === undefined) return;
    this.seen.set(name, seen);
    for (const [attempt, place] of [region, repeatRegion, region].entries()) {
      const response = await this.checkOut(user, name, place, seen, attempt === 0 ? dies : undefined);
      if (response === "died" || Number(response.statusCode) >= 500) continue;
      if (this.acknowledge(user, name, place, response) && place !== region)
        this.props.tally.repeatsAnsweredElsewhere += 1;
      return;
    }
  }

  private checkOut(
    user: number,
    key: string,
    region: Region,
    seen: SeenCart | undefined,
    dies?: Dying,
  ): Promise<HttpResponse | "died"> {
    this.checkouts += 1;
    const request = httpRequest("POST /checkout", {
      user: this.user(user),
      // Tells the orders apart that two regions have placed under one key.
      headers: { "idempotency-key": key, "x-correlation-id": `${this.props.name}-${this.checkouts}` },
      ...(seen === undefined || !this.props.tellsFingerprint ? {} : { body: { cartFingerprint: seen.fingerprint } }),
    });
    return this.props.invoke(region, (shop) => shop.checkout(request), dies, "order");
  }

  /** The customer's cart, with something in it. */
  private async look(user: number, region: Region): Promise<SeenCart | undefined> {
    const show = httpRequest("GET /cart", { user: this.user(user) });
    let cart = await this.props.invoke(region, (shop) => shop.cart(show));
    if (isShown(cart) && (bodyOf(cart)["lines"] as unknown[]).length === 0)
      cart = await this.put(user, region, "mug", 1);
    if (!isShown(cart)) return undefined;
    const { fingerprint, lines } = bodyOf(cart) as unknown as ShownCart;
    return {
      fingerprint,
      totalMinor: lines.reduce((total, line) => total + line.quantity * line.unitPriceMinor, 0),
    };
  }

  async reuseKey(user: number): Promise<void> {
    const last = this.acknowledged.get(this.user(user))?.at(-1);
    if (last === undefined) return;
    await this.put(user, last.region, "plate", 1);
    const response = await this.checkOut(user, last.key, last.region, undefined);
    if (response !== "died") this.acknowledge(user, last.key, last.region, response);
  }

  private acknowledge(user: number, key: string, region: Region, response: HttpResponse): boolean {
    if (response.statusCode === 422) this.props.tally.keysRefused += 1;
    if (response.statusCode !== 200 && response.statusCode !== 201) return false;
    this.props.tally.acknowledged += 1;
    const { orderId, totalMinor } = bodyOf(response);
    const list = this.acknowledged.get(this.user(user)) ?? [];
    const seenTotalMinor = this.props.tellsFingerprint ? this.seen.get(key)?.totalMinor : undefined;
    if (this.props.isLeftInCart(this.user(user), region, String(orderId)))
      this.faults.push(`order ${orderId} has left its lines in the cart`);
    list.push({ orderId: String(orderId), totalMinor: Number(totalMinor), seenTotalMinor, key, region });
    this.acknowledged.set(this.user(user), list);
    return true;
  }
}
