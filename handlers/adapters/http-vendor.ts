import type { PaymentOutcome } from "../domain/order";
import type { Charge, PaymentVendor, VendorKey } from "../ports";

/** The vendor answered, but neither charged nor declined. */
export class VendorStatusError extends Error {
  override readonly name = "VendorStatusError";

  constructor(readonly statusCode: number) {
    super(`expected 2xx or 402 from the payment vendor, got ${statusCode}`);
  }
}

export interface HttpVendorProps {
  readonly url: string;
  readonly timeoutMs: number;
  readonly key: VendorKey;
}

export class HttpVendor implements PaymentVendor {
  constructor(private readonly props: HttpVendorProps) {}

  async charge(charge: Charge): Promise<PaymentOutcome> {
    const key = await this.props.key.current();
    let statusCode = await this.post(charge, key);
    if (statusCode === 401) {
      // The key may have been rotated since it was read. When it was not, asking again is no use.
      const newKey = await this.props.key.after(key);
      if (newKey !== key) statusCode = await this.post(charge, newKey);
    }
    if (statusCode >= 200 && statusCode < 300) return "PAID";
    if (statusCode === 402) return "DECLINED";
    throw new VendorStatusError(statusCode);
  }

  private async post(charge: Charge, key: string): Promise<number> {
    const response = await fetch(this.props.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${key}`,
        "idempotency-key": charge.orderId,
      },
      body: JSON.stringify({ orderId: charge.orderId, amountMinor: charge.amountMinor, currency: charge.currency }),
      redirect: "manual", // A redirect is no verdict, and must not carry the key elsewhere.
      signal: AbortSignal.timeout(this.props.timeoutMs),
    });
    await response.body?.cancel(); // Frees the connection; the status says it all.
    return response.status;
  }
}
