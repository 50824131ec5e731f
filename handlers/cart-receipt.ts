import { createHash } from "node:crypto";
import type { Seen } from "./domain/cart-state";
import { RequestError } from "./domain/errors";
import type { HttpRequest } from "./http-request";

/** Of the answer to a checkout, and of the requests that follow it. */
export const RECEIPT_HEADER = "cart-receipt";

/** Regions with numbers, then a checksum: `us-east-1=7,us-west-2=3;0123456789abcdef`. Clients need not understand it. */
const RECEIPT = /^((?:[a-z0-9-]{1,32}=\d{1,15},){0,15}[a-z0-9-]{1,32}=\d{1,15});([0-9a-f]{16})$/;

/**
 * What the order had seen of the cart, for the client to show to whichever region it reaches next: that region may not have heard of the
 * order yet, and would offer its lines once more. None for an order that does not say what it had seen.
 */
export function receiptHeaders(userId: string, cartSeen: Seen): Record<string, string> {
  if (cartSeen.size === 0) return {};
  const numbers = [...cartSeen].map(([region, number]) => `${region}=${number}`).join(",");
  return { [RECEIPT_HEADER]: `${numbers};${checksum(userId, numbers)}` };
}

/**
 * What the client's latest order had seen of the cart; nothing without a receipt. The checksum keeps one user's receipt from
 * emptying another's cart, as when two share a device. Whoever makes up a receipt harms the own cart alone.
 * @throws {RequestError} `invalid-request` for a receipt that is not this user's
 */
export function receiptOf(request: HttpRequest, userId: string): Seen {
  const given = request.headers[RECEIPT_HEADER];
  if (given === undefined) return new Map();
  const [, numbers, sum] = RECEIPT.exec(given) ?? [];
  if (numbers === undefined || sum !== checksum(userId, numbers)) {
    const detail = "must be as a checkout of this user has answered it";
    throw new RequestError("invalid-request", `header '${RECEIPT_HEADER}' ${detail}`, {
      errors: [{ header: RECEIPT_HEADER, detail }],
    });
  }
  return new Map(
    numbers
      .split(",")
      .map((it) => it.split("="))
      .map(([region = "", number]) => [region, Number(number)]),
  );
}

const checksum = (userId: string, numbers: string) =>
  createHash("sha256").update(`${userId}\n${numbers}`).digest("hex").slice(0, 16);
