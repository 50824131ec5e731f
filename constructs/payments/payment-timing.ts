/**
 * Times of the payment of an order, in seconds. They depend on each other: a sweep must not enqueue an order again while the queue may
 * still retry its message, or a vendor's outage would multiply the messages.
 */

/** Longest time for charging one order: three requests to the vendor and a read of its key, each with a time-out. */
export const CHARGE_DEADLINE_SECONDS = 45;

/** Time-out of the payment worker: room for the charge and for the table's two calls at their slowest. */
export const WORKER_TIMEOUT_SECONDS = CHARGE_DEADLINE_SECONDS + 15;

/** A received message stays hidden for six time-outs (lambda/latest/dg/services-sqs-configure). */
export const VISIBILITY_TIMEOUT_SECONDS = 6 * WORKER_TIMEOUT_SECONDS;

/** Failed receives after which SQS moves a message to the dead-letter queue. */
export const MAX_RECEIVE_COUNT = 5;

/** Age at which the sweep enqueues an order of its own region again, since it was last enqueued: all retries of the queue plus five minutes. */
export const SWEEP_OWN_AGE_SECONDS = MAX_RECEIVE_COUNT * VISIBILITY_TIMEOUT_SECONDS + 300;

/** Age at which the sweep takes over an order of the other region, whose own sweep has stopped or cannot keep up. */
export const SWEEP_TAKEOVER_AGE_SECONDS = 3600;

/** Minutes between two sweeps. */
export const SWEEP_RATE_MINUTES = 5;
