import fs from "node:fs";
import path from "node:path";
import { DeclarationError } from "./errors";
import { type JsonObject, objectAt } from "./json";
import { parseStack, type Stack } from "./stack";

/** A source of stacks. */
export interface StackSource {
  /** Name of the source in messages, such as a folder's path. */
  readonly description: string;
  /** @throws {DeclarationError} if it is missing, malformed, or has what the reader does not know */
  read(): readonly Stack[];
}

/** Reads the folder that `cdktf synth` writes: `manifest.json`, which lists the stacks, and the JSON of each stack. */
export function cdktfOut(folder: string): StackSource {
  return { description: folder, read: () => readFolder(folder) };
}

function readFolder(folder: string): Stack[] {
  const manifestFile = path.join(folder, "manifest.json");
  const manifest = readJson(manifestFile, "run `npm run synth` first");
  const entries = Object.entries(objectAt(`${manifestFile}: stacks`, manifest["stacks"] ?? {}));
  if (entries.length === 0) {
    throw new DeclarationError(`${manifestFile}: expected stacks, got none; synthesize again`);
  }
  return entries.map(([name, entry]) => {
    const where = `${manifestFile}: stacks.${name}`;
    const relative = objectAt(where, entry)["synthesizedStackPath"];
    if (typeof relative !== "string") {
      throw new DeclarationError(
        `${where}.synthesizedStackPath: expected a path, got ${JSON.stringify(relative) ?? "nothing"}; synthesize again`,
      );
    }
    const file = path.join(folder, relative);
    return parseStack(name, readJson(file, "synthesize again"), file);
  });
}

function readJson(file: string, remedy: string): JsonObject {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (cause) {
    throw new DeclarationError(`${file}: expected a file, got none that can be read; ${remedy}`, { cause });
  }
  try {
    return objectAt(file, JSON.parse(text));
  } catch (cause) {
    if (cause instanceof DeclarationError) throw cause;
    throw new DeclarationError(`${file}: expected JSON, got ${(cause as Error).message}; ${remedy}`, { cause });
  }
}
