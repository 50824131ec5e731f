/**
 * How long an unpaid order waits for whom, in seconds. The numbers hang together: while the queue may still try a message, nobody
 * enqueues its order again, or a vendor's outage would multiply the messages.
 */

/** Time-out of the payment worker: room for two vendor calls and two reads of its key at their slowest. */
export const WORKER_TIMEOUT_SECONDS = 60;

/** A received message stays hidden for six time-outs (lambda/latest/dg/services-sqs-configure). */
export const VISIBILITY_TIMEOUT_SECONDS = 6 * WORKER_TIMEOUT_SECONDS;

/** Failed receives after which a message rests in the dead-letter queue. */
export const MAX_RECEIVE_COUNT = 5;

/** When the sweep enqueues an order of its own region again: once the queue has given up on it, and five minutes more. */
export const SWEEP_OWN_AGE_SECONDS = MAX_RECEIVE_COUNT * VISIBILITY_TIMEOUT_SECONDS + 300;

/** When the sweep takes over an order of the other region: long enough for that region's own sweep to have come first. */
export const SWEEP_TAKEOVER_AGE_SECONDS = 3600;

/** Minutes between two sweeps. */
export const SWEEP_RATE_MINUTES = 5;
