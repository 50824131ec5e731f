import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { systemClock } from "../../failover/adapters/terminal";
import { run, type Surroundings } from "../../failover/run";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the person was asked. */
  readonly questions: readonly string[];
  readonly tookMs: number;
}

export interface RunningProps {
  /** What the person types; nobody is there without it. */
  readonly typed?: string;
  readonly overrides?: Partial<Surroundings>;
}

/** For a region that never answers: what is asked at once is over within about a second, on whatever machine. */
export const SHORT_BOUND = { overrides: { boundMs: 1_000 } };
/** Milliseconds of the machine's clock: fewer than if one question of a dark region waited for the other, and time to spare for a busy machine. */
export const AT_ONCE_MS = 4_000;

export const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "failover-"));

/** Any credentials do for a drill; the SDK reads them from the process. */
export function setCredentials(): void {
  process.env["AWS_ACCESS_KEY_ID"] = "AKIDDRILL";
  process.env["AWS_SECRET_ACCESS_KEY"] = "very-secret";
  delete process.env["AWS_SESSION_TOKEN"];
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
}

/** The command in this process, with short waits. */
export async function running(args: readonly string[], { typed, overrides = {} }: RunningProps = {}): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const questions: string[] = [];
  const startedAtMs = performance.now();
  const code = await run(args, {
    env: {},
    person: {
      isPresent: typed !== undefined,
      ask: async (question) => {
        questions.push(question);
        return typed ?? "";
      },
      show: (text) => {
        stdout += text;
      },
      tell: (text) => {
        stderr += text;
      },
    },
    clock: systemClock,
    signal: new AbortController().signal,
    user: "ada",
    host: "laptop",
    newId: () => "id-1",
    boundMs: 3_000,
    waiting: { resendMs: 60, pollMs: 20 },
    ...overrides,
  });
  return { code, stdout, stderr, questions, tookMs: performance.now() - startedAtMs };
}

/** Lines of an audit file; none when there is no file. */
// biome-ignore lint/suspicious/noExplicitAny: lines are compared field by field.
export function auditLines(file: string): any[] {
  if (!fs.existsSync(file)) return [];
  return fs
    .readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
