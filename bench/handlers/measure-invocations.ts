import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { BUILD_OPTIONS } from "../../bundling/bundle-handlers";
import { type Endpoints, handlerEnvironment } from "./handler-environment";
import type { Job, Samples } from "./measured-process";

/** One handler takes some ten seconds; what hangs is to be seen, not waited for. */
const TIMEOUT_MS = 60_000;

/** What a handler writes when a call failed that it could do without, or had to be repeated: its time is then no good one. */
const TROUBLE = /"level":"(?:WARN|ERROR)"|"(?:VendorFailures|CartConflicts|AmountMismatches)":/;

/** Bundles to measure with. */
export interface MeasuredProcess {
  readonly script: string;
  readonly rawCallsFile: string;
}

/** Bundles the measuring process and, apart from it, the raw calls, in the way that the handlers are: so they run the same SDK code. */
export async function buildMeasuredProcess(outdir: string): Promise<MeasuredProcess> {
  const entryPoints = ["measured-process.ts", "raw-calls.ts"].map((name) => path.join(__dirname, name));
  const mainFields = [...BUILD_OPTIONS.mainFields];
  await build({ ...BUILD_OPTIONS, mainFields, entryPoints, outdir, logLevel: "silent" });
  return { script: path.join(outdir, "measured-process.js"), rawCallsFile: path.join(outdir, "raw-calls.js") };
}

/**
 * Runs a job in a process of its own beside a fresh engine of its own: no handler's numbers depend on what ran before it. What the
 * handler logs goes to a file, so that each line costs a write, and is looked through for trouble.
 */
export async function measureInvocations(script: string, job: Job, logFile: string): Promise<Samples> {
  const engine = fork(path.join(__dirname, "engine.ts"), { execArgv: ["--import", "tsx"] });
  const log = fs.openSync(logFile, "w");
  let measured: ChildProcess | undefined;
  try {
    const endpoints = await messageOf<Endpoints>(engine, "engine");
    measured = fork(script, [JSON.stringify(job)], {
      env: handlerEnvironment(job.name, endpoints),
      execArgv: [],
      stdio: ["ignore", log, "inherit", "ipc"],
    });
    const samples = await messageOf<Samples>(measured, job.name);
    const trouble = fs
      .readFileSync(logFile, "utf8")
      .split("\n")
      .find((line) => TROUBLE.test(line));
    if (trouble !== undefined)
      throw new Error(`${job.name}: expected calls that all succeed, but it logged ${trouble}`);
    return samples;
  } finally {
    measured?.kill("SIGKILL");
    engine.kill("SIGKILL");
    fs.closeSync(log);
  }
}

/** The one message of a child; a child that ends without it has failed. */
async function messageOf<Message>(child: ChildProcess, name: string): Promise<Message> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const ended = once(child, "exit", { signal: timeout }).then(([code]) => {
    throw new Error(`${name}: expected measurements, got exit code ${code}; its message is above`);
  });
  const sent = once(child, "message", { signal: timeout }).then(([message]) => message as Message);
  return Promise.race([sent, ended]).catch((cause: Error) => {
    if (!timeout.aborted) throw cause;
    throw new Error(`${name}: expected measurements within ${TIMEOUT_MS} ms, got none; is the machine busy?`, {
      cause,
    });
  });
}
