import { errorFields, type Log } from "../log";
import type { OrderStore, PaymentQueue } from "../ports";

export interface SweepDependencies {
  readonly orders: OrderStore;
  readonly queue: PaymentQueue;
  readonly region: string;
  readonly peerRegions: readonly string[];
  readonly ownAgeSeconds: number;
  readonly takeoverAgeSeconds: number;
  readonly maxOrders: number;
  readonly nowMs: () => number;
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
 * and those of a peer region that seems to be lost with its queue. Enqueuing twice is harmless, missing one is not.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html
 */
export const makeSweepHandler = (dependencies: SweepDependencies) => async (): Promise<SweepResult> => {
  const { log, region } = dependencies;
  const result = await enqueueAll(dependencies, await overdueOrders(dependencies));
  log(result.failed === 0 ? "INFO" : "ERROR", "sweep-done", { region, ...result });
  if (result.failed > 0) {
    throw new SweepError(`sweep in ${region}: ${result.failed} orders not enqueued, ${result.enqueued} enqueued`);
  }
  return result;
};

/** Ids of the orders to enqueue: the own region's first, then each peer's, oldest first, `maxOrders` in all. */
async function overdueOrders(dependencies: SweepDependencies): Promise<string[]> {
  const { orders, region, peerRegions, ownAgeSeconds, takeoverAgeSeconds, maxOrders, nowMs } = dependencies;
  const now = nowMs();
  const due = [
    { region, ageSeconds: ownAgeSeconds },
    ...peerRegions.map((peer) => ({ region: peer, ageSeconds: takeoverAgeSeconds })),
  ];
  const orderIds = new Set<string>(); // Replication may move an order to another owner while this runs.
  for (const { region: owner, ageSeconds } of due) {
    const room = maxOrders - orderIds.size;
    if (room === 0) break;
    for (const orderId of await orders.listUnpaid(owner, now - ageSeconds * 1_000, room)) orderIds.add(orderId);
  }
  return [...orderIds];
}

async function enqueueAll({ queue, log }: SweepDependencies, orderIds: readonly string[]): Promise<SweepResult> {
  let enqueued = 0;
  let failed = 0;
  for (let start = 0; start < orderIds.length; start += queue.batchSize) {
    const batch = orderIds.slice(start, start + queue.batchSize);
    try {
      const failures = await queue.sendBatch(batch);
      for (const failure of failures) log("ERROR", "order-not-enqueued", { ...failure });
      enqueued += batch.length - failures.length;
      failed += failures.length;
    } catch (error) {
      // The queue as a whole does not answer. The rest would only wait for the same time-out.
      log("ERROR", "orders-not-enqueued", { count: orderIds.length - start, ...errorFields(error) });
      return { enqueued, failed: failed + orderIds.length - start };
    }
  }
  return { enqueued, failed };
}
