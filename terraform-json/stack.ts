import { DeclarationError } from "./errors";
import { blockAt, type Json, type JsonObject, objectAt } from "./json";

export type BlockKind = "resource" | "data" | "local" | "var";

/** A resource, data source, local value or variable of one stack, as written in its JSON: references are not resolved. */
export interface Block {
  readonly stack: string;
  readonly kind: BlockKind;
  /** As in Terraform: `aws_x.name`, `data.aws_x.name`, `local.name`, `var.name`. */
  readonly address: string;
  /** `aws_dynamodb_table`, `terraform_remote_state`, …; `local` or `var` for a value. */
  readonly type: string;
  /** Its arguments; `{ value }` for a local value or a variable. */
  readonly body: JsonObject;
  /** The AWS provider that makes or reads it; undefined for what has none. */
  readonly provider: Provider | undefined;
  /** Its own region, or its provider's, as written: it may be an expression. Undefined when neither says. */
  readonly region: string | undefined;
}

export interface Provider {
  /** `aws`. */
  readonly type: string;
  readonly alias: string | undefined;
  /** Its other arguments. */
  readonly settings: JsonObject;
}

/** Where a stack's state is kept. */
export interface Backend {
  /** `s3`, `local`, …; `remote` for a `cloud` block, the type under which other stacks read its state. */
  readonly type: string;
  readonly config: JsonObject;
}

export interface Stack {
  readonly name: string;
  /** Path of its JSON; file names in the JSON are relative to the folder of it. */
  readonly file: string;
  /** By address, in the order of the JSON. */
  readonly blocks: ReadonlyMap<string, Block>;
  /** Values of the outputs, by name. */
  readonly outputs: ReadonlyMap<string, Json>;
  readonly providers: readonly Provider[];
  /** Undefined when the stack declares none. */
  readonly backend: Backend | undefined;
}

/** `<stack>: <address>`, as messages name a block. */
export function addressOf({ stack, address }: Block): string {
  return `${stack}: ${address}`;
}

/** The sections of a stack's JSON. `moved` and `import` say where a resource's state comes from, not what the resource is. */
const SECTIONS = ["//", "terraform", "provider", "variable", "locals", "data", "resource", "output", "moved", "import"];

/**
 * Builds a stack from its JSON.
 * @throws {DeclarationError} on a section that is not read, a malformed one, or a block without its provider
 */
export function parseStack(name: string, json: JsonObject, file: string): Stack {
  const other = Object.keys(json).find((section) => !SECTIONS.includes(section));
  if (other !== undefined) {
    throw new DeclarationError(
      `${name}: ${other}: expected one of ${SECTIONS.join(", ")}, got a section that is not read; ` +
        "declare what is in it as resources of the stack",
    );
  }
  const providers = providersIn(name, json["provider"]);
  const blocks = [
    ...declared(name, "resource", json["resource"], providers),
    ...declared(name, "data", json["data"], providers),
    ...values(name, "local", "locals", json["locals"]),
    ...values(name, "var", "variable", json["variable"]),
  ];
  const outputs = Object.entries(objectAt(`${name}: output`, json["output"] ?? {})).map(
    ([id, output]) => [id, blockAt(`${name}: output.${id}`, output)["value"] ?? null] as const,
  );
  return {
    name,
    file,
    blocks: new Map(blocks.map((block) => [block.address, block])),
    outputs: new Map(outputs),
    providers,
    backend: backendIn(name, json["terraform"]),
  };
}

function declared(stack: string, kind: "resource" | "data", section: Json | undefined, providers: readonly Provider[]) {
  return Object.entries(objectAt(`${stack}: ${kind}`, section ?? {})).flatMap(([type, labelled]) =>
    Object.entries(objectAt(`${stack}: ${kind}.${type}`, labelled)).map(([label, value]): Block => {
      const address = `${kind === "data" ? "data." : ""}${type}.${label}`;
      const where = `${stack}: ${address}`;
      const { "//": _metadata, ...body } = blockAt(where, value);
      const provider = type.startsWith("aws_") ? providerOf(where, body, providers) : undefined;
      return { stack, kind, address, type, body, provider, region: provider && regionOf(body, provider) };
    }),
  );
}

function values(stack: string, kind: "local" | "var", section: string, json: Json | undefined): Block[] {
  return Object.entries(objectAt(`${stack}: ${section}`, json ?? {})).map(([label, value]) => {
    const address = `${kind}.${label}`;
    return { stack, kind, address, type: kind, body: { value }, provider: undefined, region: undefined };
  });
}

function providersIn(stack: string, section: Json | undefined): Provider[] {
  return Object.entries(objectAt(`${stack}: provider`, section ?? {})).flatMap(([type, configs]) =>
    [configs].flat().map((config: Json) => {
      const { alias, ...settings } = objectAt(`${stack}: provider.${type}`, config);
      return { type, alias: typeof alias === "string" ? alias : undefined, settings };
    }),
  );
}

function providerOf(where: string, body: JsonObject, providers: readonly Provider[]): Provider {
  const [, alias] = typeof body["provider"] === "string" ? body["provider"].split(".") : [];
  const provider = providers.find((candidate) => candidate.type === "aws" && candidate.alias === alias);
  if (provider !== undefined) return provider;
  const wanted = alias === undefined ? "aws" : `aws.${alias}`;
  throw new DeclarationError(`${where}: expected a provider ${wanted}, got none; declare it in the stack`);
}

/** Since version 6 of the provider a resource may name a region of its own; an empty text names none. */
function regionOf(body: JsonObject, { settings }: Provider): string | undefined {
  const own = body["region"] ?? "";
  const region = own === "" ? settings["region"] : own;
  return typeof region === "string" && region !== "" ? region : undefined;
}

function backendIn(stack: string, section: Json | undefined): Backend | undefined {
  const terraform = blockAt(`${stack}: terraform`, section ?? {});
  if (terraform["cloud"] !== undefined) {
    return { type: "remote", config: blockAt(`${stack}: terraform.cloud`, terraform["cloud"]) };
  }
  const [entry] = Object.entries(blockAt(`${stack}: terraform.backend`, terraform["backend"] ?? {}));
  if (entry === undefined) return undefined;
  const [type, config] = entry;
  return { type, config: blockAt(`${stack}: terraform.backend.${type}`, config) };
}

/** Whether a block is a resource or data source, and not a value. */
export function isDeclared({ kind }: Block): boolean {
  return kind === "resource" || kind === "data";
}
