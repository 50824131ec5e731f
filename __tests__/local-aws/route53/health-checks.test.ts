import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pace } from "../../../local-aws/pace";
import {
  type AlarmState,
  type HealthChange,
  HealthChecks,
  isEndpointHealthy,
} from "../../../local-aws/route53/health-checks";
import { makeProbe, type Probe } from "../../../local-aws/route53/probe";
import { seededRandom } from "../../../local-aws/seeded-random";
import type { HealthCheck } from "../../../topology/topology";
import { alarmCheck, calculatedCheck, endpointCheck } from "./declared";

const SPEED = 10;
const declaredMs = (ms: number) => jest.advanceTimersByTimeAsync(ms / SPEED);

let running: HealthChecks[] = [];
afterEach(async () => {
  await Promise.all(running.map((checks) => checks.stop()));
  running = [];
  jest.useRealTimers();
});

let alarm: AlarmState = "OK";
const failing = new Set<string>();

function checking(checks: readonly HealthCheck[], probe: Probe = probeById, random = seededRandom(1)) {
  const healthChecks = new HealthChecks({
    checks,
    probe,
    pace: new Pace(SPEED),
    random,
    alarmState: (region, name) => (region === "us-west-2" && name === "fail-over-now" ? alarm : "INSUFFICIENT_DATA"),
  });
  running.push(healthChecks);
  const changes: HealthChange[] = [];
  healthChecks.onChange((change) => changes.push(change));
  return { healthChecks, changes };
}

const probeById: Probe = async ({ id }) => (failing.has(id) ? { isOk: false, reason: "status 503" } : { isOk: true });

beforeEach(() => {
  jest.useFakeTimers();
  alarm = "OK";
  failing.clear();
});

test("an endpoint is healthy while more than 18 % of its checkers say so", () => {
  expect([0, 1, 2, 3, 16].map((healthy) => isEndpointHealthy(healthy, 16))).toEqual([false, false, false, true, true]);
  expect(isEndpointHealthy(18, 100)).toBe(false);
});

test.each([
  { reachable: 2, isHealthy: false },
  { reachable: 3, isHealthy: true },
])("$reachable checkers of 16 that still reach the endpoint", async ({ reachable, isHealthy }) => {
  let calls = 0;
  // Checkers keep their order: none of them takes longer than another.
  const probe: Probe = async () => {
    const checker = calls % 16;
    calls += 1;
    return checker < reachable ? { isOk: true } : { isOk: false, reason: "cut off" };
  };
  const { healthChecks } = checking([endpointCheck({ id: "a" })], probe);
  healthChecks.start();
  await declaredMs(45_000);
  expect(calls).toBeGreaterThanOrEqual(16 * 4);
  expect(healthChecks.status()).toEqual([
    {
      id: "a",
      address: "dns: aws_route53_health_check.a",
      isHealthy,
      healthyVoters: reachable,
      voters: 16,
      lastFailure: "cut off",
    },
  ]);
});

test("sixteen checkers probe an endpoint, each at its own moment; a seed repeats them", async () => {
  const moments = async (seed: number) => {
    const pace = new Pace(SPEED);
    const atMs: number[] = [];
    const probe: Probe = async () => {
      atMs.push(Math.floor(pace.nowMs() / 100));
      return { isOk: true };
    };
    const { healthChecks } = checking([endpointCheck()], probe, seededRandom(seed));
    healthChecks.start();
    await declaredMs(10_500);
    await healthChecks.stop();
    return atMs.slice(0, 16);
  };
  const first = await moments(7);
  expect(new Set(first).size).toBeGreaterThan(8);
  expect(await moments(7)).toEqual(first);
  expect(await moments(8)).not.toEqual(first);
});

test("tells people when an endpoint turns, why, and when it is back", async () => {
  const { healthChecks, changes } = checking([endpointCheck({ id: "a" })]);
  healthChecks.start();
  await declaredMs(20_000);
  expect(changes).toEqual([]);
  failing.add("a");
  await declaredMs(45_000);
  expect(changes).toMatchObject([
    {
      healthCheckId: "a",
      isHealthy: false,
      text: "dns: aws_route53_health_check.a turns unhealthy: 2 of 16 checkers find it healthy; last failure: status 503",
    },
  ]);
  failing.clear();
  await declaredMs(45_000);
  expect(changes).toMatchObject([
    { isHealthy: false },
    { isHealthy: true, text: "dns: aws_route53_health_check.a turns healthy: 3 of 16 checkers find it healthy" },
  ]);
  // Three results in a row, 10 s apart: no sooner than 20 s after the failures began.
  expect(changes[0]?.atMs).toBeGreaterThanOrEqual(40_000);
  expect(changes[0]?.atMs).toBeLessThanOrEqual(65_000);
});

test("a listener that was taken away is told nothing", async () => {
  const { healthChecks, changes } = checking([endpointCheck({ id: "a", failureThreshold: 1 })]);
  const heard: HealthChange[] = [];
  healthChecks.onChange((change) => heard.push(change))();
  failing.add("a");
  healthChecks.start();
  await declaredMs(15_000);
  expect(changes).toHaveLength(1);
  expect(heard).toEqual([]);
});

test("an inverted check is unhealthy from the start, and healthy once the endpoint fails", async () => {
  const { healthChecks } = checking([endpointCheck({ id: "a", inverted: true })]);
  expect(healthChecks.isHealthy("a")).toBe(false);
  failing.add("a");
  healthChecks.start();
  await declaredMs(45_000);
  expect(healthChecks.isHealthy("a")).toBe(true);
});

