import { LocalAws } from "../../local-aws/local-aws";
import { Pace } from "../../local-aws/pace";
import { seededRandom } from "../../local-aws/seeded-random";
import { cdktfOut } from "../../terraform-json/source";
import { readTopology } from "../../topology/read-topology";
import type { RegionTopology, Topology } from "../../topology/topology";
import { synthesizedFolder } from "../drill/short-drill";
import { eventually } from "./lambda/declared-function";

// The declared functions, roles, tables, schedules, checks and alarms of the heartbeat alone, run for real. Nothing here is bound to a time: each state is
// waited for.

const TIMEOUT_MS = 240_000;
const EAST = "us-east-1";
const WEST = "us-west-2";

const isHeartbeat = (arn: string) => arn.endsWith("-heartbeat");
const isHealth = (arn: string) => arn.endsWith("-health");

/** Without anything that customers use. */
function heartbeatTopology(): Topology {
  const topology = readTopology(cdktfOut(synthesizedFolder()));
  const only = (region: RegionTopology): RegionTopology => ({
    ...{ name: region.name, queues: [], mappings: [] },
    apis: region.apis.map((api) => ({ ...api, routes: api.routes.filter((route) => isHealth(route.functionArn)) })),
    functions: region.functions.filter(({ arn }) => isHeartbeat(arn) || isHealth(arn)),
    schedules: region.schedules.filter(({ functionArn }) => isHeartbeat(functionArn)),
  });
  return {
    ...topology,
    ...{ regions: topology.regions.map(only), secrets: [] },
    healthChecks: topology.healthChecks.filter((check) => "fqdn" in check && check.fqdn.startsWith(WEST)),
    records: topology.records.filter(({ name }) => name.includes(WEST)),
    alarms: topology.alarms.filter(({ metricName }) => /^(?:PeerHeartbeatAge|StandbyUnhealthy)$/.test(metricName)),
  };
}

let aws: LocalAws;
const notes: string[] = [];
afterEach(() => aws.stop());

async function start(speed: number): Promise<void> {
  notes.length = 0;
  aws = new LocalAws({
    topology: heartbeatTopology(),
    pace: new Pace(speed),
    random: seededRandom(3),
    lag: { medianMs: 5, p99Ms: 20 },
    note: (region, text) => notes.push(`${region} ${text}`),
  });
  await aws.start();
  aws.open();
}

const statesIn = (region: string, name: RegExp) =>
  (aws.regions.get(region)?.alarms.all() ?? []).flatMap(({ alarm, state }) => (name.test(alarm.name) ? [state] : []));

/** Waits until the alarms of a name have a state in each of the regions. */
const become = (name: RegExp, state: string, ...regions: string[]) =>
  eventually(
    () => regions.every((region) => new Set(statesIn(region, name)).size === 1 && statesIn(region, name)[0] === state),
    TIMEOUT_MS / 4,
  );

test(
  "the heartbeats' alarms are silent, ring in both regions when replication is paused, and in the peer of a lost region",
  async () => {
    await start(40); // A minute in 1.5 s: the threshold of three minutes leaves 4.5 s of the machine's clock for a run.
    await become(/peer-heartbeat/, "OK", EAST, WEST);
    aws.pauseReplication(EAST);
    await become(/peer-heartbeat/, "ALARM", EAST, WEST);
    aws.resumeReplication(EAST);
    await become(/peer-heartbeat/, "OK", EAST, WEST);
    aws.loseRegion(EAST, "blackhole");
    await become(/peer-heartbeat/, "ALARM", WEST);
    expect(notes.filter((note) => note.includes("denied"))).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "a standby that answers checkers with errors rings in both regions, and no longer when it is healthy again",
  async () => {
    await start(15); // Checkers give up after 6 s, 0.4 s of the machine's clock.
    await become(/standby-unhealthy/, "OK", EAST, WEST);
    aws.failShare(WEST, 1);
    await become(/standby-unhealthy/, "ALARM", EAST, WEST);
    aws.failShare(WEST, 0);
    await become(/standby-unhealthy/, "OK", EAST, WEST);
  },
  TIMEOUT_MS,
);
