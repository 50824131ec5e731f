import type { Json } from "../terraform-json/json";
import { expressionReferences, type Reference, templateReferences } from "../terraform-json/references";

/** One text found in a block, and where. */
export interface Leaf {
  /** Such as `replica[0].kms_key_arn`, or `policy.Statement[1].Resource` inside a JSON text. */
  readonly attribute: string;
  readonly value: string;
}

/** Every text in a value; a text that is a JSON document (a policy, a dashboard) is looked into. */
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
    // A key may carry a name, too: IAM's conditions and tags do.
    return [...(/[.:-]/.test(key) ? [{ attribute: name, value: key }] : []), ...leaves(item, name)];
  });
}

/** `depends_on` holds bare addresses. */
const isAddress = ({ attribute }: Leaf) => attribute.startsWith("depends_on[");

/** The blocks that a text's `${…}` parts, or a whole `depends_on` entry, mention. */
export function references(leaf: Leaf): Reference[] {
  return isAddress(leaf) ? expressionReferences(leaf.value) : templateReferences(leaf.value);
}

/** The text without the addresses it mentions: a logical id may well name a region and lead nowhere near it. */
export function withoutAddresses(leaf: Leaf): string {
  if (isAddress(leaf)) return "";
  return references(leaf).reduceRight((text, { start, end }) => text.slice(0, start) + text.slice(end), leaf.value);
}

function parseDocument(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // Not a document after all, such as an expression that begins with a brace.
  }
}
