import { every } from "../synthesize";
import { changedFolder } from "./changed-folder";
import { drill, missed, type ShortDrill, synthesizedFolder } from "./short-drill";

// The switch, used by an operator or out of reach, drilled over the real stacks; and a missing latch, which must fail the drill.

/** Slow enough that a busy machine is not taken for a failing switch. */
const SPEED = 10;
const TIMEOUT_MS = 400_000;
const how = (durationSeconds: number): ShortDrill => ({
  ...{ speed: SPEED, durationSeconds, clients: 6, seed: 5 },
  phases: { steadySeconds: 15, afterwardsSeconds: 10 },
});

test.each([
  [
    "planned-evacuation",
    60,
    ["moved by hand", "released by hand", "unrequested failbacks", "writes left behind", "failed requests"],
  ],
  ["switch-without-data", 120, ["moved by hand", "released by hand", "unrequested failbacks", "failed requests"]],
  ["primary-writes-throttled", 90, ["alarm", "served after standing down", "moved by hand", "released by hand"]],
  ["primary-checkout-broken", 90, ["alarm", "served after standing down", "moved by hand", "released by hand"]],
  ["primary-flapping", 520, ["unrequested failbacks", "recovery point"]],
])(
  "%s meets its objectives",
  async (faultName, seconds, objectives) => {
    const result = await drill(synthesizedFolder(), faultName, how(seconds));
    expect(missed(result)).toEqual([]);
    expect(result.objectives.map(({ name }) => name)).toEqual(expect.arrayContaining(objectives));
  },
  TIMEOUT_MS,
);

test(
  "a flapping primary fails the drill where the promised latch is missing",
  async () => {
    const unlatched = changedFolder(synthesizedFolder(), "failover-dns", (json) => {
      for (const { target } of every(json, "aws_scheduler_schedule")) {
        target.input = JSON.stringify({ ...JSON.parse(target.input), latch: false });
      }
    });
    expect(missed(await drill(unlatched, "primary-flapping", how(260)))).toContain("unrequested failbacks");
  },
  TIMEOUT_MS,
);
