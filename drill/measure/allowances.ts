/** Time that AWS takes and the drill does not: it is added to the measured recovery before that is judged. */
export interface Allowance {
  readonly name: string;
  /** Declared milliseconds. */
  readonly ms: number;
  /** Where the figure comes from, for people. */
  readonly source: string;
}

/**
 * The local name servers follow a verdict at once. AWS publishes no figure for its own; for changed records it names 60 s under normal
 * conditions (https://aws.amazon.com/route53/faqs/), through the control plane.
 */
export const VERDICT_PROPAGATION: Allowance = {
  name: "Route 53's verdict reaches all its name servers",
  ms: 10_000,
  source: "assumed; AWS publishes no figure",
};

export const allowancesMs = (allowances: readonly Allowance[]) => allowances.reduce((sum, { ms }) => sum + ms, 0);
