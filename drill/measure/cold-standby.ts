import type { ColdStandby, ObjectiveResult } from "./result";

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

/**
 * A cold standby answers its first customers before they give up. Measured before the drill and in real time: a start is work, which a drill's
 * speed cannot compress. At AWS an environment takes from under 100 ms to over 1 s to start.
 * https://docs.aws.amazon.com/lambda/latest/operatorguide/execution-environments.html
 * @param clientTimeoutMs - milliseconds after which clients give a request up
 */
export function coldStandby({ ms, operation }: ColdStandby, clientTimeoutMs: number): ObjectiveResult {
  return {
    name: "cold standby",
    isMet: ms < clientTimeoutMs,
    measured: seconds(ms),
    objective: `< ${seconds(clientTimeoutMs)}`,
    explanation: `the slowest first answer, to ${operation}, in real time on this machine; AWS names under 100 ms to over 1 s for a start`,
  };
}
