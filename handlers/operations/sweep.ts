import { errorFields, type Log } from "../log";
import type { Metrics, OrderStore, PaymentQueue, UnpaidOrder } from "../ports";

export interface SweepDependencies {
  readonly orders: OrderStore;
  readonly queue: PaymentQueue;
  readonly region: string;
  readonly peerRegions: readonly string[];
  /** Seconds since it was last enqueued after which an unpaid order of this region is enqueued again. */
  readonly ownAgeSeconds: number;
  /** The same for a peer's order: longer, so that only a peer whose own sweep has stopped loses its orders to this one. */
  readonly takeoverAgeSeconds: number;
  /** Orders that one run enqueues at most. */
  readonly maxOrders: number;
  readonly nowMs: () => number;
  readonly metrics: Metrics;
  readonly log: Log;
}

export interface SweepResult {
  readonly enqueued: number;
  readonly failed: number;
}

/** Some orders could not be enqueued. They stay unpaid in the table, and the next run tries them again. */
export class SweepError extends Error {
  override readonly name = "SweepError";
}

/**
 * Enqueues orders that have been unpaid for too long: the region's own, whose message was never sent or has gone to rest,
 * and those of a peer region that seems to be lost with its queue. An order is enqueued first and marked as such afterwards, so that
 * a run that dies in between enqueues twice, which is harmless, rather than not at all. The mark sends the order to the back: however
 * many can never be paid, the others get their turn.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html
 */
export const makeSweepHandler = (dependencies: SweepDependencies) => async (): Promise<SweepResult> => {
  const { log, metrics, region } = dependencies;
  const result = await enqueueAll(dependencies, await overdueOrders(dependencies));
  if (result.enqueued > 0) metrics.count("OrdersSwept", result.enqueued);
  log(result.failed === 0 ? "INFO" : "ERROR", "sweep-done", { ...result });
  if (result.failed > 0) {
    throw new SweepError(`sweep in ${region}: ${result.failed} orders not enqueued, ${result.enqueued} enqueued`);
  }
  return result;
};

/** The orders to enqueue, whichever region's have waited longest first, `maxOrders` in all. */
async function overdueOrders(dependencies: SweepDependencies): Promise<UnpaidOrder[]> {
  const { orders, region, peerRegions, ownAgeSeconds, takeoverAgeSeconds, maxOrders, nowMs } = dependencies;
  const now = nowMs();
  const due = [
    { owner: region, ageSeconds: ownAgeSeconds },
    ...peerRegions.map((peer) => ({ owner: peer, ageSeconds: takeoverAgeSeconds })),
  ];
  const found = new Map<string, UnpaidOrder>(); // Replication may move an order to another owner while this runs.
  for (const { owner, ageSeconds } of due) {
    const unpaid = await orders.listUnpaid(owner, now - ageSeconds * 1_000, maxOrders);
    for (const order of unpaid) found.set(order.orderId, order);
  }
  return [...found.values()].sort((a, b) => a.lastEnqueuedAtMs - b.lastEnqueuedAtMs).slice(0, maxOrders);
}

async function enqueueAll(dependencies: SweepDependencies, overdue: readonly UnpaidOrder[]): Promise<SweepResult> {
  const { queue, log } = dependencies;
  let enqueued = 0;
  let failed = 0;
  for (let start = 0; start < overdue.length; start += queue.batchSize) {
    const batch = overdue.slice(start, start + queue.batchSize);
    try {
      const failures = await queue.sendBatch(batch.map(({ orderId }) => orderId));
      for (const failure of failures) log("ERROR", "order-not-enqueued", { ...failure });
      enqueued += batch.length - failures.length;
      failed += failures.length;
      const refused = new Set(failures.map(({ orderId }) => orderId));
      await noteEnqueued(
        dependencies,
        batch.filter(({ orderId }) => !refused.has(orderId)),
      );
    } catch (error) {
      // The queue as a whole does not answer. The rest would only wait for the same time-out.
      log("ERROR", "orders-not-enqueued", { count: overdue.length - start, ...errorFields(error) });
      return { enqueued, failed: failed + overdue.length - start };
    }
  }
  return { enqueued, failed };
}

/** An order that cannot be marked is enqueued once more by the next run. */
async function noteEnqueued({ orders, nowMs, log }: SweepDependencies, batch: readonly UnpaidOrder[]): Promise<void> {
  const now = nowMs();
  const marks = await Promise.allSettled(batch.map((order) => orders.noteEnqueued(order, now)));
  for (const mark of marks) {
    if (mark.status === "rejected") log("WARN", "enqueueing-not-noted", errorFields(mark.reason));
  }
}
