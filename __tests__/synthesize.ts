import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkableStacks } from "../checks/checkable-stacks";
import { type Deployment, describeDeployment } from "../config/deployment";
import { DEPLOYMENTS } from "../config/deployments";
import type { SettingsInput } from "../config/settings";
import { validateSettings } from "../config/validate-settings";
import type { HandlerBundle } from "../constructs/functions/handler-function";
import { HANDLER_NAMES, type HandlerName } from "../constructs/functions/handler-names";
import { synthesizeDeployment } from "../stacks/synthesize-deployment";
import type { JsonObject } from "../terraform-json/json";
import { parseStack, type Stack } from "../terraform-json/stack";

// biome-ignore lint/suspicious/noExplicitAny: assertions reach freely into synthesized JSON
export type AnyJson = any;

/** Everything one deployment synthesizes, by stack: the parsed `cdk.tf.json`. */
export interface Synthesized {
  readonly deployment: Deployment;
  readonly stacks: Readonly<Record<string, AnyJson>>;
  readonly manifest: AnyJson;
}

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "synthesize-"));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** A folder for one test to write into; it goes when the test file has run. */
export const scratchFolder = () => fs.mkdtempSync(path.join(scratch, "folder-"));

/** A bundle that stays the same whatever the handlers' code is, so that stack tests and snapshots tell of stacks only. */
function placeholderBundle(name: string): HandlerBundle {
  const file = path.join(scratch, `${name}.zip`);
  const contents = `placeholder for ${name}`;
  fs.writeFileSync(file, contents);
  return { path: file, sha256Base64: createHash("sha256").update(contents).digest("base64") };
}

const BUNDLES = Object.fromEntries(HANDLER_NAMES.map((name) => [name, placeholderBundle(name)])) as Record<
  HandlerName,
  HandlerBundle
>;

/** The settings of the example deployment with some of them changed. */
export function exampleSettings(changes: Readonly<Record<string, unknown>> = {}): SettingsInput {
  return { ...structuredClone(DEPLOYMENTS["example"]), ...changes } as SettingsInput;
}

/** Synthesizes a deployment to disk, as `npm run synth` does, with placeholders for the handlers' zips; returns the folder. */
export function synthesizeFolder(input: unknown): string {
  const { settings } = validateSettings("test", input);
  return synthesizeDeployment(describeDeployment(settings), BUNDLES, scratchFolder());
}

/** JSON of what was synthesized before, by name and settings: most tests of a file look at, or change, the same deployment. */
const synthesizedBefore = new Map<string, string>();

/** Synthesizes a deployment to disk and reads it back; a copy, which tests may change. */
export function synthesize(input: unknown, name = "test"): Synthesized {
  const { settings } = validateSettings(name, input);
  const deployment = describeDeployment(settings);
  const key = JSON.stringify([name, settings]);
  const json = synthesizedBefore.get(key) ?? JSON.stringify(synthesizeToJson(deployment));
  synthesizedBefore.set(key, json);
  return { deployment, ...JSON.parse(json) };
}

function synthesizeToJson(deployment: Deployment): Pick<Synthesized, "stacks" | "manifest"> {
  const outdir = scratchFolder();
  synthesizeDeployment(deployment, BUNDLES, outdir);
  const manifest = readJson(path.join(outdir, "manifest.json"));
  const stacks = Object.fromEntries(
    Object.keys(manifest.stacks).map((stack) => [
      stack,
      readJson(path.join(outdir, manifest.stacks[stack].synthesizedStackPath)),
    ]),
  );
  fs.rmSync(outdir, { recursive: true });
  return { stacks, manifest };
}

/** The only resource of a type in a stack; more or fewer are an error. */
export function only(stack: AnyJson, type: string): AnyJson {
  const all = Object.values(stack.resource?.[type] ?? {});
  if (all.length !== 1) throw new Error(`expected one ${type}, got ${all.length}`);
  return all[0];
}

/** Every resource of a type in a stack; none is an error, so that no assertion passes over an empty list. */
export function every(stack: AnyJson, type: string): AnyJson[] {
  const all = Object.values(stack.resource?.[type] ?? {});
  if (all.length === 0) throw new Error(`expected at least one ${type}, got none`);
  return all;
}

/** The statements of an IAM or KMS policy document. */
export function statements(policy: string): AnyJson[] {
  return JSON.parse(policy).Statement;
}

/** The stacks as the checks read them, after a test has changed the JSON. */
export function parsed({ stacks }: Synthesized): readonly Stack[] {
  const read = () =>
    Object.entries(stacks).map(([name, json]) => parseStack(name, json as JsonObject, `stacks/${name}/cdk.tf.json`));
  return checkableStacks({ description: "synthesized in this test", read });
}

function readJson(file: string): AnyJson {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}
