import path from "node:path";
import { computedAttributes } from "./computed";
import { DeclarationError } from "./errors";
import { evaluate, evaluateTemplate, type Lookup } from "./expression";
import { Fields, isObject, type Json, type JsonObject } from "./json";
import { addressLength } from "./references";
import { stateOwner } from "./remote-state";
import { addressOf, type Block, type Stack } from "./stack";

/** A resource with every reference in it resolved. */
export interface ResolvedBlock {
  /** `<stack>: <address>`. */
  readonly address: string;
  readonly block: Block;
  /** Absolute path of the folder that file names in the block are relative to. */
  readonly folder: string;
  readonly region: string;
  readonly fields: Fields;
}

const SOME_ACCOUNT = "123456789012";

/** Resolves references within stacks, to data sources, and through remote states to other stacks' outputs. */
export class Resolver {
  readonly accountId: string;
  private readonly bodies = new Map<Block, JsonObject>();
  private readonly resolving = new Set<Block>();

  constructor(private readonly stacks: readonly Stack[]) {
    const accounts = [...new Set(stacks.flatMap(allowedAccounts))];
    if (accounts.length > 1)
      throw new DeclarationError(`providers: must allow one account, got ${accounts.join(", ")}`);
    this.accountId = accounts[0] ?? SOME_ACCOUNT;
  }

  /** Every resource of a type, in all stacks. */
  all(type: string): ResolvedBlock[] {
    return this.stacks.flatMap((stack) =>
      [...stack.blocks.values()]
        .filter((block) => block.type === type && block.kind === "resource")
        .map((block) => this.resolved(block, stack)),
    );
  }

  private resolved(block: Block, stack: Stack): ResolvedBlock {
    const address = addressOf(block);
    const { region } = block;
    if (region === undefined || region.includes("${")) {
      throw new DeclarationError(
        `${address}: must have a literal region, its own or its provider's, got ${region ?? "none"}`,
      );
    }
    const folder = path.dirname(path.resolve(stack.file));
    return { address, block, folder, region, fields: new Fields(address, this.bodyOf(block, stack)) };
  }

  /** The block's body with its references resolved, and with the attributes that the provider computes. */
  private bodyOf(block: Block, stack: Stack): JsonObject {
    const known = this.bodies.get(block);
    if (known !== undefined) return known;
    const where = addressOf(block);
    if (this.resolving.has(block)) throw new DeclarationError(`${where}: refers to itself through other blocks`);
    this.resolving.add(block);
    try {
      const declared = this.resolve(block.body, stack, where) as JsonObject;
      const body = { ...declared, ...computedAttributes(block, declared, this.accountId) };
      this.bodies.set(block, body);
      return body;
    } finally {
      this.resolving.delete(block);
    }
  }

  private resolve(value: Json, stack: Stack, where: string): Json {
    if (typeof value === "string") return this.interpolate(value, stack, where);
    if (Array.isArray(value))
      return value.map((item: Json, index: number) => this.resolve(item, stack, `${where}[${index}]`));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !NOT_VALUES.has(key))
        .map(([key, item]) => [key, this.resolve(item, stack, `${where}.${key}`)]),
    );
  }

  private interpolate(text: string, stack: Stack, where: string): Json {
    return withPlace(where, () =>
      evaluateTemplate(text, (source) => withPlace(`\${${source}}`, () => evaluate(source, this.lookupIn(stack)))),
    );
  }

  private lookupIn(stack: Stack): Lookup {
    return (root) => {
      const consumed = addressLength(root[0] ?? "");
      const address = root.slice(0, consumed).join(".");
      const block = stack.blocks.get(address);
      if (block === undefined) throw new DeclarationError(`${stack.name} declares no ${address}`);
      if (block.kind === "var")
        throw new DeclarationError(`${address}: expected a value, got a variable, which a plan sets`);
      return { value: this.valueOf(block, stack), consumed };
    };
  }

  private valueOf(block: Block, stack: Stack): Json {
    if (block.kind === "local") return this.resolve(block.body["value"] ?? null, stack, addressOf(block));
    if (block.type === "terraform_remote_state") return { outputs: this.outputsOf(block, stack) };
    return this.bodyOf(block, stack);
  }

  /** Outputs of the stack whose state a remote state reads. */
  private outputsOf(block: Block, reader: Stack): JsonObject {
    const producer = stateOwner(block, this.stacks);
    if (producer === reader) throw new DeclarationError(`${addressOf(block)}: must read another stack's state`);
    return Object.fromEntries(
      [...producer.outputs].map(([name, value]) => [
        name,
        this.resolve(value, producer, `${producer.name}: output.${name}`),
      ]),
    );
  }
}

/** Attributes that Terraform itself interprets: references in them are not values. */
const NOT_VALUES = new Set(["//", "depends_on", "lifecycle", "provider"]);

function allowedAccounts({ providers }: Stack): string[] {
  return providers
    .filter(({ type }) => type === "aws")
    .flatMap(({ settings: { allowed_account_ids: ids } }) => (Array.isArray(ids) ? ids.map(String) : []));
}

/** Prefixes the message of every refusal with its place. */
function withPlace<T>(where: string, evaluated: () => T): T {
  try {
    return evaluated();
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error;
    throw new DeclarationError(`${where}: ${error.message}`, { cause: error });
  }
}
