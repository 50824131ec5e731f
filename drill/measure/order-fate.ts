/** What became of an acknowledged order, in the tables of every region and in the vendor's ledger. */
export interface OrderFate {
  readonly orderId: string;
  readonly userId: string;
  /** Region that acknowledged it. */
  readonly region: string;
  readonly acknowledgedAtMs: number;
  readonly isPresent: boolean;
  readonly status: string | undefined;
  readonly charges: number;
  /** Whether the acknowledged, stored and charged amounts are equal. */
  readonly isAmountRight: boolean;
}
