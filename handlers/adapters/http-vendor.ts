import * as z from "zod/mini";
import { withinDeadline } from "../deadline";
import type { Money, Verdict } from "../domain/order";
import type { Charge, PaymentVendor, VendorKey } from "../ports";

/** The vendor gave no verdict, and may give one later: it did not answer in time, is overloaded, or has a fault of its own. */
export class VendorUnavailableError extends Error {
  override readonly name = "VendorUnavailableError";
}

/** The vendor refused the request. A retry does not help before a person has corrected the cause. */
export class VendorRefusalError extends Error {
  override readonly name = "VendorRefusalError";
}

export interface HttpVendorProps {
  readonly url: string;
  /** Milliseconds that one request may take. */
  readonly timeoutMs: number;
  readonly key: VendorKey;
}

const CHARGED_STATUSES: readonly number[] = [200, 201];
/** Being worked on: whether it will be charged is not known yet. */
const ACCEPTED = 202;
const PAYMENT_REQUIRED = 402;

/** Statuses that say "later": a time-out, the same key being worked on at this moment, too early, too many requests. */
const PASSING_STATUSES: readonly number[] = [408, 409, 425, 429];

/** More than a verdict needs; a vendor that sends more is not read to its end. */
const MAX_ANSWER_BYTES = 16_384;

const chargedBody = z.object({
  amountMinor: z.int().check(z.minimum(0)),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
});

interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

/**
 * The vendor over HTTP, one attempt. A charge is a POST with the order's id as `Idempotency-Key`; 200 or 201 says it is paid and tells the
 * amount, 402 that it is declined; anything else is no verdict. `docs/checkout-service.md` has what a vendor must keep to.
 */
export class HttpVendor implements PaymentVendor {
  constructor(private readonly props: HttpVendorProps) {}

  async charge(charge: Charge, signal: AbortSignal): Promise<Verdict> {
    const key = await this.props.key.current();
    let answer = await this.post(charge, key, signal);
    if (answer.statusCode === 401) {
      // The key may have been rotated since it was read. When it was not, asking again is no use.
      const newKey = await this.props.key.after(key);
      if (newKey !== key) answer = await this.post(charge, newKey, signal);
    }
    return verdictOf(answer);
  }

  private async post(charge: Charge, key: string, signal: AbortSignal): Promise<Answer> {
    try {
      const ask = (bounded: AbortSignal) => this.ask(charge, key, bounded);
      return await withinDeadline(this.props.timeoutMs, "no answer from the payment vendor", ask, signal);
    } catch (cause) {
      throw new VendorUnavailableError("the payment vendor did not answer", { cause });
    }
  }

  private async ask(charge: Charge, key: string, signal: AbortSignal): Promise<Answer> {
    const { orderId, amountMinor, currency, correlationId } = charge;
    const response = await fetch(this.props.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${key}`,
        "idempotency-key": orderId,
        "x-correlation-id": correlationId,
      },
      body: JSON.stringify({ orderId, amountMinor, currency }),
      redirect: "manual", // A redirect is no verdict, and must not carry the key elsewhere.
      signal,
    });
    return { statusCode: response.status, body: await boundedText(response) };
  }
}

function verdictOf({ statusCode, body }: Answer): Verdict {
  if (statusCode === PAYMENT_REQUIRED) return { outcome: "DECLINED" };
  if (CHARGED_STATUSES.includes(statusCode)) return { outcome: "PAID", charged: chargedOf(body) };
  const message = `expected 200, 201 or 402 from the payment vendor, got ${statusCode}`;
  if (statusCode === ACCEPTED || statusCode >= 500 || PASSING_STATUSES.includes(statusCode))
    throw new VendorUnavailableError(message);
  throw new VendorRefusalError(message);
}

/** What the vendor says it charged. A page that says something else, about maintenance for instance, is no verdict. */
function chargedOf(body: string): Money {
  try {
    return chargedBody.parse(JSON.parse(body));
  } catch {
    throw new VendorUnavailableError(
      "expected the charged amount and currency from the payment vendor, got another body",
    );
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) break; // Leaving the loop cancels the rest.
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
