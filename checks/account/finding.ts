import type { Asking } from "../../failover/answer";

/** What became of one check. `unknown`: it could not be asked, which is no answer. */
export type Outcome = "passed" | "failed" | "information" | "unknown";

export interface Judged {
  readonly outcome: Outcome;
  /** What there is, in a few words. */
  readonly found: string;
  /** What to do, or why; empty when nothing is to be said. */
  readonly advice: string;
}

export interface Finding extends Judged {
  readonly subject: string;
  /** A region, or `global`. */
  readonly place: string;
}

export const passed = (found: string, advice = ""): Judged => ({ outcome: "passed", found, advice });
export const failed = (found: string, advice: string): Judged => ({ outcome: "failed", found, advice });
export const noted = (found: string, advice: string): Judged => ({ outcome: "information", found, advice });

/** Asks, and judges the answer. A question without an answer is `unknown`, with its reason. */
export async function finding<T>(
  ask: Asking,
  subject: string,
  place: string,
  question: (signal: AbortSignal) => Promise<T>,
  judge: (value: T) => Judged,
): Promise<Finding> {
  const answer = await ask(question);
  if (answer.isKnown) return { subject, place, ...judge(answer.value) };
  return { subject, place, outcome: "unknown", found: answer.short, advice: answer.detail ?? "" };
}
