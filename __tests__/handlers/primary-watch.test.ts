import { once } from "node:events";
import { createServer } from "node:http";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchFailoverMetrics } from "../../handlers/adapters/cloudwatch-failover-metrics";
import { FreshConnection } from "../../handlers/adapters/fresh-connection";
import { LatchError, makePrimaryWatch, type Watch } from "../../handlers/operations/primary-watch";
import type { Endpoint } from "../../handlers/ports";
import { answer, localEndpoint, startServer, stopServers } from "./local-server";

afterAll(stopServers);

const WATCH: Watch = { watchSeconds: 60, intervalSeconds: 10, failureThreshold: 3, timeoutSeconds: 6, latch: true };

interface Scene {
  /** Seconds from the run's start between which the primary does not answer. */
  readonly outage?: readonly [from: number, to: number];
  /** Seconds from which on the standby answers under the API's name. */
  readonly failoverAt?: number;
  readonly watch?: Partial<Watch>;
  /** How often the switch cannot be thrown. */
  readonly switchFailures?: number;
}

/** Plays a run over a clock of its own; a failed probe takes 4 s. */
async function play({ outage = [1e9, 1e9], failoverAt = 1e9, watch = {}, switchFailures = 0 }: Scene) {
  let now = 0;
  let failuresLeft = switchFailures;
  const seen = { latchedAt: [] as number[], reported: [] as number[], asked: 0 };
  const primary: Endpoint = {
    get: async () => {
      if (now / 1_000 < outage[0] || now / 1_000 >= outage[1]) return { statusCode: 200, body: "" };
      now += 4_000;
      throw new Error("no answer within 4000 ms");
    },
  };
  const api: Endpoint = {
    get: async () => {
      seen.asked += 1;
      return {
        statusCode: 200,
        body: JSON.stringify({ region: now / 1_000 < failoverAt ? "us-east-1" : "us-west-2" }),
      };
    },
  };
  const run = makePrimaryWatch({
    primary,
    api,
    region: "us-west-2",
    metrics: {
      standPrimaryDown: async () => {
        failuresLeft -= 1;
        if (failuresLeft >= 0) throw new Error("CloudWatch does not answer");
        seen.latchedAt.push(now / 1_000);
      },
      reportProbeFailures: async (inARow) => void seen.reported.push(inARow),
    },
    log: () => undefined,
    nowMs: () => now,
    wait: async (milliseconds) => {
      now += milliseconds;
    },
  });
  const result = await run({ ...WATCH, ...watch }).catch((error: unknown) => error);
  return { ...seen, result, endedAt: now / 1_000 };
}

test("a healthy primary is probed at the health check's interval for a minute, and left alone", async () => {
  const { result, latchedAt, reported, asked, endedAt } = await play({});
  expect(result).toEqual({ probes: 7, failuresInARow: 0, latched: false });
  expect([latchedAt, reported, asked, endedAt]).toEqual([[], [0], 0, 60]);
});

test("latches once the primary has failed as often as the threshold says and the standby answers", async () => {
  const { result, latchedAt, reported } = await play({ outage: [5, 1e9], failoverAt: 40 });
  // Probes fail at 14, 28 and 42 s; the failover is seen in the same moment.
  expect(latchedAt).toEqual([42]);
  expect(result).toMatchObject({ latched: true, failuresInARow: 3 });
  expect(reported).toEqual([3]);
});

test("waits for Route 53: this one place's view never causes a failover", async () => {
  const never = await play({ outage: [0, 1e9] });
  expect(never.latchedAt).toEqual([]);
  expect(never.result).toMatchObject({ latched: false });
  expect(never.asked).toBeGreaterThan(1);
  const late = await play({ outage: [0, 1e9], failoverAt: 45 });
  expect(late.latchedAt).toHaveLength(1);
  expect(late.latchedAt[0]).toBeLessThan(45 + 8);
});

test("an outage shorter than the threshold is none, even while the standby answers", async () => {
  const { latchedAt, reported } = await play({ outage: [0, 25], failoverAt: 0 });
  expect(latchedAt).toEqual([]);
  expect(reported).toEqual([2]);
});

