import type { OrderLine } from "./cart-lines";
import type { CartState, Change, Seen } from "./cart-state";

/** Stands for a region in items from before carts were merged: one item a user, that every region wrote. Nobody writes them any more. */
export const ONE_ITEM = "one-item";

/** An order that took lines out of a cart, by this change. */
export interface HandedOver extends Change {
  readonly orderId: string;
  /** In SKU order. Empty where only the client has told of the order. */
  readonly lines: readonly OrderLine[];
  /** What the order had seen of the cart: it took every line of that, here or wherever it was placed. */
  readonly seen: Seen;
  /** By the clock of the region that made the change. */
  readonly atMs: number;
}

/**
 * What one region has written of a user's cart: all that it had seen, and its own latest change. The region alone writes it; others read
 * it, so that two regions never write one item.
 */
export interface RegionalCart extends CartState {
  readonly userId: string;
  readonly region: string;
  /** Oldest first. A repeat of a checkout finds its order here, also where the order itself has not arrived yet. */
  readonly handedOver: readonly HandedOver[];
  readonly updatedAtMs: number;
  readonly expiresAtSeconds: number;
}

/** Number of the region's latest change. */
export function numberOf({ seen, region }: RegionalCart): number {
  return seen.get(region) ?? 0;
}
