import { createHash } from "node:crypto";
import type { Receipt } from "./domain/cart";
import { RequestError } from "./domain/errors";
import type { Order } from "./domain/order";
import type { HttpRequest } from "./http-request";

/** Of the answer to a checkout, and of the requests that follow it. */
export const RECEIPT_HEADER = "cart-receipt";

/**
 * Days for which a receipt counts. By then each region has heard of the order. It must be less than a cart outlives its last change: the numbers of
 * a cart that has expired begin anew, and an old receipt would take its new lines.
 */
const VALID_DAYS = 7;
const MS_PER_DAY = 86_400_000;

/** The order, when it was placed in milliseconds since 1970, regions with numbers, a checksum. Clients need not understand it. */
const RECEIPT =
  /^([0-9a-f-]{36});(\d{1,15});((?:[a-z0-9-]{1,32}=\d{1,15},){0,15}[a-z0-9-]{1,32}=\d{1,15});([0-9a-f]{16})$/;

/**
 * What the order had seen of the cart, for the client to show to whichever region it reaches next: that region may not have heard of the
 * order yet, and would offer its lines once more. None for an order that had seen nothing.
 */
export function receiptHeaders(userId: string, { orderId, cartSeen, placedAtMs }: Order): Record<string, string> {
  if (cartSeen.size === 0) return {};
  const numbers = [...cartSeen].map(([region, number]) => `${region}=${number}`).join(",");
  const placed = String(placedAtMs);
  return { [RECEIPT_HEADER]: `${orderId};${placed};${numbers};${checksum(userId, orderId, placed, numbers)}` };
}

/**
 * The client's latest order; undefined without a receipt, and for one that is too old. The checksum keeps one user's receipt from emptying another's cart, as when two
 * share a device. Whoever makes up a receipt harms the own cart alone.
 * @throws {RequestError} `invalid-request` for a receipt that is not this user's
 */
export function receiptOf(request: HttpRequest, userId: string, nowMs: number): Receipt | undefined {
  const given = request.headers[RECEIPT_HEADER];
  if (given === undefined) return undefined;
  const [, orderId = "", placedAtMs = "", numbers = "", sum] = RECEIPT.exec(given) ?? [];
  if (sum !== checksum(userId, orderId, placedAtMs, numbers)) {
    const detail = "must be as a checkout of this user has answered it";
    throw new RequestError("invalid-request", `header '${RECEIPT_HEADER}' ${detail}`, {
      errors: [{ header: RECEIPT_HEADER, detail }],
    });
  }
  if (nowMs - Number(placedAtMs) > VALID_DAYS * MS_PER_DAY) return undefined;
  const entries = numbers.split(",").map((it) => it.split("="));
  return { orderId, cartSeen: new Map(entries.map(([region = "", number]) => [region, Number(number)])) };
}

const checksum = (...parts: readonly string[]) =>
  createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
