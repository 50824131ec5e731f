import type { Order } from "../../../handlers/domain/order";
import type { Acknowledged } from "./customers";
import type { MovedMoney } from "./vendor-double";

/** What is wrong with an order, by what its customer was told and the vendor has charged, a sentence each. */
export function orderFaults(order: Order, told: readonly Acknowledged[], moved: readonly MovedMoney[]): string[] {
  const { orderId, status, totalMinor, lines } = order;
  const charges = moved.filter((charge) => charge.orderId === orderId).map(({ amountMinor }) => amountMinor);
  const sum = lines.reduce((total, line) => total + line.quantity * line.unitPriceMinor, 0);
  const faults: string[] = [];
  if (status === "PENDING_PAYMENT") faults.push(`order ${orderId} was never paid`);
  if (charges.length > 1) faults.push(`order ${orderId} was charged ${charges.length} times`);
  if (charges.length !== (status === "PAID" ? 1 : 0))
    faults.push(`order ${orderId} is ${status} after ${charges.length} charges`);
  if (charges.some((charged) => charged !== totalMinor))
    faults.push(`order ${orderId} over ${totalMinor} was charged ${charges}`);
  if (sum !== totalMinor) faults.push(`order ${orderId} over ${totalMinor} has lines over ${sum}`);
  const wrong = told.find((one) => one.totalMinor !== totalMinor);
  if (wrong !== undefined) faults.push(`order ${orderId} over ${totalMinor} was acknowledged over ${wrong.totalMinor}`);
  const unseen = told.find(({ seenTotalMinor }) => seenTotalMinor !== undefined && seenTotalMinor !== totalMinor);
  if (unseen !== undefined)
    faults.push(`order ${orderId} is over ${totalMinor}, the customer saw ${unseen.seenTotalMinor}`);
  return faults;
}
