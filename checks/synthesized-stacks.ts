import fs from "node:fs";
import path from "node:path";

/** Any value of Terraform's JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A resource, data source, local value or variable of one stack. */
export interface Block {
  readonly stack: string;
  /** As in Terraform: `aws_x.name`, `data.aws_x.name`, `local.name`, `var.name`. */
  readonly address: string;
  /** `aws_dynamodb_table`, `terraform_remote_state`, `local`, … */
  readonly type: string;
  readonly body: JsonObject;
  /** The AWS provider it is made or read through; undefined for what has none. */
  readonly provider: JsonObject | undefined;
  /** The region it is in: its own, or its provider's; undefined for what has no provider. */
  readonly region: string | undefined;
}

/** One stack of a `cdktf.out` folder. */
export interface SynthesizedStack {
  readonly name: string;
  /** Path of its JSON. */
  readonly file: string;
  readonly blocks: ReadonlyMap<string, Block>;
  /** Values of the outputs, by name. */
  readonly outputs: ReadonlyMap<string, Json>;
  readonly providers: readonly JsonObject[];
  /** The `terraform` block's `backend` or `cloud` part: the type, and where the state is. */
  readonly backend: { readonly type: string; readonly config: JsonObject };
}

/** The folder cannot be read or does not hang together; the message says where, what was expected, what came, what to do. */
export class SynthesizedStacksError extends Error {
  override readonly name = "SynthesizedStacksError";
}

/**
 * Reads every stack that `manifest.json` of a `cdktf.out` folder lists.
 * @throws {SynthesizedStacksError} if the folder or a stack in it is missing or malformed
 */
export function readSynthesizedStacks(outdir: string): SynthesizedStack[] {
  const manifest = readJson(path.join(outdir, "manifest.json"), "run `npm run synth` first");
  const stacks = asObject(manifest["stacks"], `${outdir}/manifest.json: stacks`);
  const names = Object.keys(stacks);
  if (names.length === 0) throw new SynthesizedStacksError(`${outdir}/manifest.json: expected stacks, got none`);
  return names.map((name) => {
    const entry = asObject(stacks[name], `${outdir}/manifest.json: stacks.${name}`);
    const file = path.join(outdir, String(entry["synthesizedStackPath"]));
    return parseStack(name, readJson(file, "synthesize again"), file);
  });
}

/** Parts of a stack that are read; another one might hide what the checks look for. */
const KNOWN_PARTS = new Set([
  "//",
  "resource",
  "data",
  "provider",
  "terraform",
  "output",
  "locals",
  "variable",
  "moved",
  "import",
]);

const LITERAL_REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

/** A stack from its JSON; `file` is for messages. */
export function parseStack(name: string, config: JsonObject, file: string): SynthesizedStack {
  const where = (part: string) => `${file}: ${part}`;
  const unknown = Object.keys(config).find((part) => !KNOWN_PARTS.has(part));
  if (unknown !== undefined) {
    throw new SynthesizedStacksError(
      `${where(unknown)}: expected one of ${[...KNOWN_PARTS].join(", ")}, got a part that is not read`,
    );
  }
  const providers = providerList(asObject(config["provider"] ?? {}, where("provider")), where);
  const blocks = new Map<string, Block>();
  const add = (prefix: string, types: Json | undefined) => {
    for (const [type, instances] of Object.entries(asObject(types ?? {}, where(prefix || "resource")))) {
      for (const [id, value] of Object.entries(asObject(instances, where(`${prefix}${type}`)))) {
        const address = `${prefix}${type}.${id}`;
        const { "//": _metadata, ...body } = asObject(value, where(address));
        const provider = providerOf(type, body, providers, where(address));
        // Since version 6 of the provider a resource may name a region of its own.
        const region = provider && literalRegion(body["region"] ?? provider["region"], where(address));
        blocks.set(address, { stack: name, address, type, body, provider, region });
      }
    }
  };
  add("", config["resource"]);
  add("data.", config["data"]);
  for (const [kind, values] of [
    ["local", config["locals"]],
    ["var", config["variable"]],
  ] as const) {
    for (const [id, value] of Object.entries(asObject(values ?? {}, where(kind)))) {
      const address = `${kind}.${id}`;
      blocks.set(address, {
        stack: name,
        address,
        type: kind,
        body: { value },
        provider: undefined,
        region: undefined,
      });
    }
  }
  const outputs = Object.entries(asObject(config["output"] ?? {}, where("output"))).map(
    ([id, output]) => [id, asObject(output, where(`output.${id}`))["value"] ?? null] as const,
  );
  const terraform = asObject(config["terraform"] ?? {}, where("terraform"));
  return {
    name,
    file,
    blocks,
    outputs: new Map(outputs),
    providers,
    backend: backendOf(terraform, where("terraform")),
  };
}

function backendOf(terraform: JsonObject, where: string): SynthesizedStack["backend"] {
  if (terraform["cloud"] !== undefined)
    return { type: "remote", config: asObject(terraform["cloud"], `${where}.cloud`) };
  const [type, config] = Object.entries(asObject(terraform["backend"] ?? {}, `${where}.backend`))[0] ?? [];
  if (type === undefined) {
    throw new SynthesizedStacksError(`${where}: expected a backend, got none; each stack must say where its state is`);
  }
  const location = asObject(config, `${where}.backend.${type}`);
  if (type === "s3") literalRegion(location["region"], `${where}.backend.s3`);
  return { type, config: location };
}

function providerList(providers: JsonObject, where: (part: string) => string): JsonObject[] {
  return Object.entries(providers).flatMap(([type, configs]) =>
    (Array.isArray(configs) ? (configs as readonly Json[]) : [configs ?? null]).map((config) => ({
      ...asObject(config, where(`provider.${type}`)),
      "//type": type,
    })),
  );
}

function providerOf(
  type: string,
  body: JsonObject,
  providers: readonly JsonObject[],
  where: string,
): JsonObject | undefined {
  if (!type.startsWith("aws_")) return undefined;
  const [, alias] = typeof body["provider"] === "string" ? body["provider"].split(".") : [];
  const provider = providers.find((candidate) => candidate["//type"] === "aws" && candidate["alias"] === alias);
  if (provider !== undefined) return provider;
  throw new SynthesizedStacksError(
    `${where}: expected a provider aws${alias === undefined ? "" : `.${alias}`}, got none`,
  );
}

/** A region, which must be told without a plan. */
function literalRegion(region: Json | undefined, where: string): string {
  if (typeof region === "string" && LITERAL_REGION.test(region)) return region;
  throw new SynthesizedStacksError(`${where}: expected a region by name, got ${JSON.stringify(region) ?? "none"}`);
}

function readJson(file: string, remedy: string): JsonObject {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (cause) {
    throw new SynthesizedStacksError(`${file}: expected a file, got none that can be read; ${remedy}`, { cause });
  }
  try {
    return asObject(JSON.parse(text) as Json, file);
  } catch (cause) {
    if (cause instanceof SynthesizedStacksError) throw cause;
    throw new SynthesizedStacksError(`${file}: expected JSON, got ${(cause as Error).message}; ${remedy}`, { cause });
  }
}

export function asObject(value: Json | undefined, where: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new SynthesizedStacksError(`${where}: expected an object, got ${JSON.stringify(value) ?? "nothing"}`);
}
