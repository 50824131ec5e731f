import { DeclarationError } from "./errors";

/** Any value of Terraform's JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Shows a value in an error message, shortened to fit a line. */
export function shown(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** @throws {DeclarationError} naming the place and the actual value */
export function objectAt(where: string, value: Json | undefined): JsonObject {
  if (isObject(value)) return value;
  throw new DeclarationError(`${where}: expected an object, got ${shown(value)}`);
}

/** A block that can be there once: Terraform's JSON writes it as an object, or as a list of one. */
export function blockAt(where: string, value: Json | undefined): JsonObject {
  return objectAt(where, Array.isArray(value) && value.length === 1 ? value[0] : value);
}

/** A nested block's first instance: Terraform's JSON writes a block as an object or as a list of objects. */
export function firstBlock(value: Json | undefined): JsonObject | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return isObject(first) ? first : undefined;
}

/** @throws {DeclarationError} naming the address, the attribute, the expected value and the actual one */
export function failAttribute(address: string, name: string, expected: string, got: Json | undefined): never {
  throw new DeclarationError(`${address}: '${name}' must be ${expected}, got ${shown(got)}`);
}

/**
 * Reads the attributes of one block. Terraform's JSON writes a nested block as an object or as a list of objects; both read the same
 * here. Every error names the block's address.
 */
export class Fields {
  constructor(
    readonly address: string,
    private readonly body: JsonObject,
  ) {}

  has(name: string): boolean {
    return this.body[name] !== undefined && this.body[name] !== null;
  }

  text(name: string): string {
    const value = this.body[name];
    if (typeof value === "string" && value !== "") return value;
    return this.fail(name, "a text", value);
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  /** Parses a text as JSON; undefined when the attribute is not set. */
  optionalJson(name: string): Json | undefined {
    const text = this.optionalText(name);
    try {
      return text === undefined ? undefined : JSON.parse(text);
    } catch {
      return this.fail(name, "JSON", text);
    }
  }

  number(name: string, fallback?: number): number {
    const value = this.body[name] ?? fallback;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && Number.isFinite(number)) return number;
    return this.fail(name, "a number", value);
  }

  /** A number between two limits, both included. */
  numberIn(name: string, minimum: number, maximum: number, fallback?: number): number {
    const number = this.number(name, fallback);
    return number >= minimum && number <= maximum
      ? number
      : this.fail(name, `a number from ${minimum} to ${maximum}`, number);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.body[name] ?? fallback;
    if (typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    return this.fail(name, "true or false", value);
  }

  texts(name: string): string[] {
    const value = this.body[name] ?? [];
    if (!Array.isArray(value)) return this.fail(name, "a list of texts", value);
    return value.map((text: Json) => (typeof text === "string" ? text : this.fail(name, "a list of texts", text)));
  }

  /** Texts by key. Numbers and booleans become texts, as in Terraform. */
  textMap(name: string): Record<string, string> {
    const value = this.body[name] ?? {};
    if (!isObject(value)) return this.fail(name, "an object of texts", value);
    return Object.fromEntries(
      Object.entries(value).map(([key, text]) => {
        const isPlain = typeof text === "string" || typeof text === "number" || typeof text === "boolean";
        return [key, isPlain ? String(text) : this.fail(`${name}.${key}`, "a text", text)];
      }),
    );
  }

  /** The nested blocks of a name, possibly none. */
  blocks(name: string): Fields[] {
    const value = this.body[name] ?? [];
    const list = (Array.isArray(value) ? value : [value]) as readonly Json[];
    return list.map((block, index) =>
      isObject(block) ? new Fields(`${this.address}: ${name}[${index}]`, block) : this.fail(name, "a block", block),
    );
  }

  block(name: string): Fields | undefined {
    const blocks = this.blocks(name);
    if (blocks.length > 1) return this.fail(name, "one block", `${blocks.length} blocks`);
    return blocks[0];
  }

  fail(name: string, expected: string, got: Json | undefined): never {
    return failAttribute(this.address, name, expected, got);
  }
}
