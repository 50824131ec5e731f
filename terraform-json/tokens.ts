import { quotedEnd } from "./template";

export interface Token {
  /** `unknown` is one character that no rule here covers, such as an operator that the evaluator does not know. */
  readonly kind: "string" | "number" | "name" | "symbol" | "unknown";
  /** As written; a string with its quotes and escapes. */
  readonly text: string;
  /** Where in the source it begins. */
  readonly at: number;
}

const TOKEN = /(\d+(?:\.\d+)?)|([A-Za-z_][A-Za-z0-9_-]*)|(==|!=|&&|\|\||[.,:?[\](){}*!])|./sy;

/** Splits any expression into tokens, even one that cannot be evaluated. The evaluator refuses unknown tokens; the search for references skips them. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length; ) {
    const token = tokenAt(source, at);
    if (token.text.trim() !== "") tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function tokenAt(source: string, at: number): Token {
  const end = source[at] === '"' ? quotedEnd(source, at + 1) : undefined;
  if (end !== undefined) return { kind: "string", text: source.slice(at, end), at };
  TOKEN.lastIndex = at;
  const [text = "", number, name, symbol] = TOKEN.exec(source) ?? [];
  const kind =
    number !== undefined ? "number" : name !== undefined ? "name" : symbol !== undefined ? "symbol" : "unknown";
  return { kind, text, at };
}
