import { templateParts } from "./template";
import { type Token, tokensOf } from "./tokens";

/** A mention of a block in an expression. */
export interface Reference {
  /** `aws_x.name`, `data.aws_x.name`, `local.name`, … */
  readonly address: string;
  /** The attributes and indexes that follow: `.arn`, `.outputs.name`, `[0].id`. An index in quotes ends it. */
  readonly rest: string;
  /** Where in the text the mention begins and ends. */
  readonly start: number;
  readonly end: number;
}

/** Finds the blocks that a template mentions in its expressions and directives, including quoted templates in them. */
export function templateReferences(template: string, offset = 0): Reference[] {
  return templateParts(template).flatMap((part) =>
    part.kind === "text" ? [] : expressionReferences(part.source, offset + part.at),
  );
}

/** Finds the blocks that an expression mentions, whether or not it can be evaluated. */
export function expressionReferences(source: string, offset = 0): Reference[] {
  const tokens = tokensOf(source);
  const found: Reference[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const { kind, text, at } = tokens[index] as Token;
    if (kind === "string") found.push(...templateReferences(text.slice(1, -1), offset + at + 1));
    const names = kind === "name" && tokens[index - 1]?.text !== "." ? addressAt(tokens, index) : [];
    if (names.length === 0) continue;
    const first = index + 2 * names.length - 1;
    const past = restEnd(tokens, first);
    const last = tokens[past - 1] as Token;
    found.push({
      address: names.join("."),
      rest: joined(tokens.slice(first, past)),
      start: offset + at,
      end: offset + last.at + last.text.length,
    });
    index = past - 1;
  }
  return found;
}

/** Number of names in an address that begins with this one: three for `data.aws_x.name`, two for others. */
export function addressLength(root: string): number {
  return root === "data" || root === "ephemeral" ? 3 : 2;
}

/** A resource type contains an underscore. Other names are variables of a `for`, or functions. */
const ROOT = /^(?:data|ephemeral|local|var|module|[a-z][a-z0-9]*_[a-z0-9_]+)$/;

/** The names of the address that begins at a token; none when none does. */
function addressAt(tokens: readonly Token[], index: number): string[] {
  const root = tokens[index]?.text ?? "";
  if (!ROOT.test(root)) return [];
  const names = [root];
  for (let at = index + 1; names.length < addressLength(root); at += 2) {
    if (tokens[at]?.text !== "." || tokens[at + 1]?.kind !== "name") return [];
    names.push(tokens[at + 1]?.text ?? "");
  }
  return names;
}

/** Index of the token after the attributes and plain indexes that begin at a token. */
function restEnd(tokens: readonly Token[], from: number): number {
  const isPlain = (token: Token | undefined) => token?.kind === "name" || token?.kind === "number";
  for (let at = from; ; ) {
    if (tokens[at]?.text === "." && isPlain(tokens[at + 1])) at += 2;
    else if (tokens[at]?.text === "[" && isPlain(tokens[at + 1]) && tokens[at + 2]?.text === "]") at += 3;
    else return at;
  }
}

const joined = (tokens: readonly Token[]) => tokens.map(({ text }) => text).join("");
