import { DeclarationError } from "../terraform-json/errors";
import { type Json, shown } from "../terraform-json/json";
import type { StackSource } from "../terraform-json/source";
import { addressOf, type Backend, type Stack } from "../terraform-json/stack";

/**
 * The stacks of a source, when they say without a plan where each resource and each state is: a check that does not know a region
 * must not pass.
 * @throws {DeclarationError} on a region that is no literal, or a stack without a backend
 */
export function checkableStacks(source: StackSource): readonly Stack[] {
  const stacks = source.read();
  for (const stack of stacks) {
    for (const block of stack.blocks.values()) {
      if (block.provider === undefined) continue;
      const declared = block.region ?? block.body["region"] ?? block.provider.settings["region"];
      requireLiteralRegion(declared, addressOf(block));
    }
    const { type, config } = statedBackend(stack);
    if (type === "s3") requireLiteralRegion(config["region"], `${stack.name}: terraform.backend.s3`);
  }
  return stacks;
}

/** Where a stack's state is. @throws {DeclarationError} if it does not say */
export function statedBackend({ name, backend }: Stack): Backend {
  if (backend !== undefined) return backend;
  throw new DeclarationError(
    `${name}: terraform: expected a backend, got none; each stack must say where its state is`,
  );
}

const LITERAL_REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

function requireLiteralRegion(region: Json | undefined, where: string): void {
  if (typeof region === "string" && LITERAL_REGION.test(region)) return;
  throw new DeclarationError(
    `${where}: expected a region by name, got ${region === undefined ? "none" : shown(region)}; write it as a text`,
  );
}
