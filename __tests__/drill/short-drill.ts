import path from "node:path";
import type { Phases } from "../../drill/drill-props";
import { FAULTS } from "../../drill/faults/faults";
import type { DrillResult } from "../../drill/measure/result";
import type { DrillOptions } from "../../drill/options";
import { runDrill } from "../../drill/run-drill";
import { synthesizeInto } from "../../drill/synthesize";
import { USUAL_LAG } from "../../local-aws/local-aws";
import { cdktfOut } from "../../terraform-json/source";
import { readTopology } from "../../topology/read-topology";
import { scratchFolder } from "../synthesize";

let synthesized: string | undefined;

/** The example deployment with its real handlers, synthesized once for a test file. */
export function synthesizedFolder(): string {
  if (synthesized === undefined) {
    const folder = scratchFolder();
    synthesizeInto(folder, path.resolve(__dirname, "..", ".."));
    synthesized = folder;
  }
  return synthesized;
}

export interface ShortDrill extends Pick<DrillOptions, "speed" | "durationSeconds" | "clients" | "seed"> {
  readonly phases: Phases;
}

/** Drills what lies in a folder, in this process and without a report. */
export function drill(folder: string, faultName: string, { phases, ...how }: ShortDrill): Promise<DrillResult> {
  const fault = FAULTS.find(({ name }) => name === faultName);
  if (fault === undefined) throw new Error(`no fault ${faultName}`);
  return runDrill({
    topology: readTopology(cdktfOut(folder)),
    source: folder,
    fault,
    options: {
      ...how,
      ...{ faultName, out: folder, cdktfOut: folder, json: false, operatorPort: 0, replicationLag: USUAL_LAG },
      recoveryTimeSeconds: undefined,
      recoveryPointSeconds: undefined,
    },
    watcher: { onEvent: () => {}, onProgress: () => {}, onNote: () => {} },
    phases,
    signal: new AbortController().signal,
    startedAtWallMs: performance.now(),
  });
}

/** Names of the objectives that were missed. */
export const missed = ({ objectives }: DrillResult) => objectives.filter(({ isMet }) => !isMet).map(({ name }) => name);
