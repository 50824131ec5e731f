import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * Times a synth of the whole app, alternating the ways in one run, so that a busy machine slows all of them: our fast path with all
 * bundles built afresh and with none changed, and `npx ts-node main.ts`, which `cdktf init` would have made the app command.
 * Each is a whole process as a user starts it. Prints medians and the ratio of each round.
 */

const ROOT = path.resolve(__dirname, "..");
const ROUNDS = 5;
const TIMEOUT_MS = 120_000;

interface Contender {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly freshBundles: boolean;
}

const CONTENDERS: readonly Contender[] = [
  { name: "npm run synth, bundles built afresh", command: ["npm", "run", "--silent", "synth"], freshBundles: true },
  { name: "npm run synth, nothing changed", command: ["npm", "run", "--silent", "synth"], freshBundles: false },
  { name: "npx ts-node main.ts, built afresh", command: ["npx", "ts-node", "main.ts"], freshBundles: true },
  { name: "npx ts-node main.ts, nothing changed", command: ["npx", "ts-node", "main.ts"], freshBundles: false },
];

/** Seconds that one synth takes from start to exit; a failing one ends the run. */
function measureSeconds({ name, command: [program, ...args], freshBundles }: Contender, outdir: string): number {
  if (freshBundles) fs.rmSync(path.join(ROOT, ".cache"), { recursive: true, force: true });
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, args, {
    cwd: ROOT,
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    env: { ...process.env, CDKTF_OUTDIR: outdir },
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (status !== 0) throw new Error(`${name}: expected exit code 0, got ${status}\n${stderr}`);
  return seconds;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function main(): void {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), "bench-synth-"));
  const rounds: number[][] = [];
  try {
    for (const contender of CONTENDERS) measureSeconds(contender, outdir); // Warms the file cache; not counted.
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(CONTENDERS.map((contender) => measureSeconds(contender, outdir)));
      console.error(`round ${round + 1} of ${ROUNDS}`);
    }
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
  const column = (index: number) => rounds.map((round) => round[index] ?? Number.NaN);
  const ratio = (slow: number, fast: number) => median(rounds.map((round) => (round[slow] ?? 0) / (round[fast] ?? 1)));
  console.log(`Whole synth, example deployment, Node ${process.version}, ${os.cpus().length} cores, ${ROUNDS} rounds`);
  console.log(`${"".padEnd(38)}   median      min      max`);
  CONTENDERS.forEach(({ name }, index) => {
    const cells = [median(column(index)), Math.min(...column(index)), Math.max(...column(index))];
    console.log(`${name.padEnd(38)} ${cells.map((seconds) => `${seconds.toFixed(2)} s`.padStart(8)).join(" ")}`);
  });
  console.log(`built afresh:    ts-node takes ${ratio(2, 0).toFixed(1)} times as long (median of the rounds' ratios)`);
  console.log(`nothing changed: ts-node takes ${ratio(3, 1).toFixed(1)} times as long`);
}

main();
