import { DeclarationError } from "../../../terraform-json/errors";
import type { Json } from "../../../terraform-json/json";
import { producerOf } from "../../../terraform-json/remote-state";
import type { Block, Stack } from "../../../terraform-json/stack";
import { leaves, references } from "../../attributes";

/** A block and its stack. */
export interface Located {
  readonly stack: Stack;
  readonly block: Block;
}

/** Lists every block of a type, in all stacks. */
export function resourcesOf(type: string, stacks: readonly Stack[]): Located[] {
  return stacks.flatMap((stack) =>
    [...stack.blocks.values()].filter((block) => block.type === type).map((block) => ({ stack, block })),
  );
}

/**
 * Finds the blocks that a value refers to, directly or through local values and other stacks' outputs.
 * @param where - for messages
 * @throws {DeclarationError} on a reference that no stack declares
 */
export function referredBlocks(
  value: Json | undefined,
  stack: Stack,
  stacks: readonly Stack[],
  where: string,
): Located[] {
  return leaves(value ?? null)
    .flatMap(references)
    .flatMap(({ address, rest }) => {
      const block = stack.blocks.get(address);
      if (block === undefined) {
        throw new DeclarationError(
          `${stack.name}/${where}: expected a declared block, got a reference to ${address}; is a stack missing from the folder?`,
        );
      }
      if (block.type === "local") return referredBlocks(block.body["value"], stack, stacks, where);
      if (block.type !== "terraform_remote_state") return [{ stack, block }];
      const produced = producerOf(block, rest, stacks);
      return referredBlocks(produced.value, produced.stack, stacks, `output.${produced.name}`);
    });
}

/**
 * Returns a literal text; a local value is looked up.
 * @throws {DeclarationError} if the text is missing, or an expression that only a plan can evaluate
 */
export function literalText({ stack, block }: Located, attribute: string): string {
  let value = block.body[attribute];
  const [, local] = typeof value === "string" ? (/^\$\{local\.([\w-]+)\}$/.exec(value) ?? []) : [];
  if (local !== undefined) value = stack.blocks.get(`local.${local}`)?.body["value"];
  if (typeof value === "string" && !value.includes("${")) return value;
  throw new DeclarationError(
    `${stack.name}/${block.address}.${attribute}: expected a literal text, got ${JSON.stringify(value) ?? "nothing"}`,
  );
}

/**
 * Returns a literal number.
 * @param fallback - AWS's default
 * @throws {DeclarationError} if the value is not a number, or is missing without a fallback
 */
export function literalNumber({ stack, block }: Located, attribute: string, fallback?: number): number {
  const value = block.body[attribute] ?? fallback;
  if (typeof value === "number") return value;
  throw new DeclarationError(
    `${stack.name}/${block.address}.${attribute}: expected a number, got ${JSON.stringify(value) ?? "nothing"}`,
  );
}
