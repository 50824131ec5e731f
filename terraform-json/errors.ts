/** The Terraform that was read cannot be used. The message says where, what was expected, what came, and what to do. */
export class DeclarationError extends Error {
  override readonly name = "DeclarationError";
}
