import type { ColdStandby, ObjectiveResult } from "./result";

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

/**
 * A cold standby answers its first customers before they give up. Measured before the drill and in real time: a start is work, which a drill's
 * speed cannot compress. At AWS an environment takes from under 100 ms to over 1 s to start.
 * https://docs.aws.amazon.com/lambda/latest/operatorguide/execution-environments.html
 * @param clientTimeoutMs - milliseconds after which clients give a request up
 */
export function coldStandby(first: ColdStandby | undefined, clientTimeoutMs: number): ObjectiveResult {
  const objective = { name: "cold standby", objective: `< ${seconds(clientTimeoutMs)}` };
  if (first === undefined) {
    return { ...objective, isMet: false, measured: "not measured", explanation: "no standby was asked anything" };
  }
  const { ms, operation, isAnswered } = first;
  return {
    ...objective,
    isMet: isAnswered && ms < clientTimeoutMs,
    measured: isAnswered ? seconds(ms) : "no answer",
    explanation: `${isAnswered ? "the slowest first answer, to" : "a first request without one:"} ${operation}, in real time on this machine; AWS names under 100 ms to over 1 s for a start`,
  };
}
