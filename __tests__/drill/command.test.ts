import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { scratchFolder } from "../synthesize";

const ROOT = path.resolve(__dirname, "..", "..");
const COMMAND = ["--import", "tsx", "drill/main.ts"];
/** Nothing happens in it but what a test does, at a pace at which no machine is late. */
const UNHURRIED = ["--fault", "none", "--speed", "1", "--clients", "2"];
const TIMEOUT_MS = 60_000;

/** Process ids of everything that a process has started, and what that has started. */
function descendants(pid: number): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const parents = lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (ancestor: number): number[] =>
    parents.filter(([, parent]) => parent === ancestor).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A drill that is well under way, the processes that it runs, and what it has told. */
async function underWay(): Promise<{ drill: ChildProcess; pids: number[]; progress: string }> {
  const drill = spawn(process.execPath, [...COMMAND, ...UNHURRIED, "--out", scratchFolder()], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let progress = "";
  await new Promise<void>((resolve) => {
    drill.stderr?.on("data", (chunk) => {
      progress += String(chunk);
      if (progress.includes("clients send requests")) resolve();
    });
  });
  const pids = descendants(drill.pid ?? 0);
  expect(pids.length).toBeGreaterThan(10);
  return { drill, pids, progress };
}

async function allGone(pids: readonly number[]): Promise<boolean> {
  for (let attempt = 0; attempt < 50 && pids.some(isAlive); attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return !pids.some(isAlive);
}

test.concurrent(
  "Ctrl-C takes everything down and exits with 2",
  async () => {
    const { drill, pids } = await underWay();
    drill.kill("SIGINT");
    const [code] = await once(drill, "exit");
    expect(code).toBe(2);
    expect(await allGone(pids)).toBe(true);
  },
  TIMEOUT_MS,
);

test.concurrent(
  "operators are told where to reach the drill, and reach it there; nobody else gets the port",
  async () => {
    const { drill, progress } = await underWay();
    const [, url = "", port = ""] = /^operator endpoint (http:\/\/127\.0\.0\.1:(\d+))$/m.exec(progress) ?? [];
    expect(await (await fetch(`${url}/https/api.example.com/live`)).json()).toMatchObject({ status: "ok" });
    const second = spawnSync(process.execPath, [...COMMAND, "--operator-port", port, "--out", scratchFolder()], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect([second.status, second.stdout]).toEqual([2, ""]);
    expect(second.stderr).toMatch(/^--operator-port: port \d+ of 127\.0\.0\.1 must be free, got EADDRINUSE; .*\n$/);
    drill.kill("SIGINT");
    await once(drill, "exit");
  },
  TIMEOUT_MS,
);

test.concurrent(
  "no process is left when the drill itself is killed",
  async () => {
    const { drill, pids } = await underWay();
    drill.kill("SIGKILL");
    await once(drill, "exit");
    expect(await allGone(pids)).toBe(true);
  },
  TIMEOUT_MS,
);

test.each([
  [["--speed", "fast"], /^--speed: expected a number from 1 to 20; got fast\n$/],
  // Anything but a refusal would take the minute of a drill.
  [["--out", "package.json", "--duration", "3600"], /^--out: expected a folder .*package\.json: ENOTDIR.*\n$/],
  [
    ["--cdktf-out", "/nowhere"],
    /^\/nowhere\/manifest\.json: expected a file, got none that can be read; run `npm run synth` first\n$/,
  ],
])(
  "%p exits with 2 and one line",
  (args, message) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [...COMMAND, ...args], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  },
  TIMEOUT_MS,
);
