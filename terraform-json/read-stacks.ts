import fs from "node:fs";
import path from "node:path";
import { TopologyError } from "./errors";
import { isObject, type Json, type JsonObject, shown } from "./json";

/** A resource or data source as its stack's JSON has it, references unresolved. */
export interface RawBlock {
  readonly stack: string;
  /** Absolute path of the stack's folder, which file names in the block are relative to. */
  readonly folder: string;
  /** `aws_x.name` or `data.aws_x.name`. */
  readonly localAddress: string;
  readonly type: string;
  readonly body: JsonObject;
  /** Region of the block's provider, or its own; undefined for what has no AWS provider. */
  readonly region: string | undefined;
}

export interface RawStack {
  readonly name: string;
  readonly blocks: ReadonlyMap<string, RawBlock>;
  readonly outputs: ReadonlyMap<string, Json>;
  readonly locals: JsonObject;
  /** Where its state is, to find the stack that a remote state means. */
  readonly backend: Json;
  readonly accountIds: readonly string[];
}

/** Reads every stack of a `cdktf.out` folder. @throws {TopologyError} if one is missing or malformed */
export function readStacks(outdir: string): RawStack[] {
  const manifestFile = path.join(outdir, "manifest.json");
  const manifest = readJson(manifestFile, "run `npm run synth` first, or name the folder with --cdktf-out");
  const stacks = manifest["stacks"];
  if (!isObject(stacks) || Object.keys(stacks).length === 0) {
    throw new TopologyError(`${manifestFile}: 'stacks' must name at least one stack, got ${JSON.stringify(stacks)}`);
  }
  return Object.entries(stacks).map(([name, entry]) => {
    const relative = isObject(entry) ? entry["synthesizedStackPath"] : undefined;
    if (typeof relative !== "string") {
      throw new TopologyError(
        `${manifestFile}: stack ${name} must have a 'synthesizedStackPath', got ${JSON.stringify(relative)}`,
      );
    }
    const file = path.join(outdir, relative);
    return parseStack(name, path.dirname(path.resolve(file)), readJson(file, "synthesize again"));
  });
}

function readJson(file: string, hint: string): JsonObject {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (cause) {
    throw new TopologyError(`${file}: cannot be read; ${hint}`, { cause });
  }
  try {
    const value: Json = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (cause) {
    throw new TopologyError(`${file}: must be JSON; ${hint}`, { cause });
  }
  throw new TopologyError(`${file}: must be a JSON object; ${hint}`);
}

/** What may stand at the top of a stack's JSON; `moved` and `import` tell where a resource's state comes from, not what it is. */
const SECTIONS = ["//", "terraform", "provider", "variable", "locals", "data", "resource", "output", "moved", "import"];

function refuseOtherSections(name: string, json: JsonObject): void {
  const other = Object.keys(json).find((section) => !SECTIONS.includes(section));
  if (other === undefined) return;
  throw new TopologyError(
    `${name}: must have nothing but ${SECTIONS.join(", ")}, got '${other}', which the drill does not read; ` +
      "declare what is in there as resources of the stack",
  );
}

function objectAt(where: string, value: Json | undefined): JsonObject {
  if (value === undefined) return {};
  if (isObject(value)) return value;
  throw new TopologyError(`${where}: must be an object, got ${shown(value)}`);
}

function parseStack(name: string, folder: string, json: JsonObject): RawStack {
  refuseOtherSections(name, json);
  const providers = listOf(isObject(json["provider"]) ? json["provider"]["aws"] : undefined);
  const regionOf = (body: JsonObject): string | undefined => {
    if (typeof body["region"] === "string" && body["region"] !== "") return body["region"];
    const alias = typeof body["provider"] === "string" ? body["provider"].split(".")[1] : undefined;
    const provider = providers.find((candidate) => candidate["alias"] === alias);
    return typeof provider?.["region"] === "string" ? provider["region"] : undefined;
  };
  const blocks = new Map<string, RawBlock>();
  for (const [kind, prefix] of [
    ["resource", ""],
    ["data", "data."],
  ] as const) {
    for (const [type, named] of Object.entries(objectAt(`${name}: ${kind}`, json[kind]))) {
      for (const [label, value] of Object.entries(objectAt(`${name}: ${kind} ${type}`, named))) {
        const localAddress = `${prefix}${type}.${label}`;
        const body = objectAt(
          `${name}: ${localAddress}`,
          Array.isArray(value) && value.length === 1 ? value[0] : value,
        );
        blocks.set(localAddress, { stack: name, folder, localAddress, type, body, region: regionOf(body) });
      }
    }
  }
  const terraform = isObject(json["terraform"]) ? json["terraform"] : {};
  return {
    name,
    blocks,
    outputs: new Map(
      Object.entries(objectAt(`${name}: output`, json["output"])).map(([key, output]) => [
        key,
        isObject(output) ? (output["value"] ?? null) : null,
      ]),
    ),
    locals: isObject(json["locals"]) ? json["locals"] : {},
    backend: terraform["cloud"] ?? terraform["backend"] ?? null,
    accountIds: providers.flatMap(({ allowed_account_ids: ids }) => (Array.isArray(ids) ? ids.map(String) : [])),
  };
}

function listOf(value: Json | undefined): JsonObject[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter(isObject);
}
