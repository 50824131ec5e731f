import { evaluate, rangeInPeriods } from "../../../local-aws/cloudwatch/alarm-evaluation";
import { cdktfOut } from "../../../terraform-json/source";
import { readTopology } from "../../../topology/read-topology";
import { exampleSettings, synthesizeFolder } from "../../synthesize";

// What the declared alarm makes of a heartbeat's ages; `../heartbeat.long.test.ts` has functions, tables and replication.

const { alarms } = readTopology(cdktfOut(synthesizeFolder(exampleSettings())));
const heartbeats = alarms.filter(({ metricName }) => metricName === "PeerHeartbeatAge");
const RUNS = 2_000;

/** A series that is the same in every run of the test. */
function wobble(index: number): number {
  return Math.abs(Math.sin(index * 12.9898) * 43_758.5453) % 1;
}

/**
 * The alarm's data points, a value for each minute, while each region beats once a minute and each run is up to a minute late.
 * @param stalledAtSeconds - nothing that is written later arrives
 */
function agesByMinute(stalledAtSeconds = Number.POSITIVE_INFINITY): (number | undefined)[] {
  const lagSeconds = 3;
  const beats = Array.from({ length: RUNS }, (_, index) => index * 60 + 59 * wobble(index));
  const byMinute: (number | undefined)[] = Array.from({ length: RUNS }, () => undefined);
  for (let run = 5; run < RUNS; run += 1) {
    const atSeconds = run * 60 + 59 * wobble(run + RUNS);
    const arrived = beats.filter((beat) => beat + lagSeconds <= atSeconds && beat <= stalledAtSeconds);
    const minute = Math.floor(atSeconds / 60);
    byMinute[minute] = Math.max(byMinute[minute] ?? 0, atSeconds - (arrived.at(-1) ?? 0));
  }
  return byMinute;
}

function statesOf(points: readonly (number | undefined)[], from: number): string[] {
  const [alarm] = heartbeats;
  if (alarm === undefined) throw new Error("no alarm on PeerHeartbeatAge is declared");
  const length = rangeInPeriods(alarm);
  let current = evaluate(alarm, points.slice(from - length, from), { state: "OK", reason: "" });
  return points.slice(from).map((_, index) => {
    current = evaluate(alarm, points.slice(from + index + 1 - length, from + index + 1), current);
    return current.state;
  });
}

test("each region has an alarm for each table", () => {
  expect(heartbeats.map(({ region }) => region).sort()).toEqual(["us-east-1", "us-east-1", "us-west-2", "us-west-2"]);
});

test("stays silent while each run is up to a minute late", () => {
  expect(new Set(statesOf(agesByMinute(), 20))).toEqual(new Set(["OK"]));
});

test("rings within seven minutes after replication stalls, and goes on ringing", () => {
  const stalledAtMinute = 1_000;
  const states = statesOf(agesByMinute(stalledAtMinute * 60), 20).slice(stalledAtMinute - 20);
  const firstMinute = states.indexOf("ALARM");
  expect(firstMinute).toBeGreaterThanOrEqual(2);
  expect(firstMinute).toBeLessThanOrEqual(7);
  expect(new Set(states.slice(firstMinute))).toEqual(new Set(["ALARM"]));
});

test("rings within seven minutes after the heartbeat's function stops to report", () => {
  const points = agesByMinute().map((age, minute) => (minute < 100 ? age : undefined));
  const states = statesOf(points, 20).slice(80);
  expect(states.indexOf("ALARM")).toBeLessThanOrEqual(7);
  expect(states.at(-1)).toBe("ALARM");
});
