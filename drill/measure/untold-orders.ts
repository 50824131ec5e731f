/** A charged order without an acknowledged checkout: the answer was lost, or named another order. */
export interface UntoldOrder {
  readonly orderId: string;
  /** User of the stored order; undefined where no table holds it, or without a user. */
  readonly userId: string | undefined;
  readonly isPresent: boolean;
  readonly charges: number;
  /** Whether the charged amount is the stored one. */
  readonly isAmountRight: boolean;
}

/** A checkout without an acknowledged order, one of whose requests may have placed one. */
export interface OpenCheckout {
  readonly userId: string;
}

/**
 * Charges that nothing explains. Each open checkout explains one order of its user, if every table holds that order. A second order for the
 * same idempotency key is therefore unexplained.
 */
export function unexplained(orders: readonly UntoldOrder[], checkouts: readonly OpenCheckout[]): UntoldOrder[] {
  const open = [...checkouts];
  return orders.filter(({ userId, isPresent }) => {
    if (!isPresent) return true;
    const index = open.findIndex((checkout) => userId === undefined || checkout.userId === userId);
    if (index !== -1) open.splice(index, 1);
    return index === -1;
  });
}
