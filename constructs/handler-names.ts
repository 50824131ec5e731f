/** Entry points in `handlers/`, one function each. */
export const HANDLER_NAMES = ["health", "live", "cart", "checkout", "order", "payment-worker", "sweep"] as const;
export type HandlerName = (typeof HANDLER_NAMES)[number];

/** Functions that no caller waits for. */
export const BACKGROUND_HANDLER_NAMES = ["payment-worker", "sweep"] as const satisfies readonly HandlerName[];
