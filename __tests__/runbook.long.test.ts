import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Customers } from "../drill/clients/customers";
import { DrilledDeployment } from "../drill/deployment/drilled-deployment";
import { synthesizeInto } from "../drill/synthesize";
import { USUAL_LAG } from "../local-aws/local-aws";
import { Pace } from "../local-aws/pace";
import { seededRandom } from "../local-aws/seeded-random";
import { cdktfOut } from "../terraform-json/source";
import { readTopology } from "../topology/read-topology";
import { running, setCredentials } from "./failover/running";
import { scratchFolder } from "./synthesize";

// The runbook, played from top to bottom against a drill: comments marked "rehearsal" say what befalls the world, consoles what people type
// and what they must see. Numbers may differ, and so may whatever a `…` stands for.

const ROOT = path.resolve(__dirname, "..");
const SPEED = 10;
const TIMEOUT_MS = 420_000;
/** Declared seconds. */
const PATIENCE_SECONDS = 400;

type Step =
  | { readonly kind: "world"; readonly text: string }
  | { readonly kind: "command"; readonly args: readonly string[]; readonly expected: readonly string[] };

function stepsOf(markdown: string): Step[] {
  const parts = markdown.matchAll(/<!-- rehearsal: (.*?) -->|^```console\n([\s\S]*?)^```$/gm);
  return [...parts].flatMap(([, world, console]): Step[] => {
    if (world !== undefined) return world.split(";").map((text) => ({ kind: "world", text: text.trim() }));
    const commands = (console ?? "").split(/^\$ /m).filter(Boolean);
    return commands.map((command) => {
      const [line = "", ...expected] = command.trimEnd().split("\n");
      const [, args = ""] = /^npm run failover -- (.*)$/.exec(line) ?? [];
      if (args === "") throw new Error(`docs/runbook.md: only "npm run failover -- …" can be rehearsed; got ${line}`);
      const words = [...args.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
      return { kind: "command", args: words, expected };
    });
  });
}

const normalised = (line: string) =>
  line
    .replace(/\d+(?:\.\d+)?/g, "#")
    .replace(/\s+/g, " ")
    .trim();

/** Expected lines that do not follow in their order; a line's `…` stands for the rest of the line, a lone one for any lines. */
function missing(expected: readonly string[], output: string): string[] {
  const lines = output.split("\n").map(normalised);
  let from = 0;
  return expected.filter((line) => {
    const [start = ""] = normalised(line).split("…");
    if (start === "" && line.startsWith("…")) return false;
    const isOpen = line.includes("…");
    const index = lines.findIndex(
      (candidate, at) => at >= from && (isOpen ? candidate.startsWith(start.trim()) : candidate === start),
    );
    if (index < 0) return true;
    from = index + 1;
    return false;
  });
}

async function until(world: DrilledDeployment, isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let waited = 0; !(await isSo()); waited += 2) {
    if (waited > PATIENCE_SECONDS) throw new Error(`not ${what} within ${PATIENCE_SECONDS} s; ${await seenIn(world)}`);
    await world.wait(2);
  }
}

async function seenIn(world: DrilledDeployment): Promise<string> {
  const checks = world.aws.healthChecks.status().map(({ address, isHealthy }) => `${address} healthy: ${isHealthy}`);
  return [`answered by ${await world.answeringRegion()}`, ...checks].join(", ");
}

const isStoodDown = (world: DrilledDeployment) =>
  world.aws.healthChecks.status().some(({ address, isHealthy }) => address.includes("StandDown") && !isHealthy);

/** Everything that can befall the world; a word that is not here fails the rehearsal. */
const EVENTS: ReadonlyArray<[RegExp, (world: DrilledDeployment, word: string) => void | Promise<void>]> = [
  [/^start$/, (world) => world.wait(150)],
  [/^lose (\S+)$/, (world, region) => world.aws.loseRegion(region, "blackhole")],
  [/^return (\S+)$/, (world, region) => world.aws.returnRegion(region)],
  [/^wait (\d+)$/, (world, seconds) => world.wait(Number(seconds))],
  [/^vendor away$/, (world) => world.aws.vendorGoesAway()],
  [/^vendor back$/, (world) => world.aws.vendorComesBack()],
  [
    /^until answered by (\S+)$/,
    (world, region) => until(world, async () => (await world.answeringRegion()) === region, `answered by ${region}`),
  ],
  [
    /^until healthy (\S+)$/,
    (world, region) => until(world, () => world.aws.isEndpointHealthy(region), `healthy ${region}`),
  ],
  [/^until stood down$/, (world) => until(world, () => isStoodDown(world), "stood down")],
];

