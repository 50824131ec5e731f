import type { World } from "../../../local-aws/world/world";
import type { HealthCheck } from "../../../topology/topology";
import { declaredAlarm } from "../cloudwatch/declared-alarm";
import { eventually } from "../lambda/declared-function";
import { alarmCheck } from "../route53/declared";
import { CHECKS, EAST, SPEED, smallTopology, smallWorld, WEST, watchedTopology } from "./small-world";

const TIMEOUT_MS = 60_000;
let world: World;
afterEach(() => world.stop());

const switchedTo = (insufficientDataHealthStatus: "LastKnownStatus" | "Unhealthy") =>
  CHECKS.map(
    (check): HealthCheck =>
      check.id === "switch"
        ? alarmCheck({ id: "switch", alarmRegion: WEST, alarmName: "stood-down", insufficientDataHealthStatus })
        : check,
  );
const isHealthy = () => world.healthChecks.isHealthy("switch");
const declared = (seconds: number) => new Promise((resolve) => setTimeout(resolve, (seconds * 1_000) / SPEED));

test(
  "the switch stands the primary down and releases it; what was last known holds while its region is out of reach",
  async () => {
    world = smallWorld(smallTopology());
    await world.start();
    world.open();
    expect([world.hasSwitch, isHealthy()]).toEqual([true, true]);
    expect(world.putSwitch(1)).toBe(true);
    await eventually(() => !isHealthy());
    expect(await world.answeringRegion()).toBe(WEST);
    world.loseCloudWatch(WEST);
    expect(world.putSwitch(0)).toBe(false);
    await declared(70);
    expect(isHealthy()).toBe(false);
    world.returnCloudWatch(WEST);
    await declared(61);
    world.putSwitch(0);
    await eventually(isHealthy);
    expect(await world.answeringRegion()).toBe(EAST);
  },
  TIMEOUT_MS,
);

test(
  "a check that takes missing data for a failure fails when the alarm's region is out of reach",
  async () => {
    world = smallWorld(smallTopology({ healthChecks: switchedTo("Unhealthy") }));
    await world.start();
    world.open();
    world.putSwitch(0);
    await eventually(isHealthy);
    world.loseCloudWatch(WEST);
    await eventually(() => !isHealthy());
    world.returnCloudWatch(WEST);
    await eventually(isHealthy);
  },
  TIMEOUT_MS,
);

test(
  "CloudWatch stays out of reach when its region returns, until it is back itself",
  async () => {
    world = smallWorld(smallTopology());
    await world.start();
    world.open();
    world.loseCloudWatch(WEST);
    world.loseRegion(WEST, "refuse");
    world.returnRegion(WEST);
    expect(world.putSwitch(1)).toBe(false);
    world.returnCloudWatch(WEST);
    expect(world.putSwitch(1)).toBe(true);
  },
  TIMEOUT_MS,
);

test("without a switch, putting one says what is missing", async () => {
  world = smallWorld(smallTopology({ healthChecks: CHECKS.filter(({ id }) => id === "endpoint"), alarms: [] }));
  expect(world.hasSwitch).toBe(false);
  expect(() => world.putSwitch(1)).toThrow(/CNAME: its health check must be/);
});

test(
  "a function that runs by a schedule gets its input, calls names of the deployment, and goes where DNS leads",
  async () => {
    const notes: string[] = [];
    world = smallWorld(watchedTopology(), { note: (region, text) => notes.push(`${region} ${text}`) });
    await world.start();
    world.open();
    const watched = (region: string) => () =>
      notes.some(
        (note) => note.startsWith(WEST) && note.includes("watched") && note.includes(`region\\":\\"${region}`),
      );
    await eventually(watched(EAST));
    expect(notes.find((note) => note.includes("watched"))).toContain(
      `"event":{"watchSeconds":${60 / SPEED},"failureThreshold":3}`,
    );
    expect(notes.find((note) => note.includes("watched"))).toContain("from=watch");
    expect(notes.find((note) => note.includes("watched"))).toMatch(/"leadsTo":"[^"]*us-east-1[^"]*","variables":\[\]/);
    world.loseRegion(EAST, "refuse");
    await eventually(watched(WEST));
    await eventually(() => notes.some((note) => /"leadsTo":"[^"]*us-west-2/.test(note)));
  },
  TIMEOUT_MS,
);

test(
  "each queue's visible messages are counted every minute",
  async () => {
    const queueAlarm = declaredAlarm({
      name: "backlog",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "payments" },
      threshold: 2,
      treatMissingData: "notBreaching",
    });
    world = smallWorld(smallTopology({ alarms: [declaredAlarm(), queueAlarm] }));
    await world.start();
    world.open();
    const region = world.regions.get(WEST);
    const [queue] = region?.queues.all() ?? [];
    await eventually(() => region?.alarms.stateOf("backlog") === "OK");
    for (const body of ["one", "two"]) queue?.send(body);
    await eventually(() => region?.alarms.stateOf("backlog") === "ALARM");
  },
  TIMEOUT_MS,
);
