import {
  ConsecutiveBreaker,
  circuitBreaker,
  decorrelatedJitterGenerator,
  ExponentialBackoff,
  handleType,
  handleWhen,
  retry,
  wrap,
} from "cockatiel";
import type { Verdict } from "../domain/order";
import type { Charge, Metrics, PaymentVendor } from "../ports";
import { VendorRefusalError, VendorUnavailableError } from "./http-vendor";

export interface ResilienceLimits {
  /** Attempts in all, the first one included. */
  readonly maxAttempts: number;
  /** Milliseconds around which the first wait lies; later ones grow, each with jitter. */
  readonly firstRetryDelayMs: number;
  /** Failed attempts in a row, over all charges of this process, that open the circuit. */
  readonly breakerThreshold: number;
  /** Milliseconds for which an open circuit fails every charge unasked; then one attempt decides. */
  readonly breakerOpenMs: number;
}

const MAX_RETRY_DELAY_MS = 5_000;

/**
 * Asks a vendor again when it gave no verdict, and stops asking for a while when it gives none to anybody: a vendor that comes back
 * meets few requests at first, and a batch does not wait for one time-out after the other. What fails here stays in the queue.
 */
export class ResilientVendor implements PaymentVendor {
  private readonly policy;

  constructor(
    private readonly vendor: PaymentVendor,
    limits: ResilienceLimits,
    private readonly metrics: Metrics,
  ) {
    const passing = handleType(VendorUnavailableError);
    const retries = retry(passing, {
      maxAttempts: limits.maxAttempts - 1, // cockatiel counts the repeats alone.
      backoff: new ExponentialBackoff({
        generator: decorrelatedJitterGenerator,
        initialDelay: limits.firstRetryDelayMs,
        maxDelay: MAX_RETRY_DELAY_MS,
      }),
    });
    // A refusal is an answer; whatever else went wrong before one, the key's reading for instance, is none.
    const unanswered = handleWhen((error) => !(error instanceof VendorRefusalError));
    const breaker = circuitBreaker(unanswered, {
      breaker: new ConsecutiveBreaker(limits.breakerThreshold),
      halfOpenAfter: limits.breakerOpenMs,
    });
    this.policy = wrap(retries, breaker);
  }

  charge(charge: Charge, signal: AbortSignal): Promise<Verdict> {
    return this.policy.execute(() => this.attempt(charge, signal), signal);
  }

  private async attempt(charge: Charge, signal: AbortSignal): Promise<Verdict> {
    try {
      return await this.vendor.charge(charge, signal);
    } catch (error) {
      if (error instanceof VendorUnavailableError || error instanceof VendorRefusalError)
        this.metrics.count("VendorFailures");
      throw error;
    }
  }
}
