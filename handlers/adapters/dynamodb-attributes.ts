import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Item = Readonly<Record<string, AttributeValue>>;

/** A stored item does not have the shape that this code writes. */
export class MalformedItemError extends Error {
  override readonly name = "MalformedItemError";

  constructor(attribute: string, expected: string) {
    super(`attribute '${attribute}' of a stored item must be ${expected}`);
  }
}

export function textOf(item: Item, attribute: string): string {
  const value = item[attribute]?.S;
  if (value === undefined) throw new MalformedItemError(attribute, "a string");
  return value;
}

export function wholeNumberOf(item: Item, attribute: string): number {
  const value = Number(item[attribute]?.N);
  if (!Number.isSafeInteger(value)) throw new MalformedItemError(attribute, "a whole number");
  return value;
}

export function mapOf(item: Item, attribute: string): Item {
  const value = item[attribute]?.M;
  if (value === undefined) throw new MalformedItemError(attribute, "a map");
  return value;
}

export function mapsOf(item: Item, attribute: string): Item[] {
  const values = item[attribute]?.L;
  if (values === undefined) throw new MalformedItemError(attribute, "a list of maps");
  return values.map((value) => {
    if (value.M === undefined) throw new MalformedItemError(attribute, "a list of maps");
    return value.M;
  });
}
