import { DeclarationError } from "./errors";
import { isObject, type Json, shown } from "./json";
import { templateParts } from "./template";
import { type Token, tokensOf } from "./tokens";

/**
 * Evaluates the Terraform expressions that synthesized stacks use: literals, references with attributes and indexes, `==` and `!=`, the
 * conditional operator, list comprehensions, and some functions. Everything else is refused by name.
 * https://developer.hashicorp.com/terraform/language/expressions
 */

/** Looks up a reference such as `aws_sqs_queue.Orders`. The evaluator takes the attributes that follow from the value. */
export type Lookup = (root: readonly string[]) => { readonly value: Json; readonly consumed: number };

const FUNCTIONS: Readonly<Record<string, (args: readonly Json[]) => Json>> = {
  one: ([list]) => {
    const values = asList(list, "one");
    if (values.length > 1)
      throw new DeclarationError(`one(): must get a list of at most one value, got ${values.length}`);
    return values[0] ?? null;
  },
  element: ([list, index]) => asList(list, "element")[Number(index)] ?? null,
  tolist: ([list]) => asList(list, "tolist"),
  toset: ([list]) => [...new Set(asList(list, "toset"))],
  concat: (lists) => lists.flatMap((list) => asList(list, "concat")),
  join: ([separator, list]) => asList(list, "join").join(String(separator)),
  split: ([separator, text]) => String(text).split(String(separator)),
  lower: ([text]) => String(text).toLowerCase(),
  upper: ([text]) => String(text).toUpperCase(),
  trimsuffix: ([text, suffix]) =>
    String(text).endsWith(String(suffix)) ? String(text).slice(0, -String(suffix).length) : String(text),
  replace: ([text, from, to]) => String(text).replaceAll(String(from), String(to)),
  jsonencode: ([value]) => JSON.stringify(value),
  jsondecode: ([text]) => parsed(String(text), "jsondecode()"),
  tostring: ([value]) => String(value),
  tonumber: ([value]) => Number(value),
};

function parsed(text: string, name: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw new DeclarationError(`${name}: must be JSON, got ${shown(text)}`);
  }
}

function asList(value: Json | undefined, name: string): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw new DeclarationError(`${name}(): must get a list, got ${JSON.stringify(value)}`);
}

/** Evaluates one expression, without its `${` and `}`. */
export function evaluate(source: string, lookup: Lookup): Json {
  return whole(source, lookup, new Map());
}

/**
 * Evaluates a template. One that is a single expression keeps the type of its value; others become texts.
 * @param expression - evaluates an expression of the template
 * @param literal - unescapes the literal parts of the template
 */
export function evaluateTemplate(
  template: string,
  expression: (source: string) => Json,
  literal = (text: string) => text,
): Json {
  const values = templateParts(template).map((part): Json => {
    if (part.kind === "text") return literal(part.text);
    if (part.kind === "directive")
      throw new DeclarationError(`expected no directives such as %{ if }, got ${shown(template)}`);
    if (!part.isClosed) throw new DeclarationError(`expected a } for each \${, got ${shown(template)}`);
    return expression(part.source);
  });
  if (values.length === 1) return values[0] ?? "";
  return values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join("");
}

function whole(source: string, lookup: Lookup, scope: Scope): Json {
  const tokens = tokensOf(source);
  const unknown = tokens.find(({ kind }) => kind === "unknown");
  if (unknown !== undefined) {
    throw new DeclarationError(`cannot read the expression at "${source.slice(unknown.at, unknown.at + 30)}"`);
  }
  const parser = new Parser(tokens, lookup);
  const value = parser.conditional(scope);
  parser.expectEnd();
  return value;
}

type Scope = ReadonlyMap<string, Json>;

