import { computedAttributes } from "./computed";
import { TopologyError } from "./errors";
import { evaluate, type Lookup } from "./expression";
import { Fields, isObject, type Json, type JsonObject, shown } from "./json";
import type { RawBlock, RawStack } from "./read-stacks";

/** A block with every reference in it resolved. */
export interface ResolvedBlock extends RawBlock {
  /** `<stack>: <address>`. */
  readonly address: string;
  readonly fields: Fields;
}

const SOME_ACCOUNT = "123456789012";

/** Resolves references within stacks, to data sources, and through remote states to other stacks' outputs. */
export class Resolver {
  readonly accountId: string;
  private readonly bodies = new Map<RawBlock, JsonObject>();
  private readonly resolving = new Set<RawBlock>();

  constructor(private readonly stacks: readonly RawStack[]) {
    const accounts = [...new Set(stacks.flatMap(({ accountIds }) => accountIds))];
    if (accounts.length > 1) throw new TopologyError(`providers: must allow one account, got ${accounts.join(", ")}`);
    this.accountId = accounts[0] ?? SOME_ACCOUNT;
  }

  /** Every resource of a type, in all stacks. */
  all(type: string): ResolvedBlock[] {
    return this.stacks
      .flatMap((stack) => [...stack.blocks.values()].filter((block) => block.type === type && !isData(block)))
      .map((block) => this.resolved(block));
  }

  private resolved(block: RawBlock): ResolvedBlock {
    const address = addressOf(block);
    const { region } = block;
    if (region === undefined || region.includes("${")) {
      throw new TopologyError(
        `${address}: must have a provider, or a 'region', that names its region as it is, got ${region ?? "none"}`,
      );
    }
    return { ...block, address, fields: new Fields(address, this.bodyOf(block)) };
  }

  /** The block's body, what its provider would add included. */
  private bodyOf(block: RawBlock): JsonObject {
    const known = this.bodies.get(block);
    if (known !== undefined) return known;
    if (this.resolving.has(block)) throw new TopologyError(`${addressOf(block)}: refers to itself, by way of others`);
    this.resolving.add(block);
    try {
      const declared = this.resolve(block.body, block, addressOf(block)) as JsonObject;
      const body = { ...declared, ...computedAttributes(block, declared, this.accountId) };
      this.bodies.set(block, body);
      return body;
    } finally {
      this.resolving.delete(block);
    }
  }

  private resolve(value: Json, block: RawBlock, where: string): Json {
    if (typeof value === "string") return this.interpolate(value, block, where);
    if (Array.isArray(value))
      return value.map((item: Json, index: number) => this.resolve(item, block, `${where}[${index}]`));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !NOT_VALUES.has(key))
        .map(([key, item]) => [key, this.resolve(item, block, `${where}.${key}`)]),
    );
  }

  /** A text that is one interpolation keeps its type; others become texts. */
  private interpolate(text: string, block: RawBlock, where: string): Json {
    const parts = templateParts(text, where);
    const values = parts.map((part) => {
      if (part.expression === undefined) return part.text;
      try {
        return evaluate(part.expression, this.lookupFor(block));
      } catch (error) {
        if (!(error instanceof TopologyError)) throw error;
        throw new TopologyError(`${where}: \${${part.expression}}: ${error.message}`);
      }
    });
    if (values.length === 1) return values[0] ?? "";
    return values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join("");
  }

  private lookupFor(block: RawBlock): Lookup {
    const stack = this.stacks.find(({ name }) => name === block.stack);
    if (stack === undefined) throw new TopologyError(`${block.stack}: no such stack`);
    return (root) => {
      const [first = "", second = "", third = ""] = root;
      if (first === "local") {
        const local = stack.locals[second];
        if (local === undefined) throw new TopologyError(`there is no local.${second}`);
        return { value: this.resolve(local, block, `${stack.name}: local.${second}`), consumed: 2 };
      }
      if (first === "data" && second === "terraform_remote_state") {
        return { value: { outputs: this.outputsOf(stack, `data.${second}.${third}`) }, consumed: 3 };
      }
      const consumed = first === "data" ? 3 : 2;
      const target = stack.blocks.get(root.slice(0, consumed).join("."));
      if (target === undefined)
        throw new TopologyError(`${stack.name} declares no ${root.slice(0, consumed).join(".")}`);
      return { value: this.bodyOf(target), consumed };
    };
  }

  /** Outputs of the stack whose state a remote state reads: the one with the same backend. */
  private outputsOf(reader: RawStack, localAddress: string): JsonObject {
    const body = reader.blocks.get(localAddress)?.body;
    const wanted = stateKey(body?.["config"]);
    const producer = this.stacks.find((stack) => stack !== reader && stateKey(stack.backend) === wanted);
    if (producer === undefined) throw new TopologyError(`${localAddress}: no other stack keeps its state at ${wanted}`);
    const [anyBlock] = producer.blocks.values();
    if (anyBlock === undefined) return {};
    return Object.fromEntries(
      [...producer.outputs].map(([name, value]) => [
        name,
        this.resolve(value, anyBlock, `${producer.name}: output.${name}`),
      ]),
    );
  }
}

/** What Terraform itself reads; references in there are no values. */
const NOT_VALUES = new Set(["//", "depends_on", "lifecycle", "provider"]);

const isData = (block: RawBlock) => block.localAddress.startsWith("data.");

function addressOf(block: RawBlock): string {
  return `${block.stack}: ${block.localAddress}`;
}

/** What tells one state from another: workspace, object key or path. */
function stateKey(config: Json | undefined): string {
  const inner = isObject(config) ? (config["workspaces"] ?? config["s3"] ?? config["local"] ?? config) : config;
  const first = Array.isArray(inner) ? inner[0] : inner;
  if (!isObject(first)) return JSON.stringify(config ?? null);
  const key = first["name"] ?? first["key"] ?? first["path"];
  return typeof key === "string" ? key.split("/").slice(-2).join("/") : JSON.stringify(first);
}

interface TemplatePart {
  readonly text: string;
  readonly expression?: string;
}

/** Splits `a${b}c` into its parts; `$${` stands for `${` itself, `%%{` for `%{`. */
function templateParts(text: string, where: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = "";
  for (let at = 0; at < text.length; ) {
    if (text.startsWith("$${", at) || text.startsWith("%%{", at)) {
      literal += text.slice(at + 1, at + 3);
      at += 3;
    } else if (text.startsWith("%{", at)) {
      throw new TopologyError(`${where}: must be without directives such as %{ if }, got ${shown(text)}`);
    } else if (text.startsWith("${", at)) {
      const end = expressionEnd(text, at + 2, where);
      if (literal !== "") parts.push({ text: literal });
      literal = "";
      parts.push({ text: "", expression: text.slice(at + 2, end) });
      at = end + 1;
    } else {
      literal += text[at];
      at += 1;
    }
  }
  if (literal !== "" || parts.length === 0) parts.push({ text: literal });
  return parts;
}

/** Index of the `}` that ends an expression, past braces and texts within. */
function expressionEnd(text: string, from: number, where: string): number {
  let depth = 0;
  let isInText = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' && text[at - 1] !== "\\") isInText = !isInText;
    if (isInText) continue;
    if (character === "{") depth += 1;
    if (character === "}" && depth === 0) return at;
    if (character === "}") depth -= 1;
  }
  throw new TopologyError(`${where}: must end each \${ with a }, got ${shown(text)}`);
}
