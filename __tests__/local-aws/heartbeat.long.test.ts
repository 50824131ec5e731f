import { LocalAws } from "../../local-aws/local-aws";
import { Pace } from "../../local-aws/pace";
import { seededRandom } from "../../local-aws/seeded-random";
import { cdktfOut } from "../../terraform-json/source";
import { readTopology } from "../../topology/read-topology";
import type { RegionTopology, Topology } from "../../topology/topology";
import { synthesizedFolder } from "../drill/short-drill";
import { eventually } from "./lambda/declared-function";

// The declared functions, roles, tables, schedules and alarms of the heartbeat alone, run for real. Nothing here is bound to a time: each state is waited for.

const TIMEOUT_MS = 180_000;
/** A minute in 1.5 s: the threshold of three minutes leaves 4.5 s of the machine's clock for a run. */
const SPEED = 40;
const [EAST, WEST] = ["us-east-1", "us-west-2"];

const isHeartbeat = (arn: string) => arn.endsWith("-heartbeat");

function heartbeatTopology(): Topology {
  const topology = readTopology(cdktfOut(synthesizedFolder()));
  const only = (region: RegionTopology): RegionTopology => ({
    ...{ name: region.name, apis: [], queues: [], mappings: [] },
    functions: region.functions.filter(({ arn }) => isHeartbeat(arn)),
    schedules: region.schedules.filter(({ functionArn }) => isHeartbeat(functionArn)),
  });
  return {
    ...topology,
    ...{ regions: topology.regions.map(only), secrets: [], healthChecks: [], records: [] },
    alarms: topology.alarms.filter(({ metricName }) => metricName === "PeerHeartbeatAge"),
  };
}

let aws: LocalAws;
const notes: string[] = [];
beforeAll(async () => {
  aws = new LocalAws({
    topology: heartbeatTopology(),
    pace: new Pace(SPEED),
    random: seededRandom(3),
    lag: { medianMs: 5, p99Ms: 20 },
    note: (region, text) => notes.push(`${region} ${text}`),
  });
  await aws.start();
  aws.open();
}, TIMEOUT_MS);
afterAll(() => aws.stop());

const statesIn = (region = "") =>
  aws.regions
    .get(region)
    ?.alarms.all()
    .map(({ state }) => state);
const everyAlarmIs = (state: string, ...regions: (string | undefined)[]) =>
  eventually(() => regions.every((region) => statesIn(region)?.join() === `${state},${state}`), TIMEOUT_MS / 3);

test(
  "the heartbeats' alarms are silent, ring in both regions when replication is paused, and are silent again after it",
  async () => {
    await everyAlarmIs("OK", EAST, WEST);
    aws.pauseReplication(EAST ?? "");
    await everyAlarmIs("ALARM", EAST, WEST);
    aws.resumeReplication(EAST ?? "");
    await everyAlarmIs("OK", EAST, WEST);
    expect(notes.filter((note) => note.includes("denied"))).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "a lost region's silence rings in its peer",
  async () => {
    aws.loseRegion(EAST ?? "", "blackhole");
    await everyAlarmIs("ALARM", WEST);
    aws.returnRegion(EAST ?? "");
    await everyAlarmIs("OK", EAST, WEST);
  },
  TIMEOUT_MS,
);
