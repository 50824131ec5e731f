import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { synthesizeInto } from "../drill/synthesize";
import { runCommand } from "./drill/run-command";
import { sustainedRate } from "./drill/sustained-rate";

/**
 * What a drill costs, and whether its speed changes what it measures: `npm run drill` at speed 10 and, in real time, at speed 1; then as many
 * requests as go through one region's whole path. Takes about five minutes. Exits with 1 when a limit is missed.
 */

const ROOT = path.resolve(__dirname, "..");
/** By declaration: 3 probes of 10 s and their time-outs of up to 6 s, then a TTL of 10 s. */
const LONGEST_RECOVERY_SECONDS = 58;

interface Figure {
  readonly name: string;
  readonly measured: string;
  readonly limit: string;
  readonly isMet: boolean;
}

function atMost(name: string, value: number, limit: number, unit: string): Figure {
  return {
    name,
    measured: `${value.toFixed(1)} ${unit}`,
    limit: `≤ ${limit.toFixed(0)} ${unit}`,
    isMet: value <= limit,
  };
}

async function main(): Promise<void> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "bench-drill-"));
  try {
    const quick = await runCommand(ROOT, path.join(scratch, "quick"), ["--speed", "10", "--seed", "1"]);
    console.error("speed 10 done; speed 1 takes three minutes");
    const real = await runCommand(ROOT, path.join(scratch, "real"), ["--speed", "1", "--seed", "1"]);
    synthesizeInto(path.join(scratch, "cdktf.out"), ROOT);
    const rate = await sustainedRate(path.join(scratch, "cdktf.out"));
    const ratio = (quick.recoverySeconds ?? Number.NaN) / (real.recoverySeconds ?? Number.NaN);
    const longest = Math.max(quick.recoverySeconds ?? Number.NaN, real.recoverySeconds ?? Number.NaN);
    const figures: Figure[] = [
      atMost("start to report, speed 10", quick.wallSeconds, 40, "s"),
      atMost("cold start of both regions", quick.coldStartSeconds, 5, "s"),
      atMost("memory of all processes", quick.peakMemoryMb, 1_500, "MB"),
      {
        name: "one region's full path",
        measured: `${rate.toFixed(0)} req/s`,
        limit: "≥ 300 req/s",
        isMet: rate >= 300,
      },
      atMost("recovery, speed 10", quick.recoverySeconds ?? Number.NaN, LONGEST_RECOVERY_SECONDS * 1.1, "s"),
      atMost("recovery, speed 1", real.recoverySeconds ?? Number.NaN, LONGEST_RECOVERY_SECONDS * 1.1, "s"),
      {
        name: "speed 10 against speed 1",
        measured: ratio.toFixed(2),
        limit: "0.9 to 1.1",
        isMet: ratio >= 0.9 && ratio <= 1.1,
      },
    ];
    console.log(
      `Default drill, Node ${process.version}, ${os.cpus().length} cores; longest recovery measured ${longest.toFixed(1)} s`,
    );
    for (const { name, measured, limit, isMet } of figures) {
      console.log(`${isMet ? "✓" : "✗"} ${name.padEnd(28)} ${measured.padStart(12)}   ${limit}`);
    }
    process.exitCode = figures.every(({ isMet }) => isMet) ? 0 : 1;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
