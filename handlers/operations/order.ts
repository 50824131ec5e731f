import { RequestError } from "../domain/errors";
import type { Order } from "../domain/order";
import { type HttpHandler, makeHttpHandler } from "../http-handler";
import { userOf } from "../http-request";
import { jsonResponse } from "../http-response";
import type { Log } from "../log";
import type { OrderStore } from "../ports";
import { noQuery, orderIdParameter, parse } from "../request-schemas";

export function makeOrderHandler(orders: OrderStore, log: Log): HttpHandler {
  return makeHttpHandler(log, async (request) => {
    const userId = userOf(request);
    parse(noQuery, request.queryStringParameters ?? {}, "query");
    const orderId = parse(orderIdParameter, request.pathParameters?.["orderId"], { path: "orderId" });
    const order = await orders.read(orderId);
    if (order === undefined || order.userId !== userId) throw new RequestError("not-found", "you have no such order");
    return jsonResponse(200, orderView(order));
  });
}

/** What the owner sees of an order. */
export function orderView(order: Order) {
  const { orderId, status, lines, totalMinor, currency, placedAtMs, paidAtMs, declinedAtMs } = order;
  return { orderId, status, lines, totalMinor, currency, placedAtMs, paidAtMs, declinedAtMs };
}
