import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { withinDeadline } from "../deadline";
import type { Order, Verdict } from "../domain/order";
import { parsePaymentMessage } from "../domain/payment-message";
import { errorFields, type Log, withFields } from "../log";
import type { Metrics, OrderStore, PaymentVendor } from "../ports";

export interface PaymentWorkerDependencies {
  readonly orders: OrderStore;
  readonly vendor: PaymentVendor;
  /** Milliseconds that one order's charge may take in all, repeats and reads of the vendor's key included. */
  readonly chargeDeadlineMs: number;
  readonly nowMs: () => number;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Charges the orders of one batch, all at once. Reports the messages that failed, and only those: they become visible again
 * after the queue's time-out, and rest in the dead-letter queue when they have failed too often.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const makePaymentWorkerHandler =
  (dependencies: PaymentWorkerDependencies) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const outcomes = await Promise.all(event.Records.map((record) => handleRecord(dependencies, record)));
    return { batchItemFailures: outcomes.flat() };
  };

/** Never rejects: one message's failure must not make Lambda deliver its whole batch again. */
async function handleRecord(
  dependencies: PaymentWorkerDependencies,
  { messageId, attributes, body }: SQSRecord,
): Promise<readonly SQSBatchItemFailure[]> {
  const receiveCount = Number(attributes.ApproximateReceiveCount);
  let log = withFields(dependencies.log, { messageId, receiveCount });
  try {
    const order = await readOrder(dependencies.orders, parsePaymentMessage(body));
    log = withFields(log, { orderId: order.orderId, correlationId: order.correlationId });
    await payOrder({ ...dependencies, log }, order);
    return [];
  } catch (error) {
    log("ERROR", "payment-failed", errorFields(error));
    return [{ itemIdentifier: messageId }];
  }
}

class UnknownOrderError extends Error {
  override readonly name = "UnknownOrderError";
}

async function readOrder(orders: OrderStore, orderId: string): Promise<Order> {
  const order = await orders.read(orderId);
  if (order === undefined) throw new UnknownOrderError(`order ${orderId} is not in this region's table`);
  return order;
}

async function payOrder(dependencies: PaymentWorkerDependencies, order: Order): Promise<void> {
  const { orders, nowMs, metrics, log } = dependencies;
  if (order.status !== "PENDING_PAYMENT") {
    log("INFO", "payment-skipped", { status: order.status });
    return;
  }
  const verdict = await charge(dependencies, order);
  reportMismatch(dependencies, order, verdict);
  // False for a duplicate that was faster: the vendor, given the same id, has told both the same.
  const settled = await orders.settle(order.orderId, verdict, nowMs());
  if (settled) metrics.count(verdict.outcome === "PAID" ? "OrdersPaid" : "OrdersDeclined");
  log("INFO", settled ? "payment-settled" : "payment-already-settled", { outcome: verdict.outcome });
}

async function charge({ vendor, chargeDeadlineMs }: PaymentWorkerDependencies, order: Order): Promise<Verdict> {
  const { orderId, totalMinor: amountMinor, currency, correlationId } = order;
  // A gift: vendors refuse to charge nothing.
  if (amountMinor === 0) return { outcome: "PAID", charged: { amountMinor, currency } };
  return withinDeadline(chargeDeadlineMs, "no verdict from the payment vendor", (signal) =>
    vendor.charge({ orderId, amountMinor, currency, correlationId }, signal),
  );
}

/**
 * Two regions that could not see each other may have taken one key for different carts, where the client told no fingerprint. The vendor
 * has charged the first and answers the second with that: money has moved, and a person must set it right.
 */
function reportMismatch({ metrics, log }: PaymentWorkerDependencies, order: Order, verdict: Verdict): void {
  if (verdict.outcome !== "PAID") return;
  const { amountMinor, currency } = verdict.charged;
  if (amountMinor === order.totalMinor && currency === order.currency) return;
  metrics.count("AmountMismatches");
  log("ERROR", "amount-mismatch", {
    totalMinor: order.totalMinor,
    chargedMinor: amountMinor,
    chargedCurrency: currency,
  });
}