test("a disabled check probes nothing and counts as healthy, unless it is inverted", async () => {
  const probe = jest.fn(probeById);
  failing.add("off").add("inverted");
  const { healthChecks } = checking(
    [
      endpointCheck({ id: "off", disabled: true }),
      endpointCheck({ id: "inverted", disabled: true, inverted: true }),
      calculatedCheck({ id: "none of none", disabled: true, childHealthThreshold: 1 }),
    ],
    probe,
  );
  healthChecks.start();
  await declaredMs(60_000);
  expect(probe).not.toHaveBeenCalled();
  expect(["off", "inverted", "none of none"].map((id) => healthChecks.isHealthy(id))).toEqual([true, false, true]);
});

test("a calculated check is healthy while enough of its children are", async () => {
  const { healthChecks, changes } = checking([
    // Declared before its children: the order of the files means nothing.
    calculatedCheck({ id: "two of three", childIds: ["a", "b", "c"], childHealthThreshold: 2 }),
    ...["a", "b", "c"].map((id) => endpointCheck({ id })),
    calculatedCheck({ id: "parent", childIds: ["two of three"], childHealthThreshold: 1, inverted: true }),
    calculatedCheck({ id: "any", childIds: ["a"], childHealthThreshold: 0 }),
    calculatedCheck({ id: "too many", childIds: ["a"], childHealthThreshold: 2 }),
  ]);
  expect(["any", "too many"].map((id) => healthChecks.isHealthy(id))).toEqual([true, false]);
  failing.add("a");
  healthChecks.start();
  await declaredMs(45_000);
  expect(healthChecks.isHealthy("two of three")).toBe(true);
  failing.add("b");
  await declaredMs(45_000);
  expect(changes.map(({ healthCheckId, isHealthy }) => [healthCheckId, isHealthy])).toEqual([
    ["a", false],
    ["b", false],
    ["two of three", false],
    ["parent", true],
  ]);
  expect(changes[2]?.text).toContain("1 of 3 children are healthy");
});

test("a check on an alarm follows it", async () => {
  const { healthChecks, changes } = checking([alarmCheck({ id: "a" })]);
  healthChecks.start();
  await declaredMs(5_000);
  alarm = "ALARM";
  await declaredMs(2_000);
  expect(healthChecks.isHealthy("a")).toBe(false);
  expect(changes[0]?.text).toContain("alarm fail-over-now in us-west-2 is ALARM");
  alarm = "OK";
  await declaredMs(2_000);
  expect(healthChecks.isHealthy("a")).toBe(true);
});

test("without data, a check on an alarm is what it is told to be", async () => {
  alarm = "INSUFFICIENT_DATA";
  const { healthChecks } = checking([
    alarmCheck({ id: "healthy", insufficientDataHealthStatus: "Healthy" }),
    alarmCheck({ id: "unhealthy", insufficientDataHealthStatus: "Unhealthy" }),
    alarmCheck({ id: "last", insufficientDataHealthStatus: "LastKnownStatus" }),
  ]);
  healthChecks.start();
  const verdicts = () => ["healthy", "unhealthy", "last"].map((id) => healthChecks.isHealthy(id));
  expect(verdicts()).toEqual([true, false, true]);
  alarm = "ALARM";
  await declaredMs(2_000);
  expect(verdicts()).toEqual([false, false, false]);
  alarm = "INSUFFICIENT_DATA";
  await declaredMs(2_000);
  expect(verdicts()).toEqual([true, false, false]);
});

test.each([
  [
    [calculatedCheck({ id: "a", childIds: ["b"] })],
    "aws_route53_health_check.a: 'child_healthchecks' must name declared",
  ],
  [
    [calculatedCheck({ id: "a", childIds: ["b"] }), calculatedCheck({ id: "b", childIds: ["a"] })],
    "aws_route53_health_check.a -> dns: aws_route53_health_check.b -> dns: aws_route53_health_check.a",
  ],
  [[calculatedCheck({ id: "a", childIds: ["a"] })], "cannot depend on itself"],
  [[endpointCheck({ id: "a", type: "HTTP_STR_MATCH" })], "aws_route53_health_check.a: 'searchString' must be set"],
])("a mistake in what is declared is an error that names the address (%#)", (checks, message) => {
  expect(() => checking(checks)).toThrow(message);
});

test("an unknown check has no health", () => {
  expect(() => checking([]).healthChecks.isHealthy("who")).toThrow("no health check who is declared");
});

test("stopping leaves no timer", async () => {
  const { healthChecks } = checking([endpointCheck(), alarmCheck({})]);
  healthChecks.start();
  await declaredMs(25_000);
  await healthChecks.stop();
  expect(jest.getTimerCount()).toBe(0);
});

test("over real sockets, an endpoint that breaks is found out, and found again; none is left behind", async () => {
  jest.useRealTimers();
  let statusCode = 200;
  const server = createServer((_, response) => response.writeHead(statusCode).end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const pace = new Pace(SPEED);
  const probe = makeProbe({
    resolve: async () => "192.0.2.1",
    dial: () => ({ host: "127.0.0.1", port }),
    pace,
  });
  const { healthChecks } = checking([endpointCheck({ requestIntervalSeconds: 1 })], probe);
  const next = () =>
    new Promise<boolean>((resolve) => {
      const leave = healthChecks.onChange(({ isHealthy }) => {
        leave();
        resolve(isHealthy);
      });
    });
  healthChecks.start();
  statusCode = 503;
  expect(await next()).toBe(false);
  statusCode = 200;
  expect(await next()).toBe(true);
  await healthChecks.stop();
  // Closes once every connection has ended.
  await new Promise((resolve) => server.close(resolve));
});
