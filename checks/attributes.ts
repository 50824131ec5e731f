import type { Json } from "../terraform-json/json";
import { expressionReferences, type Reference, templateReferences } from "../terraform-json/references";

/** One text in a block, and its position. */
export interface Leaf {
  /** Such as `replica[0].kms_key_arn`, or `policy.Statement[1].Resource` inside a JSON text. */
  readonly attribute: string;
  readonly value: string;
}

/** Lists every text in a value. A text that is a JSON document, such as a policy or a dashboard, is searched as well. */
export function leaves(value: Json, attribute = ""): Leaf[] {
  if (typeof value === "string") {
    const document = parseDocument(value);
    return document === undefined ? [{ attribute, value }] : leaves(document, attribute);
  }
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item, index) => leaves(item, `${attribute}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const name = attribute === "" ? key : `${attribute}.${key}`;
    // A key may be a name as well, as in IAM's conditions and in tags.
    return [...(/[.:-]/.test(key) ? [{ attribute: name, value: key }] : []), ...leaves(item, name)];
  });
}

/** `depends_on` holds bare addresses. */
const isAddress = ({ attribute }: Leaf) => attribute.startsWith("depends_on[");

/** Finds the blocks that a text mentions in its template parts, or as a `depends_on` entry. */
export function references(leaf: Leaf): Reference[] {
  return isAddress(leaf) ? expressionReferences(leaf.value) : templateReferences(leaf.value);
}

/** Removes the addresses from a text: a logical id may contain a region's name without depending on that region. */
export function withoutAddresses(leaf: Leaf): string {
  if (isAddress(leaf)) return "";
  return references(leaf).reduceRight((text, { start, end }) => text.slice(0, start) + text.slice(end), leaf.value);
}

function parseDocument(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // Not a document, for example an expression that begins with a brace.
  }
}
