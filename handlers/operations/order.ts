import { NotFoundError } from "../domain/errors";
import type { Order } from "../domain/order";
import { isOrderId } from "../domain/order-id";
import { userOf } from "../http-request";
import { answeringErrors, type HttpHandler, jsonResponse } from "../http-response";
import type { OrderStore } from "../ports";

export function makeOrderHandler(orders: OrderStore): HttpHandler {
  return answeringErrors(async (request) => {
    const userId = userOf(request);
    const orderId = request.pathParameters?.["orderId"] ?? "";
    const order = isOrderId(orderId) ? await orders.read(orderId) : undefined;
    if (order === undefined || order.userId !== userId) throw new NotFoundError("you have no such order");
    return jsonResponse(200, orderView(order));
  });
}

/** What the owner sees of an order. */
export function orderView(order: Order) {
  const { orderId, status, lines, totalMinor, currency, placedAtMs, paidAtMs, declinedAtMs } = order;
  return { orderId, status, lines, totalMinor, currency, placedAtMs, paidAtMs, declinedAtMs };
}
