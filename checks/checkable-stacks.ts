import { DeclarationError } from "../terraform-json/errors";
import { type Json, shown } from "../terraform-json/json";
import type { StackSource } from "../terraform-json/source";
import { addressOf, type Backend, type Stack } from "../terraform-json/stack";

/**
 * Reads the stacks of a source and requires that every region and every state's place is known without a plan. A check that does not
 * know a region must not pass.
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

/** Returns a stack's backend. @throws {DeclarationError} if there is none */
export function statedBackend({ name, backend }: Stack): Backend {
  if (backend !== undefined) return backend;
  throw new DeclarationError(
    `${name}: terraform: expected a backend, got none; declare where the stack keeps its state`,
  );
}

const LITERAL_REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

function requireLiteralRegion(region: Json | undefined, where: string): void {
  if (typeof region === "string" && LITERAL_REGION.test(region)) return;
  throw new DeclarationError(
    `${where}: expected a region by name, got ${region === undefined ? "none" : shown(region)}; write it as a text`,
  );
}
