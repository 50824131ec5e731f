import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { CartLine, OrderLine } from "../domain/cart-lines";
import type { Seen } from "../domain/cart-state";
import type { Order, OrderStatus } from "../domain/order";
import { ONE_ITEM } from "../domain/regional-cart";
import { type Item, MalformedItemError, mapOf, mapsOf, textOf, wholeNumberOf } from "./dynamodb-attributes";

const STATUSES: readonly OrderStatus[] = ["PENDING_PAYMENT", "PAID", "DECLINED"];

/** Numbers that an order has only in some of its states. */
const PASSING_NUMBERS = ["lastEnqueuedAtMs", "paidAtMs", "chargedMinor", "declinedAtMs"] as const;

/** An order as DynamoDB keeps it. An attribute that is not there yet is left out: an index keyed by it stays sparse. */
export function itemOfOrder(order: Order): Record<string, AttributeValue> {
  return {
    orderId: { S: order.orderId },
    userId: { S: order.userId },
    status: { S: order.status },
    lines: { L: order.lines.map((line) => ({ M: itemOfLine(line) })) },
    totalMinor: { N: String(order.totalMinor) },
    currency: { S: order.currency },
    cartFingerprint: { S: order.cartFingerprint },
    cartSeen: attributesOfSeen(order.cartSeen),
    correlationId: { S: order.correlationId },
    placedAtMs: { N: String(order.placedAtMs) },
    ...(order.unpaidRegion === undefined ? {} : { unpaidRegion: { S: order.unpaidRegion } }),
    ...Object.fromEntries(
      PASSING_NUMBERS.filter((name) => order[name] !== undefined).map((name) => [name, { N: String(order[name]) }]),
    ),
  };
}

export function orderOfItem(item: Item): Order {
  const status = STATUSES.find((known) => known === item["status"]?.S);
  if (status === undefined) throw new MalformedItemError("status", `one of ${STATUSES.join(", ")}`);
  return {
    orderId: textOf(item, "orderId"),
    userId: textOf(item, "userId"),
    status,
    lines: mapsOf(item, "lines").map(lineOfItem),
    totalMinor: wholeNumberOf(item, "totalMinor"),
    currency: textOf(item, "currency"),
    cartFingerprint: textOf(item, "cartFingerprint"),
    // Orders from before carts were merged name the version of the one item that they had seen.
    cartSeen:
      item["cartSeen"] === undefined
        ? new Map([[ONE_ITEM, wholeNumberOf(item, "cartVersion")]])
        : seenOfItem(mapOf(item, "cartSeen")),
    correlationId: textOf(item, "correlationId"),
    placedAtMs: wholeNumberOf(item, "placedAtMs"),
    ...(item["unpaidRegion"] === undefined ? {} : { unpaidRegion: textOf(item, "unpaidRegion") }),
    ...Object.fromEntries(
      PASSING_NUMBERS.filter((name) => item[name] !== undefined).map((name) => [name, wholeNumberOf(item, name)]),
    ),
  };
}

export function itemOfLine(line: OrderLine): Record<string, AttributeValue> {
  return { sku: { S: line.sku }, ...attributesOfLine(line) };
}

export function lineOfItem(item: Item): OrderLine {
  return { sku: textOf(item, "sku"), ...lineAttributesOf(item) };
}

export function attributesOfLine(line: CartLine): Record<string, AttributeValue> {
  return {
    quantity: { N: String(line.quantity) },
    unitPriceMinor: { N: String(line.unitPriceMinor) },
    currency: { S: line.currency },
  };
}

export function lineAttributesOf(item: Item): CartLine {
  return {
    quantity: wholeNumberOf(item, "quantity"),
    unitPriceMinor: wholeNumberOf(item, "unitPriceMinor"),
    currency: textOf(item, "currency"),
  };
}

/** Numbers of changes by region. */
export function attributesOfSeen(seen: Seen): AttributeValue {
  return { M: Object.fromEntries([...seen].map(([region, number]) => [region, { N: String(number) }])) };
}

export function seenOfItem(item: Item): Seen {
  return new Map(Object.keys(item).map((region) => [region, wholeNumberOf(item, region)]));
}