async function befall(world: DrilledDeployment, text: string): Promise<void> {
  const found = EVENTS.flatMap(([pattern, happen]) => {
    const match = pattern.exec(text);
    return match === null ? [] : [() => happen(world, match[1] ?? "")];
  });
  if (found.length !== 1) throw new Error(`docs/runbook.md: "${text}" is nothing that can befall a drill`);
  await found[0]?.();
}

/** Times that a person would try: a message may just be waiting, a probe may just be late. */
const ATTEMPTS = 3;
/** Declared seconds between two. */
const BETWEEN_ATTEMPTS_SECONDS = 30;

/** Types a command, and tells what is missing from its answer; nothing when all is there. */
async function problemWith({ args, expected }: Step & { kind: "command" }, world: DrilledDeployment, audit: string) {
  const isAction = ["stand-down", "release"].includes(args[0] ?? "");
  const typed = [...args, ...(isAction ? ["--yes", "--audit", audit] : []), "--endpoint", world.aws.operatorUrl];
  const attempts: unknown[] = [];
  for (;;) {
    const { stdout, stderr, code } = await running(typed, {
      overrides: { boundMs: 3_000, waiting: { resendMs: 1_000, pollMs: 200 } },
    });
    const absent = missing(expected, `${stdout}\n${stderr}`);
    if (absent.length === 0) return undefined;
    attempts.push({ absent, code, stdout, stderr });
    if (attempts.length === ATTEMPTS) return { command: args.join(" "), attempts };
    await world.wait(BETWEEN_ATTEMPTS_SECONDS);
  }
}

test(
  "every command of the runbook says in a drill what the runbook says it does",
  async () => {
    const steps = stepsOf(fs.readFileSync(path.join(ROOT, "docs", "runbook.md"), "utf8"));
    expect(steps.filter(({ kind }) => kind === "command").length).toBeGreaterThan(12);
    const folder = scratchFolder();
    synthesizeInto(folder, ROOT);
    const topology = readTopology(cdktfOut(folder));
    const [pace, random, aborter] = [new Pace(SPEED), seededRandom(11), new AbortController()];
    const world = new DrilledDeployment({
      topology,
      pace,
      random,
      lag: USUAL_LAG,
      signal: aborter.signal,
      note: () => {},
    });
    const customers = new Customers(topology, world, pace, random);
    const audit = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "runbook-")), "audit.jsonl");
    setCredentials();
    const problems: unknown[] = [];
    try {
      await world.start();
      await customers.warmUp();
      world.open();
      await customers.start({ count: 6, everybodyHonoursTtl: false, waitsInWallTime: true, onRequest: () => {} });
      for (const step of steps) {
        if (step.kind === "world") {
          await befall(world, step.text);
          continue;
        }
        const problem = await problemWith(step, world, audit);
        if (problem !== undefined) problems.push(problem);
        if (problems.length > 0) break; // What follows rests on it.
      }
    } finally {
      aborter.abort();
      await customers.stop();
      await world.stop();
    }
    expect(problems).toEqual([]);
    const audited = fs.readFileSync(audit, "utf8").trim().split("\n");
    expect(audited.length).toBeGreaterThanOrEqual(10);
  },
  TIMEOUT_MS,
);

test("a line that is not there is missed, and so is one out of order", () => {
  expect(missing(["a 1", "…", "b …"], "a 2\nx\nb and more")).toEqual([]);
  expect(missing(["b", "a"], "a\nb")).toEqual(["a"]);
  expect(missing(["c"], "a\nb")).toEqual(["c"]);
});