class Parser {
  private position = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly lookup: Lookup,
  ) {}

  conditional(scope: Scope): Json {
    const condition = this.equality(scope);
    if (!this.take("?")) return condition;
    const whenTrue = this.conditional(scope);
    this.expect(":");
    const whenFalse = this.conditional(scope);
    return condition === true ? whenTrue : whenFalse;
  }

  expectEnd(): void {
    const rest = this.tokens[this.position];
    if (rest !== undefined) throw new DeclarationError(`expected the expression's end, got "${rest.text}"`);
  }

  private equality(scope: Scope): Json {
    const left = this.postfix(scope);
    if (this.take("==")) return JSON.stringify(left) === JSON.stringify(this.postfix(scope));
    if (this.take("!=")) return JSON.stringify(left) !== JSON.stringify(this.postfix(scope));
    return left;
  }

  private postfix(scope: Scope): Json {
    let value = this.primary(scope);
    for (;;) {
      if (this.take(".")) value = memberOf(value, this.next().text);
      else if (this.take("[")) {
        value = memberOf(value, String(this.conditional(scope)));
        this.expect("]");
      } else return value;
    }
  }

  private primary(scope: Scope): Json {
    const token = this.next();
    if (token.kind === "string") return this.quoted(token.text.slice(1, -1), scope);
    if (token.kind === "number") return Number(token.text);
    if (token.text === "(") {
      const value = this.conditional(scope);
      this.expect(")");
      return value;
    }
    if (token.text === "[") return this.list(scope);
    if (token.kind !== "name") throw new DeclarationError(`expected a value, got "${token.text}"`);
    if (token.text === "true" || token.text === "false") return token.text === "true";
    if (token.text === "null") return null;
    if (this.take("(")) return this.call(token.text, scope);
    return scope.get(token.text) ?? this.reference(token.text);
  }

  /** Evaluates a quoted text, which is a template with JSON's escapes. */
  private quoted(text: string, scope: Scope): Json {
    return evaluateTemplate(
      text,
      (source) => whole(source, this.lookup, scope),
      (literal) => String(parsed(`"${literal}"`, "a text")),
    );
  }

  private call(name: string, scope: Scope): Json {
    const args: Json[] = [];
    while (!this.take(")")) {
      args.push(this.conditional(scope));
      if (!this.take(",")) {
        this.expect(")");
        break;
      }
    }
    const known = FUNCTIONS[name];
    if (known === undefined) {
      throw new DeclarationError(`expected one of the functions ${Object.keys(FUNCTIONS).join(", ")}; got ${name}()`);
    }
    return known(args);
  }

  /** `[a, b]`, or `[for x in list : value if condition]`. */
  private list(scope: Scope): Json[] {
    if (this.tokens[this.position]?.text === "for") return this.comprehension(scope);
    const values: Json[] = [];
    while (!this.take("]")) {
      values.push(this.conditional(scope));
      if (!this.take(",")) {
        this.expect("]");
        break;
      }
    }
    return values;
  }

  private comprehension(scope: Scope): Json[] {
    this.expect("for");
    const variable = this.next().text;
    this.expect("in");
    const list = asList(this.conditional(scope), "for");
    this.expect(":");
    const bodyAt = this.position;
    const values: Json[] = [];
    for (const item of list) {
      this.position = bodyAt;
      const inner = new Map(scope).set(variable, item);
      const value = this.conditional(inner);
      if (!this.take("if") || this.conditional(inner) === true) values.push(value);
    }
    if (list.length === 0) this.skipToListEnd();
    this.expect("]");
    return values;
  }

  /** Moves to the bracket that ends the current list. */
  private skipToListEnd(): void {
    for (let depth = 0; this.position < this.tokens.length; this.position += 1) {
      const { kind, text } = this.tokens[this.position] as Token;
      if (kind !== "symbol") continue;
      if (text === "]" && depth === 0) return;
      depth += text === "[" ? 1 : text === "]" ? -1 : 0;
    }
  }

  /** `aws_x.name`, `data.aws_x.name`, `local.name`: the lookup says how many parts it consumed; the rest are attributes. */
  private reference(first: string): Json {
    const parts = [first];
    let ahead = this.position;
    while (this.tokens[ahead]?.text === "." && this.tokens[ahead + 1] !== undefined) {
      parts.push(this.tokens[ahead + 1]?.text ?? "");
      ahead += 2;
    }
    const { value, consumed } = this.lookup(parts);
    this.position += 2 * (consumed - 1);
    return value;
  }

  private next(): Token {
    const token = this.tokens[this.position];
    if (token === undefined) throw new DeclarationError("expected more of the expression, got its end");
    this.position += 1;
    return token;
  }

  private take(text: string): boolean {
    const token = this.tokens[this.position];
    if (token === undefined || token.kind === "string" || token.text !== text) return false;
    this.position += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text))
      throw new DeclarationError(`expected "${text}", got "${this.tokens[this.position]?.text ?? "the end"}"`);
  }
}

function memberOf(value: Json, name: string): Json {
  const member = Array.isArray(value) ? value[Number(name)] : isObject(value) ? value[name] : undefined;
  if (member === undefined)
    throw new DeclarationError(`expected a value with '${name}', got ${JSON.stringify(value).slice(0, 120)}`);
  return member;
}
