import type { LocalAws } from "../../local-aws/local-aws";
import { declaredAlarm } from "./cloudwatch/declared-alarm";
import { eventually } from "./lambda/declared-function";
import { EAST, SPEED, smallAws, smallTopology, WEST, watchedTopology } from "./small-topology";

const TIMEOUT_MS = 60_000;
let aws: LocalAws;
afterEach(() => aws.stop());

test(
  "a function that runs by a schedule gets its input, calls names of the deployment, and goes where DNS leads",
  async () => {
    const notes: string[] = [];
    aws = smallAws(watchedTopology(), { note: (region, text) => notes.push(`${region} ${text}`) });
    await aws.start();
    aws.open();
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
    aws.loseRegion(EAST, "refuse");
    await eventually(watched(WEST));
    await eventually(() => notes.some((note) => /"leadsTo":"[^"]*us-west-2/.test(note)));
  },
  TIMEOUT_MS,
);

test(
  "the functions of a cold region have no environment before their first invocation",
  async () => {
    aws = smallAws(smallTopology(), { coldRegions: [WEST] });
    await aws.start();
    expect(aws.regions.get(EAST)?.environmentCount).toBeGreaterThan(0);
    expect(aws.regions.get(WEST)?.environmentCount).toBe(0);
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
    aws = smallAws(smallTopology({ alarms: [declaredAlarm(), queueAlarm] }));
    await aws.start();
    aws.open();
    const region = aws.regions.get(WEST);
    const [queue] = region?.queues.all() ?? [];
    await eventually(() => region?.alarms.stateOf("backlog") === "OK");
    for (const body of ["one", "two"]) queue?.send(body);
    await eventually(() => region?.alarms.stateOf("backlog") === "ALARM");
  },
  TIMEOUT_MS,
);
