import { type Cart, doubleSalesLearnt } from "./domain/cart";
import type { Log } from "./log";
import type { Metrics } from "./ports";

/** Tells people of each line that two regions have sold before either heard of the other's order: one of the orders must be refunded. */
export function reportDoubleSales(cart: Cart, region: string, metrics: Metrics, log: Log): void {
  for (const { orderIds, skus } of doubleSalesLearnt(cart, region)) {
    metrics.count("DoubleSales");
    log("ERROR", "lines-sold-twice", { orderId: orderIds[0], otherOrderId: orderIds[1], lines: skus.length });
  }
}
