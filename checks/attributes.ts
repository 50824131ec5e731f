import type { Json } from "./synthesized-stacks";

/** One text found in a block, and where. */
export interface Leaf {
  /** Such as `replica[0].kms_key_arn`, or `policy.Statement[1].Resource` inside a JSON text. */
  readonly attribute: string;
  readonly value: string;
}

/** A mention of another block in a Terraform expression. */
export interface Reference {
  /** `aws_x.name`, `data.aws_x.name`, `local.name`, … */
  readonly address: string;
  /** What follows: `.arn`, `.outputs.name`, … */
  readonly rest: string;
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

const REFERENCE =
  /(?<![\w.-])((?:data|ephemeral)\.[a-z]\w*|[a-z]+_[a-z0-9_]+|local|var|module)\.([A-Za-z_][\w-]*)((?:\.[\w-]+|\[\w+\])*)/g;

const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/** `depends_on` holds bare addresses. */
const isAddress = ({ attribute }: Leaf) => attribute.startsWith("depends_on[");

/** The blocks that a text's `${…}` parts, or a whole `depends_on` entry, mention. */
export function references({ attribute, value }: Leaf): Reference[] {
  const expressions = isAddress({ attribute, value }) ? [value] : interpolations(value);
  return expressions.flatMap((expression) =>
    [...expression.replace(QUOTED, '""').matchAll(REFERENCE)].map(([, type, name, rest]) => ({
      address: `${type}.${name}`,
      rest: rest ?? "",
    })),
  );
}

/** The text without the addresses it mentions: a logical id may well name a region and lead nowhere near it. */
export function withoutAddresses(leaf: Leaf): string {
  if (isAddress(leaf)) return "";
  return interpolations(leaf.value).reduce((text, part) => text.replace(part, part.replace(REFERENCE, "")), leaf.value);
}

/** The insides of `${…}`, with braces and quoted texts inside them balanced; `$${` is a literal. */
function interpolations(text: string): string[] {
  const found: string[] = [];
  for (let start = text.indexOf("${"); start >= 0; start = text.indexOf("${", start + 2)) {
    if (text[start - 1] === "$") continue;
    // Quoted texts keep their length and lose their braces.
    const blanked = text.slice(start + 2).replace(QUOTED, (quoted) => `"${"_".repeat(quoted.length - 2)}"`);
    let depth = 1;
    let end = 0;
    for (; end < blanked.length && depth > 0; end += 1) {
      if (blanked[end] === "{") depth += 1;
      if (blanked[end] === "}") depth -= 1;
    }
    found.push(text.slice(start + 2, start + 2 + end - 1));
  }
  return found;
}

function parseDocument(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // Not a document after all, such as an expression that begins with a brace.
  }
}
