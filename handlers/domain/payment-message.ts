import { ORDER_ID } from "./order-id";

/** A message that the payment worker can never make sense of, however often it is delivered. */
export class MalformedMessageError extends Error {
  override readonly name = "MalformedMessageError";
}

/** Only the id: what is to be paid is read from the order when its turn comes. */
export function paymentMessage(orderId: string): string {
  return JSON.stringify({ orderId });
}

export function parsePaymentMessage(body: string): string {
  const orderId = orderIdIn(body);
  if (typeof orderId !== "string" || !ORDER_ID.test(orderId)) {
    throw new MalformedMessageError('a payment message must be {"orderId": "<version 5 UUID>"}');
  }
  return orderId;
}

function orderIdIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { orderId?: unknown } | null)?.orderId;
  } catch {
    return undefined;
  }
}
