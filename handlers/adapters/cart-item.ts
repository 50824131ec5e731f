import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Setting } from "../domain/cart-state";
import { type HandedOver, numberOf, ONE_ITEM, type RegionalCart } from "../domain/regional-cart";
import { type Item, mapOf, mapsOf, textOf, wholeNumberOf } from "./dynamodb-attributes";
import { attributesOfLine, attributesOfSeen, itemOfLine, lineAttributesOf, lineOfItem, seenOfItem } from "./order-item";

/** Between user and region in an item's key. No `sub` can have it: those are printable ASCII. */
const SEPARATOR = "→";

/** Key of the item that a region writes; of the one that all wrote before carts were merged, the user's id alone. */
export function cartKey(userId: string, region: string): Record<string, AttributeValue> {
  return { userId: { S: region === ONE_ITEM ? userId : `${userId}${SEPARATOR}${region}` } };
}

/** Orders a table's answer, which comes in no order, by the regions that were asked for. */
export function regionOfKey(item: Item, userId: string): string {
  const key = textOf(item, "userId");
  return key === userId ? ONE_ITEM : key.slice(userId.length + SEPARATOR.length);
}

/** A region's cart as DynamoDB keeps it. `version` is the number of its latest change. */
export function itemOfCart(cart: RegionalCart): Record<string, AttributeValue> {
  const { userId, region, seen, settings, handedOver, updatedAtMs, expiresAtSeconds } = cart;
  return {
    ...cartKey(userId, region),
    version: { N: String(numberOf(cart)) },
    seen: attributesOfSeen(seen),
    lines: { M: Object.fromEntries([...settings].map(([sku, all]) => [sku, { L: all.map(attributesOfSetting) }])) },
    handedOver: { L: handedOver.map(attributesOfHandedOver) },
    updatedAtMs: { N: String(updatedAtMs) },
    expiresAtSeconds: { N: String(expiresAtSeconds) },
  };
}

export function cartOfItem(item: Item, userId: string): RegionalCart {
  const region = regionOfKey(item, userId);
  const version = wholeNumberOf(item, "version");
  const common = {
    userId,
    region,
    updatedAtMs: wholeNumberOf(item, "updatedAtMs"),
    expiresAtSeconds: wholeNumberOf(item, "expiresAtSeconds"),
  };
  const lines = mapOf(item, "lines");
  if (region === ONE_ITEM) return { ...common, ...beforeMerging(item, lines, version) };
  return {
    ...common,
    seen: seenOfItem(mapOf(item, "seen")),
    settings: new Map(Object.keys(lines).map((sku) => [sku, mapsOf(lines, sku).map(settingOf)])),
    handedOver: mapsOf(item, "handedOver").map((note) => ({
      orderId: textOf(note, "orderId"),
      lines: mapsOf(note, "lines").map(lineOfItem),
      seen: seenOfItem(mapOf(note, "seen")),
      region: textOf(note, "region"),
      number: wholeNumberOf(note, "number"),
      atMs: wholeNumberOf(note, "atMs"),
    })),
  };
}

/** An item from before carts were merged, as if its latest version had set all its lines. */
function beforeMerging(
  item: Item,
  lines: Item,
  version: number,
): Pick<RegionalCart, "seen" | "settings" | "handedOver"> {
  const change = { region: ONE_ITEM, number: version };
  const note = item["handedOver"] === undefined ? undefined : mapOf(item, "handedOver");
  return {
    seen: new Map([[ONE_ITEM, version]]),
    settings: new Map(Object.keys(lines).map((sku) => [sku, [{ ...lineAttributesOf(mapOf(lines, sku)), ...change }]])),
    handedOver:
      note === undefined
        ? []
        : [
            {
              orderId: textOf(note, "orderId"),
              lines: mapsOf(note, "lines").map(lineOfItem),
              seen: new Map(),
              ...change,
              atMs: wholeNumberOf(item, "updatedAtMs"),
            },
          ],
  };
}

function attributesOfSetting(setting: Setting): AttributeValue {
  return {
    M: { ...attributesOfLine(setting), region: { S: setting.region }, number: { N: String(setting.number) } },
  };
}

function settingOf(item: Item): Setting {
  return { ...lineAttributesOf(item), region: textOf(item, "region"), number: wholeNumberOf(item, "number") };
}

function attributesOfHandedOver({ orderId, lines, seen, region, number, atMs }: HandedOver): AttributeValue {
  return {
    M: {
      orderId: { S: orderId },
      lines: { L: lines.map((line) => ({ M: itemOfLine(line) })) },
      seen: attributesOfSeen(seen),
      region: { S: region },
      number: { N: String(number) },
      atMs: { N: String(atMs) },
    },
  };
}
