import { type CartLine, lineKey, type OrderedLine } from "./lost-puts";

/** A line that was put into a cart once and is in more than one order. */
export interface DoubleSale extends CartLine {
  readonly userId: string;
  /** In alphabetical order. */
  readonly orderIds: readonly string[];
  /** Whether the customer was told of more than one of them. Otherwise a checkout without an answer has placed the others. */
  readonly isAcknowledged: boolean;
}

/**
 * Lines that a user has bought more than once. Each line of a drill has a price of its own, so two orders with the very same line hold what was put
 * into the cart once: the second region had not heard of the first one's order.
 * @param ordered - of all regions; an order that several hold counts once
 * @param acknowledgedIds - orders that a customer was told of
 */
export function doubleSales(ordered: readonly OrderedLine[], acknowledgedIds: ReadonlySet<string>): DoubleSale[] {
  const sales = new Map<string, { readonly line: OrderedLine; readonly orderIds: Set<string> }>();
  for (const line of ordered) {
    const key = lineKey(line.userId, line);
    const sale = sales.get(key) ?? { line, orderIds: new Set() };
    sales.set(key, sale);
    sale.orderIds.add(line.orderId);
  }
  return [...sales.values()]
    .filter(({ orderIds }) => orderIds.size > 1)
    .map(({ line: { orderId: _, ...line }, orderIds }) => ({
      ...line,
      orderIds: [...orderIds].sort(),
      isAcknowledged: [...orderIds].filter((id) => acknowledgedIds.has(id)).length > 1,
    }));
}
