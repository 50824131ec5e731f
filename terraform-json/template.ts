/**
 * Terraform's templates: texts with `${…}` expressions and `%{…}` directives in them.
 * https://developer.hashicorp.com/terraform/language/expressions/strings#string-templates
 */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "expression" | "directive";
      /** What is between the braces; the rest of the template when no brace ends it. */
      readonly source: string;
      /** Where in the template the source begins. */
      readonly at: number;
      readonly isClosed: boolean;
    };

/** Splits `a${b}c` into its parts; `$${` stands for `${` itself, `%%{` for `%{`. An empty template is one empty text. */
export function templateParts(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = "";
  for (let at = 0; at < template.length; ) {
    if (isEscape(template, at)) {
      literal += template.slice(at + 1, at + 3);
      at += 3;
    } else if (isOpening(template, at)) {
      const end = sequenceEnd(template, at + 2);
      if (literal !== "") parts.push({ kind: "text", text: literal });
      literal = "";
      const kind = template[at] === "$" ? "expression" : "directive";
      parts.push({ kind, source: template.slice(at + 2, end), at: at + 2, isClosed: end !== undefined });
      at = (end ?? template.length) + 1;
    } else {
      literal += template[at];
      at += 1;
    }
  }
  if (literal !== "" || parts.length === 0) parts.push({ kind: "text", text: literal });
  return parts;
}

const isEscape = (text: string, at: number) => text.startsWith("$${", at) || text.startsWith("%%{", at);
const isOpening = (text: string, at: number) => text.startsWith("${", at) || text.startsWith("%{", at);

/** Index of the `}` that ends an expression, past braces and quoted texts within; undefined when none does. */
function sequenceEnd(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '"') {
      const end = quotedEnd(text, at + 1);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (text[at] === "{") depth += 1;
    else if (text[at] === "}" && depth === 0) return at;
    else if (text[at] === "}") depth -= 1;
  }
  return undefined;
}

/**
 * Index after the `"` that ends a quoted text; undefined when none does. A quoted text is a template again, whose expressions may
 * quote texts themselves.
 * @param from - index after the `"` that begins it
 */
export function quotedEnd(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; ) {
    if (text[at] === '"') return at + 1;
    if (text[at] === "\\") at += 2;
    else if (isEscape(text, at)) at += 3;
    else if (isOpening(text, at)) {
      const end = sequenceEnd(text, at + 2);
      if (end === undefined) return undefined;
      at = end + 1;
    } else at += 1;
  }
  return undefined;
}
