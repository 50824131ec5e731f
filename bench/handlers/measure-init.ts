import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import type { RegionalHandlerName } from "../../constructs/functions/handler-names";
import { handlerEnvironment, NO_ENDPOINTS } from "./handler-environment";
import { median } from "./statistics";

/** A bundle to load in a process of its own. */
export interface InitContender {
  readonly name: RegionalHandlerName;
  readonly file: string;
}

const TIMEOUT_MS = 30_000;

/**
 * Milliseconds that loading each bundle adds to a bare Node.js process: the median of its differences to the bare process of the same
 * round. Everybody has a turn in every round, each round another one first: a busy machine, or a place in the row, favours nobody.
 */
export function measureInitMs(
  contenders: readonly InitContender[],
  rounds: number,
  onRound: (round: number) => void,
): number[] {
  const scripts = [
    { script: "0", env: {} },
    ...contenders.map(({ name, file }) => ({
      script: `require(${JSON.stringify(file)})`,
      env: handlerEnvironment(name, NO_ENDPOINTS),
    })),
  ];
  const differences: number[][] = contenders.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    const roundMs: number[] = [];
    for (let turn = 0; turn < scripts.length; turn += 1) {
      const index = (turn + round) % scripts.length;
      const { script, env } = scripts[index] ?? { script: "0", env: {} };
      roundMs[index] = processMs(script, env);
    }
    const [bareMs = Number.NaN, ...loadMs] = roundMs;
    // Round 0 warms the file cache.
    if (round > 0) for (const [index, ms] of loadMs.entries()) differences[index]?.push(ms - bareMs);
    onRound(round);
  }
  return differences.map(median);
}

function processMs(script: string, env: Record<string, string>): number {
  const startedMs = performance.now();
  const { status, stderr, error } = spawnSync(process.execPath, ["-e", script], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    timeout: TIMEOUT_MS,
  });
  const ms = performance.now() - startedMs;
  if (status !== 0) {
    throw new Error(`node -e '${script}': expected exit code 0, got ${status}\n${error?.message ?? ""}${stderr}`);
  }
  return ms;
}
