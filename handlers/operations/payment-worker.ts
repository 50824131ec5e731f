import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { parsePaymentMessage } from "../domain/payment-message";
import { errorFields, type Log } from "../log";
import type { OrderStore, PaymentVendor } from "../ports";

export interface PaymentWorkerDependencies {
  readonly orders: OrderStore;
  readonly vendor: PaymentVendor;
  readonly nowMs: () => number;
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
  record: SQSRecord,
): Promise<readonly SQSBatchItemFailure[]> {
  try {
    await payOrder(dependencies, parsePaymentMessage(record.body));
    return [];
  } catch (error) {
    const { messageId, attributes } = record;
    const receiveCount = Number(attributes.ApproximateReceiveCount);
    dependencies.log("ERROR", "payment-failed", { messageId, receiveCount, ...errorFields(error) });
    return [{ itemIdentifier: messageId }];
  }
}

class UnknownOrderError extends Error {
  override readonly name = "UnknownOrderError";
}

async function payOrder({ orders, vendor, nowMs, log }: PaymentWorkerDependencies, orderId: string): Promise<void> {
  const order = await orders.read(orderId);
  if (order === undefined) throw new UnknownOrderError(`order ${orderId} is not in this region's table`);
  if (order.status !== "PENDING_PAYMENT") {
    log("INFO", "payment-skipped", { orderId, status: order.status });
    return;
  }
  const outcome = await vendor.charge({ orderId, amountMinor: order.totalMinor, currency: order.currency });
  // False for a duplicate that was faster: the vendor, given the same id, has told both the same.
  const settled = await orders.settle(orderId, outcome, nowMs());
  log("INFO", settled ? "payment-settled" : "payment-already-settled", { orderId, outcome });
}
