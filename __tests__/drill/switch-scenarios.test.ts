import path from "node:path";
import { synthesizeInto } from "../../drill/synthesize";
import { every, scratchFolder } from "../synthesize";
import { changedFolder } from "./changed-folder";
import { drill, missed, type ShortDrill } from "./short-drill";

// What people do with the switch and what befalls it, drilled over the real stacks; and a latch that is missing, which must show.

/** A busy machine must still be in time: what befalls the switch is not to be mixed up with what befalls the machine. */
const SPEED = 10;
const TIMEOUT_MS = 240_000;
let folder: string;

beforeAll(() => {
  folder = scratchFolder();
  synthesizeInto(folder, path.resolve(__dirname, "..", ".."));
}, TIMEOUT_MS);

const how = (durationSeconds: number): ShortDrill => ({
  ...{ speed: SPEED, durationSeconds, clients: 6, seed: 5 },
  phases: { steadySeconds: 15, afterwardsSeconds: 10 },
});

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
    const result = await drill(folder, faultName, how(seconds));
    expect(missed(result)).toEqual([]);
    expect(result.objectives.map(({ name }) => name)).toEqual(expect.arrayContaining(objectives));
  },
  TIMEOUT_MS,
);

test(
  "a flapping primary throws customers to and fro where the promised latch is missing",
  async () => {
    const unlatched = changedFolder(folder, "failover-dns", (json) => {
      for (const { target } of every(json, "aws_scheduler_schedule")) {
        target.input = JSON.stringify({ ...JSON.parse(target.input), latch: false });
      }
    });
    expect(missed(await drill(unlatched, "primary-flapping", how(170)))).toContain("unasked returns");
  },
  TIMEOUT_MS,
);
