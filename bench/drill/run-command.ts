import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";

export interface CommandFigures {
  /** From the start to the exit, in wall seconds. */
  readonly wallSeconds: number;
  readonly coldStartSeconds: number;
  /** Memory of the command and all that it has started, at its highest, in megabytes; pages that they share count once, where Linux tells. */
  readonly peakMemoryMb: number;
  /** Declared seconds; undefined when the drill did not recover. */
  readonly recoverySeconds: number | undefined;
  readonly objectivesMet: boolean;
}

const SAMPLE_EVERY_MS = 500;

/** Runs `npm run drill` as a user would, and reads its figures. */
export async function runCommand(root: string, out: string, args: readonly string[]): Promise<CommandFigures> {
  const startedAt = performance.now();
  const child = spawn("npm", ["run", "--silent", "drill", "--", "--out", out, ...args], { cwd: root, stdio: "ignore" });
  let peakMemoryMb = 0;
  const timer = setInterval(() => {
    peakMemoryMb = Math.max(peakMemoryMb, memoryMb(child.pid ?? 0));
  }, SAMPLE_EVERY_MS);
  const [code] = await once(child, "exit");
  clearInterval(timer);
  if (code !== 0 && code !== 1)
    throw new Error(`npm run drill ${args.join(" ")}: expected exit code 0 or 1, got ${code}`);
  const result = JSON.parse(fs.readFileSync(path.join(out, "result.json"), "utf8"));
  const recoveryMs: number | undefined = result.measures.recoveryTimeMs;
  return {
    wallSeconds: (performance.now() - startedAt) / 1_000,
    coldStartSeconds: result.wallMs.coldStart / 1_000,
    peakMemoryMb,
    recoverySeconds: recoveryMs === undefined ? undefined : recoveryMs / 1_000,
    objectivesMet: code === 0,
  };
}

function memoryMb(root: number): number {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" }).trim().split("\n");
  const processes = lines.map(
    (line) => line.trim().split(/\s+/).map(Number) as [pid: number, parent: number, kilobytes: number],
  );
  const sum = (pid: number): number =>
    processes.filter(([, parent]) => parent === pid).reduce((total, [child]) => total + sum(child), 0) +
    (proportionalKilobytes(pid) ?? processes.find(([id]) => id === pid)?.[2] ?? 0);
  return sum(root) / 1_024;
}

/** Forty Node.js processes share one program: adding up what is resident would count it forty times. */
function proportionalKilobytes(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes);
  } catch {
    return undefined; // Not Linux, or the process has ended meanwhile.
  }
}
