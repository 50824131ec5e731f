/**
 * How long an unpaid order waits for whom, in seconds. The numbers hang together: while the queue may still try a message, no sweep
 * enqueues its order again, or a vendor's outage would multiply the messages.
 */

/** What one order's charge may take: three requests to the vendor and a read of its key, the slower ones cut short. */
export const CHARGE_DEADLINE_SECONDS = 45;

/** Time-out of the payment worker: room for the charge and for the table's two calls at their slowest. */
export const WORKER_TIMEOUT_SECONDS = CHARGE_DEADLINE_SECONDS + 15;

/** A received message stays hidden for six time-outs (lambda/latest/dg/services-sqs-configure). */
export const VISIBILITY_TIMEOUT_SECONDS = 6 * WORKER_TIMEOUT_SECONDS;

/** Failed receives after which a message rests in the dead-letter queue. */
export const MAX_RECEIVE_COUNT = 5;

/** When the sweep enqueues an order of its own region again: once the queue has given up on it, and five minutes more, since it was last enqueued. */
export const SWEEP_OWN_AGE_SECONDS = MAX_RECEIVE_COUNT * VISIBILITY_TIMEOUT_SECONDS + 300;

/** When the sweep takes over an order that the other region has not enqueued for so long: its sweep has stopped, or cannot keep up. */
export const SWEEP_TAKEOVER_AGE_SECONDS = 3600;

/** Minutes between two sweeps. */
export const SWEEP_RATE_MINUTES = 5;
