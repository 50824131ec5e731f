import type { LambdaFunction, PolicyStatement } from "../topology/topology";

/**
 * Whether a function's role allows what it tries, as its declared policies say: an explicit deny wins, and what nobody allows is denied.
 * Conditions, boundaries and resource policies are not modelled; the reader refuses statements that have more than it reads.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(statements: readonly PolicyStatement[], action: string, resourceArn: string): boolean {
  const matching = statements.filter(
    ({ actions, resources }) =>
      actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      resources.some((pattern) => matches(pattern, resourceArn)),
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

/** Knows functions by the access keys that they were started with. */
export class Callers {
  private readonly byAccessKeyId = new Map<string, LambdaFunction>();

  /** Gives a function the access key id by which its calls are told from others'. */
  accessKeyIdOf(lambda: LambdaFunction): string {
    const number = String(this.byAccessKeyId.size + 1).padStart(12, "0");
    const accessKeyId = `AKIADRILL${number}`;
    this.byAccessKeyId.set(accessKeyId, lambda);
    return accessKeyId;
  }

  /** Who signed a request: the credential's first part names the key. The signature itself is not verified. */
  callerOf(authorization: string | undefined): LambdaFunction | undefined {
    const [, accessKeyId] = /Credential=([A-Z0-9]+)\//.exec(authorization ?? "") ?? [];
    return accessKeyId === undefined ? undefined : this.byAccessKeyId.get(accessKeyId);
  }
}
