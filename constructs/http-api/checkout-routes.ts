import type { RegionalHandlerName } from "../functions/handler-names";
import type { HttpApiRoute, RouteThrottling } from "./http-api";

/** The API's routes; each target is a handler's name. */
export type CheckoutRoute = HttpApiRoute & { readonly target: RegionalHandlerName };

/**
 * Separate budget of the health route, so that a throttled API neither fails the checkers' requests nor moves traffic away from a healthy
 * region. About 16 checkers send one request in 10 s each; the rest is headroom for other callers, since the route is open. A flood beyond
 * the budget can still make a healthy region look unhealthy: a secret health path prevents that.
 */
const HEALTH_THROTTLING: RouteThrottling = { burstLimit: 1000, rateLimitPerSecond: 1000 };

/** The shallow route is open as well; its budget is separate from every other route's. */
const LIVE_THROTTLING: RouteThrottling = { burstLimit: 100, rateLimitPerSecond: 50 };

/** What the API serves. `/health` and `/live` are open, since Route 53's checkers carry no token. */
export function checkoutRoutes(healthPath: string): readonly CheckoutRoute[] {
  return [
    { method: "GET", path: healthPath, target: "health", authorization: "NONE", throttling: HEALTH_THROTTLING },
    { method: "GET", path: "/live", target: "live", authorization: "NONE", throttling: LIVE_THROTTLING },
    { method: "GET", path: "/cart", target: "cart", authorization: "JWT" },
    { method: "PUT", path: "/cart/items/{sku}", target: "cart", authorization: "JWT" },
    { method: "DELETE", path: "/cart/items/{sku}", target: "cart", authorization: "JWT" },
    { method: "POST", path: "/checkout", target: "checkout", authorization: "JWT" },
    { method: "GET", path: "/orders/{orderId}", target: "order", authorization: "JWT" },
  ];
}
