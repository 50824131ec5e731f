import fs from "node:fs";
import path from "node:path";
import { FAULTS } from "../../drill/faults/faults";
import type { DrillResult } from "../../drill/measure/result";
import { runDrill } from "../../drill/run-drill";
import { synthesizeInto } from "../../drill/synthesize";
import { readTopology } from "../../drill/topology/read-topology";
import { type AnyJson, scratchFolder } from "../synthesize";

// What people do with the switch and what befalls it, drilled over the real stacks; and a latch that is missing, which must show.

/** A busy machine must still be in time: what befalls the switch is not to be mixed up with what befalls the machine. */
const SPEED = 10;
const TIMEOUT_MS = 240_000;
let folder: string;

beforeAll(() => {
  folder = scratchFolder();
  synthesizeInto(folder, path.resolve(__dirname, "..", ".."));
}, TIMEOUT_MS);

function drill(cdktfOut: string, faultName: string, durationSeconds: number): Promise<DrillResult> {
  const fault = FAULTS.find(({ name }) => name === faultName);
  if (fault === undefined) throw new Error(`no fault ${faultName}`);
  return runDrill({
    topology: readTopology(cdktfOut),
    source: cdktfOut,
    fault,
    options: {
      ...{ faultName, speed: SPEED, durationSeconds, clients: 6, seed: 5, out: cdktfOut, cdktfOut, json: false },
      operatorPort: 0,
      recoveryTimeSeconds: undefined,
      recoveryPointSeconds: undefined,
    },
    watcher: { onEvent: () => {}, onProgress: () => {}, onNote: () => {} },
    phases: { steadySeconds: 15, afterwardsSeconds: 10 },
    signal: new AbortController().signal,
    startedAtWallMs: performance.now(),
  });
}

const missed = ({ objectives }: DrillResult) => objectives.filter(({ isMet }) => !isMet).map(({ name }) => name);

test.each([
  [
    "planned-evacuation",
    60,
    ["moved by hand", "released by hand", "unasked returns", "writes left behind", "failed requests"],
  ],
  ["switch-without-data", 120, ["moved by hand", "released by hand", "unasked returns", "failed requests"]],
  ["primary-flapping", 340, ["unasked returns", "recovery point"]],
])(
  "%s meets its objectives",
  async (faultName, seconds, objectives) => {
    const result = await drill(folder, faultName, seconds);
    expect(missed(result)).toEqual([]);
    expect(result.objectives.map(({ name }) => name)).toEqual(expect.arrayContaining(objectives));
  },
  TIMEOUT_MS,
);

test(
  "a flapping primary throws customers to and fro where the promised latch is missing",
  async () => {
    const copy = scratchFolder();
    fs.cpSync(folder, copy, { recursive: true });
    const file = path.join(copy, "stacks", "failover-dns", "cdk.tf.json");
    const json: AnyJson = JSON.parse(fs.readFileSync(file, "utf8"));
    for (const { target } of Object.values<AnyJson>(json.resource.aws_scheduler_schedule)) {
      target.input = JSON.stringify({ ...JSON.parse(target.input), latch: false });
    }
    fs.writeFileSync(file, JSON.stringify(json));
    expect(missed(await drill(copy, "primary-flapping", 170))).toContain("unasked returns");
  },
  TIMEOUT_MS,
);
