import { createHash } from "node:crypto";
import type { Receipt } from "./domain/cart";
import { RequestError } from "./domain/errors";
import type { HttpRequest } from "./http-request";

/** Of the answer to a checkout, and of the requests that follow it. */
export const RECEIPT_HEADER = "cart-receipt";

/** The order, regions with numbers, a checksum. Clients need not understand it. */
const RECEIPT = /^([0-9a-f-]{36});((?:[a-z0-9-]{1,32}=\d{1,15},){0,15}[a-z0-9-]{1,32}=\d{1,15});([0-9a-f]{16})$/;

/**
 * What the order had seen of the cart, for the client to show to whichever region it reaches next: that region may not have heard of the
 * order yet, and would offer its lines once more. None for an order that had seen nothing.
 */
export function receiptHeaders(userId: string, { orderId, cartSeen }: Receipt): Record<string, string> {
  if (cartSeen.size === 0) return {};
  const numbers = [...cartSeen].map(([region, number]) => `${region}=${number}`).join(",");
  return { [RECEIPT_HEADER]: `${orderId};${numbers};${checksum(userId, orderId, numbers)}` };
}

/**
 * The client's latest order; undefined without a receipt. The checksum keeps one user's receipt from emptying another's cart, as when two
 * share a device. Whoever makes up a receipt harms the own cart alone.
 * @throws {RequestError} `invalid-request` for a receipt that is not this user's
 */
export function receiptOf(request: HttpRequest, userId: string): Receipt | undefined {
  const given = request.headers[RECEIPT_HEADER];
  if (given === undefined) return undefined;
  const [, orderId, numbers, sum] = RECEIPT.exec(given) ?? [];
  if (orderId === undefined || numbers === undefined || sum !== checksum(userId, orderId, numbers)) {
    const detail = "must be as a checkout of this user has answered it";
    throw new RequestError("invalid-request", `header '${RECEIPT_HEADER}' ${detail}`, {
      errors: [{ header: RECEIPT_HEADER, detail }],
    });
  }
  const entries = numbers.split(",").map((it) => it.split("="));
  return { orderId, cartSeen: new Map(entries.map(([region = "", number]) => [region, Number(number)])) };
}

const checksum = (...parts: readonly string[]) =>
  createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
