import type { HandlerName } from "./handler-names";
import type { HttpApiRoute, RouteThrottling } from "./http-api";

/** The API's routes; each target is a handler's name. */
export type CheckoutRoute = HttpApiRoute & { readonly target: HandlerName };

/**
 * Budget of the health route alone. About 16 checkers ask once in 10 s each; the rest is headroom, so that neither a throttled API
 * nor a curious crowd at the health route makes the checkers' requests fail and traffic leave a healthy region.
 */
const HEALTH_THROTTLING: RouteThrottling = { burstLimit: 200, rateLimitPerSecond: 100 };

/** What the API serves. `/health` and `/live` are open, since Route 53's checkers carry no token. */
export function checkoutRoutes(healthPath: string): readonly CheckoutRoute[] {
  return [
    { method: "GET", path: healthPath, target: "health", authorization: "NONE", throttling: HEALTH_THROTTLING },
    { method: "GET", path: "/live", target: "live", authorization: "NONE" },
    { method: "GET", path: "/cart", target: "cart", authorization: "JWT" },
    { method: "PUT", path: "/cart/items/{sku}", target: "cart", authorization: "JWT" },
    { method: "DELETE", path: "/cart/items/{sku}", target: "cart", authorization: "JWT" },
    { method: "POST", path: "/checkout", target: "checkout", authorization: "JWT" },
    { method: "GET", path: "/orders/{orderId}", target: "order", authorization: "JWT" },
  ];
}
