import { Pace } from "../../../local-aws/pace";
import { eventOf } from "../../../local-aws/schedules/event";
import { Scheduler } from "../../../local-aws/schedules/scheduler";
import type { Schedule } from "../../../topology/topology";

const SPEED = 10;
const declaredMs = (ms: number) => jest.advanceTimersByTimeAsync(ms / SPEED);
const SCHEDULE: Schedule = {
  address: "dns: aws_scheduler_schedule.watch",
  arn: "arn:aws:scheduler:us-west-2:123456789012:schedule/default/watch",
  functionArn: "arn:aws:lambda:us-west-2:123456789012:function:watch",
  rateMs: 60_000,
};

let isHalted = false;
const settle: (() => void)[] = [];
const invoke = jest.fn(
  () => new Promise<{ payload: unknown }>((resolve) => settle.push(() => resolve({ payload: null }))),
);
const runs = () => invoke.mock.calls.length;

function scheduling(): Scheduler {
  const scheduler = new Scheduler({
    schedule: SCHEDULE,
    invoke,
    pace: new Pace(SPEED),
    random: () => 0.25,
    isHalted: () => isHalted,
  });
  scheduler.start();
  return scheduler;
}

beforeEach(() => {
  jest.useFakeTimers();
  invoke.mockClear();
  settle.length = 0;
  isHalted = false;
});
afterEach(() => jest.useRealTimers());

test("the first run comes within the first interval, the next an interval later, whether or not the first is over", async () => {
  const scheduler = scheduling();
  await declaredMs(14_900);
  expect(runs()).toBe(0);
  await declaredMs(200);
  expect(runs()).toBe(1);
  await declaredMs(120_000);
  expect(runs()).toBe(3);
  for (const done of settle) done();
  await scheduler.stop();
});

test("stopping waits for runs that are under way, and begins none", async () => {
  const scheduler = scheduling();
  await declaredMs(20_000);
  let hasStopped = false;
  const stopping = scheduler.stop().then(() => {
    hasStopped = true;
  });
  await declaredMs(120_000);
  expect([hasStopped, runs()]).toEqual([false, 1]);
  for (const done of settle) done();
  await stopping;
  expect(hasStopped).toBe(true);
});

test("a lost region runs nothing, and goes on when it returns", async () => {
  const scheduler = scheduling();
  isHalted = true;
  await declaredMs(120_000);
  expect(runs()).toBe(0);
  isHalted = false;
  await declaredMs(60_000);
  expect(runs()).toBe(1);
  for (const done of settle) done();
  await scheduler.stop();
});

test("declared input is the event, its times as short as the drill's speed makes them", () => {
  const input = {
    watchSeconds: 60,
    failureThreshold: 3,
    probe: { timeoutMs: 6_000, path: "/health" },
    steps: [{ waitSeconds: 5 }, 7],
    noteSeconds: "sixty",
  };
  expect(eventOf({ ...SCHEDULE, input }, 10, new Date())).toEqual({
    watchSeconds: 6,
    failureThreshold: 3,
    probe: { timeoutMs: 600, path: "/health" },
    steps: [{ waitSeconds: 0.5 }, 7],
    noteSeconds: "sixty",
  });
});

test("without input, the event is the scheduler's own", () => {
  expect(eventOf(SCHEDULE, 10, new Date("2026-01-02T03:04:05.678Z"))).toEqual({
    version: "0",
    id: expect.any(String),
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    account: "123456789012",
    time: "2026-01-02T03:04:05Z",
    region: "us-west-2",
    resources: [SCHEDULE.arn],
    detail: "{}",
  });
});
