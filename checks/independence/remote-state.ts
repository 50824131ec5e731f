import {
  asObject,
  type Block,
  type Json,
  type JsonObject,
  type SynthesizedStack,
  SynthesizedStacksError,
} from "../synthesized-stacks";

/** One output of the stack whose state another stack reads. */
export interface ProducedOutput {
  readonly stack: SynthesizedStack;
  readonly name: string;
  readonly value: Json;
}

/**
 * Finds the stack, and its output, behind `data.terraform_remote_state.<x>.outputs.<name>`. Stacks are told by where their state is,
 * not by what the reader calls them.
 * @throws {SynthesizedStacksError} if no stack keeps its state there, or it has no such output
 */
export function producerOf(block: Block, rest: string, stacks: readonly SynthesizedStack[]): ProducedOutput {
  const stack = stateOwner(block, stacks);
  const [, name] = /^\.outputs\.([\w-]+)$/.exec(rest) ?? [];
  if (name === undefined) {
    throw new SynthesizedStacksError(
      `${block.stack}/${block.address}: expected a reference of the form outputs.<name>, got ${rest || "none"}`,
    );
  }
  const value = stack.outputs.get(name);
  if (value === undefined) {
    throw new SynthesizedStacksError(
      `${block.stack}/${block.address}: expected an output ${name} of stack ${stack.name}, got none`,
    );
  }
  return { stack, name, value };
}

/** The stack whose state a `terraform_remote_state` reads. */
export function stateOwner(block: Block, stacks: readonly SynthesizedStack[]): SynthesizedStack {
  const wanted = stateIdentity(
    String(block.body["backend"]),
    asObject(block.body["config"], `${block.stack}/${block.address}.config`),
  );
  const owner = stacks.find(({ backend }) => stateIdentity(backend.type, backend.config) === wanted);
  if (owner === undefined) {
    throw new SynthesizedStacksError(
      `${block.stack}/${block.address}: expected a stack that keeps its state at ${wanted}, got none`,
    );
  }
  return owner;
}

function stateIdentity(type: string, config: JsonObject): string {
  const { organization, hostname, workspaces, bucket, key, path } = config as Record<string, Json | undefined>;
  const workspace = (workspaces as JsonObject | undefined)?.["name"];
  return [type, hostname, organization, workspace, bucket, key, path].filter((part) => part !== undefined).join(" ");
}
