/** Entry points in `handlers/` of which each region has one function each. */
export const REGIONAL_HANDLER_NAMES = [
  "health",
  "live",
  "cart",
  "checkout",
  "order",
  "payment-worker",
  "sweep",
  "heartbeat",
] as const;
export type RegionalHandlerName = (typeof REGIONAL_HANDLER_NAMES)[number];

/** Every entry point; the last one is a function of the standby alone. */
export const HANDLER_NAMES = [...REGIONAL_HANDLER_NAMES, "primary-watch"] as const;
export type HandlerName = (typeof HANDLER_NAMES)[number];

/** A region's functions that no caller waits for. */
export const BACKGROUND_HANDLER_NAMES = [
  "payment-worker",
  "sweep",
  "heartbeat",
] as const satisfies readonly RegionalHandlerName[];
