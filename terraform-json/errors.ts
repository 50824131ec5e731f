/** The synthesized Terraform cannot be drilled: the message names the address, what was expected, what came, and what to do. */
export class TopologyError extends Error {
  override readonly name = "TopologyError";
}
