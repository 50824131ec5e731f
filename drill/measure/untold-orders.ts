/** A charged order of which no customer was told: no answer came, or another one than this order. */
export interface UntoldOrder {
  readonly orderId: string;
  /** Whom the stored order belongs to; undefined where it is stored nowhere, or without a user. */
  readonly userId: string | undefined;
  readonly isPresent: boolean;
  readonly charges: number;
  /** The amount that was charged is the stored one. */
  readonly isAmountRight: boolean;
}

/** A checkout that ended without an order in the customer's hands, though a request of it may have placed one. */
export interface OpenCheckout {
  readonly userId: string;
}

/**
 * Untold orders that should not have been charged: each open checkout accounts for one order of its customer, which must be in every
 * table. A second order for one idempotency key is therefore left over.
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
