import * as z from "zod/mini";
import { MAX_QUANTITY, MAX_UNIT_PRICE_MINOR } from "./domain/cart-lines";
import { RequestError } from "./domain/errors";
import { ORDER_ID } from "./domain/order-id";

/**
 * What callers may send. `docs/openapi.yaml` says the same in JSON Schema, and a test holds the two together. Every text and number has
 * bounds; an unknown field is refused, since a misspelt `expectedVersion` that is ignored would overwrite what it should guard.
 */

const wholeNumber = (minimum: number, maximum: number) => {
  const error = `must be a whole number from ${minimum} to ${maximum}`;
  return z.int({ error }).check(z.minimum(minimum, { error }), z.maximum(maximum, { error }));
};

const text = (pattern: RegExp, error: string) => z.string({ error }).check(z.regex(pattern, { error }));

const object = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, { error: "must be a JSON object" });

const expectedVersion = wholeNumber(0, Number.MAX_SAFE_INTEGER);

/** Body of `PUT /cart/items/{sku}`. */
export const cartItemBody = object({
  quantity: wholeNumber(1, MAX_QUANTITY),
  unitPriceMinor: wholeNumber(0, MAX_UNIT_PRICE_MINOR),
  currency: text(/^[A-Z]{3}$/, "must be three capital letters, such as EUR"),
  expectedVersion: z.optional(expectedVersion),
});

/** Body of `POST /checkout`, which may be left out. */
export const checkoutBody = object({
  cartFingerprint: z.optional(text(/^[0-9a-f]{64}$/, "must be the 'fingerprint' of a cart: 64 hexadecimal digits")),
});

/** Query of `DELETE /cart/items/{sku}`. */
export const removalQuery = object({
  expectedVersion: z.optional(
    z.pipe(z.pipe(text(/^(?:0|[1-9]\d{0,15})$/, "must be a whole number"), z.transform(Number)), expectedVersion),
  ),
});

/** Query of every other route. */
export const noQuery = object({});

export const skuParameter = text(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  "must be 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first",
);

/** Surrounding blanks are no part of a header's value. */
export const idempotencyKeyHeader = text(
  /^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/,
  "must be 1 to 128 printable ASCII characters",
);

export const orderIdParameter = text(ORDER_ID, "must be a version 5 UUID");

/** What a value belongs to, as the caller knows it. */
export type Place = "body" | "query" | { readonly path: string } | { readonly header: string };

/** @throws {RequestError} `invalid-request`, with each fault and where it is */
export function parse<Schema extends z.ZodMiniType>(schema: Schema, value: unknown, place: Place): z.output<Schema> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap(faultsOf);
  const [first] = faults;
  throw new RequestError("invalid-request", `${nameOf(place, first?.path ?? [])} ${first?.detail}`, {
    errors: faults.map(({ path, detail }) => ({ ...placeOf(place, path), detail })),
  });
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly detail: string;
}

/** One fault for each unknown field, where the field is. */
function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, detail: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], detail: "is not known here" }));
}

/** RFC 9457 shows `pointer` for a body, as in RFC 6901; the other three are ours. */
function placeOf(place: Place, path: readonly PropertyKey[]): Readonly<Record<string, string>> {
  if (place === "body") return { pointer: `#${path.map((key) => `/${escaped(String(key))}`).join("")}` };
  if (place === "query") return { query: path.map(String).join(".") };
  return place;
}

const escaped = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");

function nameOf(place: Place, path: readonly PropertyKey[]): string {
  if (place === "body" || place === "query") {
    return path.length === 0 ? `the ${place}` : `'${path.map(String).join(".")}'`;
  }
  return "path" in place ? `'${place.path}'` : `header '${place.header}'`;
}
