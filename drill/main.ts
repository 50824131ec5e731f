import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { OperatorPortError } from "../local-aws/front-door/front-door";
import { DeclarationError } from "../terraform-json/errors";
import { cdktfOut } from "../terraform-json/source";
import { readTopology } from "../topology/read-topology";
import { refuseBrokenZips } from "../topology/refuse-broken-zips";
import { USUAL_PHASES } from "./drill-props";
import { FAULTS } from "./faults/faults";
import { type DrillOptions, parseCommand, UsageError } from "./options";
import { prepareOutFolder } from "./out-folder";
import { jsonReport } from "./report/json";
import { ProgressWriter } from "./report/progress";
import { terminalReport } from "./report/terminal";
import { writeReports } from "./report/write-reports";
import { runDrill } from "./run-drill";
import { SynthesisError, synthesizeInto } from "./synthesize";

const MET = 0;
const MISSED = 1;
const COULD_NOT_RUN = 2;

async function main(args: readonly string[]): Promise<number> {
  const startedAtWallMs = performance.now();
  const command = parseCommand(args, () => Math.floor(Math.random() * 2 ** 32));
  if (command.kind === "print") {
    process.stdout.write(command.text);
    return MET;
  }
  const { options } = command;
  const folder = options.cdktfOut ?? fs.mkdtempSync(path.join(os.tmpdir(), "drill-"));
  try {
    if (options.cdktfOut === undefined) synthesizeInto(folder, process.cwd());
    return await drill(options, folder, startedAtWallMs);
  } finally {
    if (options.cdktfOut === undefined) fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function drill(options: DrillOptions, folder: string, startedAtWallMs: number): Promise<number> {
  const fault = FAULTS.find(({ name }) => name === options.faultName);
  if (fault === undefined) throw new UsageError(`--fault: ${options.faultName} is no fault`);
  const topology = readTopology(cdktfOut(folder));
  refuseBrokenZips(topology);
  prepareOutFolder(options.out);
  const aborter = new AbortController();
  const abort = () => aborter.abort();
  process.once("SIGINT", abort);
  process.once("SIGTERM", abort);
  const progress = new ProgressWriter();
  const denials = new Set<string>();
  const result = await runDrill({
    topology,
    fault,
    options,
    startedAtWallMs,
    phases: USUAL_PHASES,
    source: options.cdktfOut ?? "cdktf.json's app, synthesized afresh",
    signal: aborter.signal,
    watcher: {
      onEvent: (event) => progress.event(event),
      onProgress: (state) => progress.update(state),
      onReady: (operatorUrl) => console.error(`operator endpoint ${operatorUrl}`),
      onNote: (region, text) => {
        if (text.includes(" was denied ")) denials.add(`${region}: ${text}`);
      },
    },
  });
  progress.end();
  if (aborter.signal.aborted) {
    console.error("aborted; the local AWS is stopped");
    return COULD_NOT_RUN;
  }
  for (const denial of denials) console.error(denial);
  const { htmlPath } = await writeReports(options.out, result);
  const useColour = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
  process.stdout.write(
    options.json ? jsonReport(result) : terminalReport(result, { useColour, htmlPath, columns: columns() }),
  );
  return result.objectives.every(({ isMet }) => isMet) ? MET : MISSED;
}

function columns(): number {
  return Math.max(60, Math.min(process.stdout.columns ?? 100, 120));
}

/** Errors that a user can correct. Any other error is a defect of the drill and is shown with its stack. */
function isExpected(error: unknown): error is Error {
  return [UsageError, SynthesisError, DeclarationError, OperatorPortError].some((type) => error instanceof type);
}

/** Exits once all output is written. A half-open connection from a fault must not keep the process alive. */
function exit(code: number): void {
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

main(process.argv.slice(2))
  .then(exit)
  .catch((error: unknown) => {
    console.error(isExpected(error) ? error.message : error);
    exit(COULD_NOT_RUN);
  });