test("counts on when its minute is over in the middle of an outage", async () => {
  const { latchedAt, endedAt } = await play({ outage: [55, 1e9], failoverAt: 0 });
  expect(latchedAt).toHaveLength(1);
  expect(endedAt).toBeGreaterThan(60);
  expect(endedAt).toBeLessThan(60 + 3 * 16);
});

test("without the latch it only counts", async () => {
  const { latchedAt, asked, reported } = await play({ outage: [0, 1e9], failoverAt: 0, watch: { latch: false } });
  expect([latchedAt, asked]).toEqual([[], 0]);
  expect(reported[0]).toBeGreaterThanOrEqual(3);
});

test("tries again when the switch cannot be thrown, and fails loudly when it never can", async () => {
  const second = await play({ outage: [0, 1e9], failoverAt: 0, switchFailures: 1 });
  expect(second.result).toMatchObject({ latched: true });
  const never = await play({ outage: [0, 1e9], failoverAt: 0, switchFailures: 1e9 });
  expect(never.result).toBeInstanceOf(LatchError);
  expect(never.reported).toHaveLength(1);
});

test.each([
  ["no event of the schedule's", {}],
  ["a misspelt field", { ...WATCH, interval: 10 }],
  ["an interval of nothing", { ...WATCH, intervalSeconds: 0 }],
])("%s is refused, and nothing is probed", async (_, event) => {
  let probes = 0;
  const endpoint: Endpoint = {
    get: async () => {
      probes += 1;
      return { statusCode: 200, body: "" };
    },
  };
  const run = makePrimaryWatch({
    primary: endpoint,
    api: endpoint,
    region: "us-west-2",
    metrics: { standPrimaryDown: async () => undefined, reportProbeFailures: async () => undefined },
    log: () => undefined,
    nowMs: () => 0,
    wait: async () => undefined,
  });
  await expect(run(event)).rejects.toThrow();
  expect(probes).toBe(0);
});

test("every question has a connection of its own, and a time-out", async () => {
  const ports = new Set<number | undefined>();
  const server = createServer((request, response) => {
    ports.add(request.socket.remotePort);
    if (request.url === "/hangs") return;
    response.writeHead(request.url === "/health" ? 200 : 503).end('{"region":"us-west-2"}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = localEndpoint(server);
  try {
    const health = new FreshConnection(`${url}/health`);
    expect(await health.get(1_000)).toEqual({ statusCode: 200, body: '{"region":"us-west-2"}' });
    await health.get(1_000);
    expect(ports.size).toBe(2);
    expect((await new FreshConnection(`${url}/other`).get(1_000)).statusCode).toBe(503);
    await expect(new FreshConnection(`${url}/hangs`).get(100)).rejects.toThrow("no answer within 100 ms");
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await expect(new FreshConnection(`${url}/health`).get(1_000)).rejects.toThrow(/ECONNREFUSED/);
});

test("data points go to CloudWatch as the alarms read them", async () => {
  const server = await startServer((_, response) => answer(response, 200));
  const client = new CloudWatchClient({
    region: "us-west-2",
    endpoint: server.endpoint,
    credentials: { accessKeyId: "example", secretAccessKey: "example" },
  });
  const metrics = new CloudWatchFailoverMetrics(client, {
    namespace: "shop-example/failover",
    primaryRegion: "us-east-1",
    switchMetricName: "PrimaryStoodDown",
    probeMetricName: "PrimaryProbeFailures",
  });
  await metrics.standPrimaryDown();
  await metrics.reportProbeFailures(2);
  client.destroy();
  const datum = (MetricName: string, Value: number) => ({
    Namespace: "shop-example/failover",
    MetricData: [{ MetricName, Value, Unit: "Count", Dimensions: [{ Name: "PrimaryRegion", Value: "us-east-1" }] }],
  });
  expect(server.requests.map(({ body }) => body)).toEqual([
    datum("PrimaryStoodDown", 1),
    datum("PrimaryProbeFailures", 2),
  ]);
  for (const { headers } of server.requests) expect(headers["x-amz-target"]).toMatch(/\.PutMetricData$/);
});
