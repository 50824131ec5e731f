import type { PolicyStatement } from "./topology";

/** What a request tells for conditions to look at. */
export interface RequestContext {
  /** `cloudwatch:namespace`, of calls that put metrics. */
  readonly metricNamespace?: string;
  /** `dynamodb:LeadingKeys`: partition keys of the items that a call names. */
  readonly leadingKeys?: readonly string[];
}

/**
 * Whether a function's role allows what it tries, as its declared policies say: an explicit deny wins, and what nobody allows is denied.
 * Of conditions only metric namespaces and leading keys are modelled, boundaries and resource policies are not; the reader refuses statements that have more
 * than it reads.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(
  statements: readonly PolicyStatement[],
  action: string,
  resourceArn: string,
  { metricNamespace = "", leadingKeys: requested = [] }: RequestContext = {},
): boolean {
  const matching = statements.filter(
    ({ actions, resources, metricNamespaces, leadingKeys }) =>
      actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      resources.some((pattern) => matches(pattern, resourceArn)) &&
      (metricNamespaces === undefined || metricNamespaces.includes(metricNamespace)) &&
      (leadingKeys === undefined || requested.every((key) => leadingKeys.includes(key))),
  );
  return matching.some(({ effect }) => effect === "Allow") && !matching.some(({ effect }) => effect === "Deny");
}

const patterns = new Map<string, RegExp>();

/** `*` stands for any text, `?` for one character. */
export function matches(pattern: string, text: string): boolean {
  let expression = patterns.get(pattern);
  if (expression === undefined) {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    expression = new RegExp(`^${escaped.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
    patterns.set(pattern, expression);
  }
  return expression.test(text);
}
