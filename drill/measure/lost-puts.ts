/** A line as carts show it and orders keep it. */
export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
  /** Price of one in the currency's minor unit. */
  readonly unitPriceMinor: number;
  readonly currency: string;
}

/** One `PUT /cart/items/{sku}` that was sent. Times are declared milliseconds since the drill began. */
export interface CartPut extends CartLine {
  readonly userId: string;
  /** Region of the connection. */
  readonly region: string;
  readonly startedAtMs: number;
  /** Undefined without an answer that says that it was done; it may have been done at any time after its start. */
  readonly acknowledgedAtMs?: number;
}

export type AcknowledgedPut = CartPut & Required<Pick<CartPut, "acknowledgedAtMs">>;

/** A user's cart as a region shows it. */
export interface ShownCart {
  readonly userId: string;
  readonly region: string;
  readonly lines: readonly CartLine[];
}

/** A line of a user. */
export interface UserLine extends CartLine {
  readonly userId: string;
}

/** A line in an order of the user. */
export interface OrderedLine extends UserLine {
  readonly orderId: string;
}

/**
 * Acknowledged puts that nothing accounts for. A put stands when its exact line is in an order of the user, or in the cart that every
 * region shows. A put that does not stand is accounted for by one of the same user and SKU that may rightly have replaced it and stands, or is
 * accounted for in turn.
 * @param carts - of each user, one for each region
 */
export function lostPuts(
  puts: readonly CartPut[],
  carts: readonly ShownCart[],
  ordered: readonly UserLine[],
): AcknowledgedPut[] {
  const orderedLines = new Set(ordered.map((line) => lineKey(line.userId, line)));
  const shownIn = new Map<string, number>();
  for (const { userId, lines } of carts)
    for (const key of new Set(lines.map((line) => lineKey(userId, line))))
      shownIn.set(key, (shownIn.get(key) ?? 0) + 1);
  const cartsOf = new Map<string, number>();
  for (const { userId } of carts) cartsOf.set(userId, (cartsOf.get(userId) ?? 0) + 1);
  const stands = (put: CartPut) => {
    const key = lineKey(put.userId, put);
    return orderedLines.has(key) || (shownIn.has(key) && shownIn.get(key) === cartsOf.get(put.userId));
  };
  return [...groupedByLine(puts).values()].flatMap((group) => {
    const accounted = accountedFor(group, stands);
    return group.filter((put): put is AcknowledgedPut => isAcknowledged(put) && !accounted.has(put));
  });
}

/** Puts of one user and SKU that stand, those that they may have replaced, those that these may have replaced, and so on. */
function accountedFor(group: readonly CartPut[], stands: (put: CartPut) => boolean): ReadonlySet<CartPut> {
  const accounted = new Set(group.filter(stands));
  for (const other of accounted) for (const put of group) if (mayReplace(other, put)) accounted.add(put);
  return accounted;
}

/** Users whose cart is not the same in each region. */
export function differingCarts(carts: readonly ShownCart[]): string[] {
  const contents = new Map<string, Set<string>>();
  for (const { userId, lines } of carts) {
    const content = lines.map((line) => lineKey(userId, line)).sort();
    contents.set(userId, (contents.get(userId) ?? new Set()).add(content.join("\n")));
  }
  return [...contents].filter(([, distinct]) => distinct.size > 1).map(([userId]) => userId);
}

/**
 * Whether a put may rightly have replaced another one of the same user and SKU. In one region a later put has seen every earlier one and
 * replaces it; of two under way at once either may be the later. Between regions one may not have seen the other: then the merge decides.
 */
function mayReplace(other: CartPut, put: CartPut): boolean {
  if (other.region === put.region) return (other.acknowledgedAtMs ?? Number.POSITIVE_INFINITY) > put.startedAtMs;
  return other.startedAtMs > (put.acknowledgedAtMs ?? put.startedAtMs) || beats(other, put);
}

/** Whether a line stays when two regions have set it unseen: more, then cheaper, then the alphabetically first currency. */
function beats(line: CartLine, other: CartLine): boolean {
  if (line.quantity !== other.quantity) return line.quantity > other.quantity;
  if (line.unitPriceMinor !== other.unitPriceMinor) return line.unitPriceMinor < other.unitPriceMinor;
  return line.currency < other.currency;
}

function isAcknowledged(put: CartPut): put is AcknowledgedPut {
  return put.acknowledgedAtMs !== undefined;
}

function groupedByLine(puts: readonly CartPut[]): Map<string, CartPut[]> {
  const groups = new Map<string, CartPut[]>();
  for (const put of puts) {
    const key = JSON.stringify([put.userId, put.sku]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [put]);
    else group.push(put);
  }
  return groups;
}

/** Tells lines of users apart by their whole content. */
export function lineKey(userId: string, { sku, quantity, unitPriceMinor, currency }: CartLine): string {
  return JSON.stringify([userId, sku, quantity, unitPriceMinor, currency]);
}
