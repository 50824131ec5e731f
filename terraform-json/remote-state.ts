import path from "node:path";
import { DeclarationError } from "./errors";
import { firstBlock, type Json, type JsonObject, objectAt } from "./json";
import { addressOf, type Backend, type Block, type Stack } from "./stack";

/** One output of the stack whose state another stack reads. */
export interface ProducedOutput {
  readonly stack: Stack;
  readonly name: string;
  readonly value: Json;
}

/**
 * Finds the output, and its stack, behind `data.terraform_remote_state.<x>.outputs.<name>`.
 * @param rest - what follows the block's address in the reference
 * @throws {DeclarationError} if no stack keeps its state there, or it has no such output
 */
export function producerOf(block: Block, rest: string, stacks: readonly Stack[]): ProducedOutput {
  const stack = stateOwner(block, stacks);
  const [, name] = /^\.outputs\.([\w-]+)$/.exec(rest) ?? [];
  if (name === undefined) {
    throw new DeclarationError(
      `${addressOf(block)}: expected a reference of the form outputs.<name>, got ${rest || "none"}`,
    );
  }
  const value = stack.outputs.get(name);
  if (value === undefined) {
    throw new DeclarationError(`${addressOf(block)}: expected an output ${name} of stack ${stack.name}, got none`);
  }
  return { stack, name, value };
}

/**
 * Finds the stack whose state a `terraform_remote_state` reads: the one whose backend keeps the state at the same place.
 * @throws {DeclarationError} if no stack keeps its state there
 */
export function stateOwner(block: Block, stacks: readonly Stack[]): Stack {
  const config = objectAt(`${addressOf(block)}.config`, block.body["config"]);
  const reader = stacks.find(({ name }) => name === block.stack);
  const wanted = stateIdentity({ type: String(block.body["backend"]), config }, reader);
  const owner = stacks.find((stack) => stack.backend && stateIdentity(stack.backend, stack) === wanted);
  if (owner !== undefined) return owner;
  throw new DeclarationError(
    `${addressOf(block)}: expected a stack that keeps its state at ${wanted}, got none; is a stack missing?`,
  );
}

/** The settings that identify a state, by type of backend. */
const IDENTITIES: Readonly<Record<string, (config: JsonObject, stack: Stack | undefined) => readonly unknown[]>> = {
  remote: ({ hostname, organization, workspaces }) => [
    hostname ?? "app.terraform.io",
    organization,
    firstBlock(workspaces)?.["name"],
  ],
  s3: ({ bucket, key }) => [bucket, key],
  // A relative path starts at the stack's folder, where Terraform runs.
  local: ({ path: file }, stack) => [path.resolve(path.dirname(stack?.file ?? ""), String(file))],
};

function stateIdentity({ type, config }: Backend, stack: Stack | undefined): string {
  const parts = IDENTITIES[type]?.(config, stack) ?? [JSON.stringify(Object.entries(config).sort())];
  return [type, ...parts.filter((part) => part !== undefined)].join(" ");
}
