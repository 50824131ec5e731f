import { createSocket } from "node:dgram";
import { promises as dns, type ResolverOptions } from "node:dns";
import { once } from "node:events";
import { createServer } from "node:http";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { decode, encode } from "dns-packet";
import { CloudWatchFailoverMetrics } from "../../handlers/adapters/cloudwatch-failover-metrics";
import { DnsVerdict } from "../../handlers/adapters/dns-verdict";
import { FreshConnection } from "../../handlers/adapters/fresh-connection";
import { LatchError, makePrimaryWatch, type Watch } from "../../handlers/operations/primary-watch";
import { answer, localEndpoint, startServer, stopServers } from "./local-server";

afterAll(stopServers);

const WATCH: Watch = {
  ...{ watchSeconds: 60, intervalSeconds: 10, failureThreshold: 3, timeoutSeconds: 6 },
  ...{ verdictIntervalSeconds: 5, confirmSeconds: 11, repeatSeconds: 60, switchDataSeconds: 600, latch: true },
};

interface Scene {
  /** Seconds from the run's start between which the primary does not answer. */
  readonly outage?: readonly [from: number, to: number];
  /** Seconds between which Route 53 finds the primary unhealthy. */
  readonly failover?: readonly [from: number, to: number];
  /** Seconds between which name servers do not answer. */
  readonly silence?: readonly [from: number, to: number];
  /** Seconds at which name servers say healthy in the midst of a failover. */
  readonly healthyAt?: readonly number[];
  readonly watch?: Partial<Watch>;
  /** How often the switch cannot be thrown. */
  readonly switchFailures?: number;
  readonly cannotReport?: boolean;
  readonly cannotFeed?: boolean;
}

const NEVER = [1e9, 1e9] as const;
const ALWAYS = [0, 1e9] as const;

/** Time passes only when everybody waits for it. */
class VirtualClock {
  nowMs = 0;
  private readonly sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  readonly wait = (ms: number) =>
    new Promise<void>((wake) => {
      this.sleepers.push({ atMs: this.nowMs + ms, wake });
      this.sleepers.sort((a, b) => a.atMs - b.atMs);
    });

  async during<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    void work.then(over, over);
    for (;;) {
      await new Promise(setImmediate);
      if (isOver) return work;
      const next = this.sleepers.shift();
      if (next === undefined) throw new Error("everybody waits, and nobody for the time");
      this.nowMs = next.atMs;
      next.wake();
    }
  }
}

/** Plays a run; a failed probe takes 4 s. */
async function play(scene: Scene) {
  const { outage = NEVER, failover = NEVER, silence = NEVER, watch = {}, switchFailures = 0 } = scene;
  const clock = new VirtualClock();
  const seconds = () => clock.nowMs / 1_000;
  const isWithin = ([from, to]: readonly [number, number]) => seconds() >= from && seconds() < to;
  let failuresLeft = switchFailures;
  const seen = {
    latchedAt: [] as number[],
    reported: [] as [atSeconds: number, inARow: number][],
    fed: [] as [atSeconds: number, isStoodDown: boolean][],
    readings: 0,
  };
  const run = makePrimaryWatch({
    primary: {
      statusCode: async () => {
        if (!isWithin(outage)) return 200;
        await clock.wait(4_000);
        throw new Error("no answer within 4000 ms");
      },
    },
    verdict: {
      isHealthy: async () => {
        seen.readings += 1;
        if (isWithin(silence)) throw new Error("no TXT record");
        return !isWithin(failover) || (scene.healthyAt ?? []).includes(seconds());
      },
    },
    metrics: {
      standPrimaryDown: async () => {
        failuresLeft -= 1;
        if (failuresLeft >= 0) throw new Error("CloudWatch does not answer");
        seen.latchedAt.push(seconds());
      },
      reportProbeFailures: async (inARow) => {
        if (scene.cannotReport === true) throw new Error("CloudWatch does not answer");
        seen.reported.push([seconds(), inARow]);
      },
      switchPoints: async () => {
        if (scene.cannotFeed === true) throw new Error("CloudWatch tells nothing");
        return { newest: undefined, decision: undefined, repeat: undefined };
      },
      repeatSwitch: async (isStoodDown) => {
        seen.fed.push([seconds(), isStoodDown]);
      },
    },
    switchVerdict: { isHealthy: async () => true },
    log: () => undefined,
    nowMs: () => clock.nowMs,
    wait: clock.wait,
  });
  const result = await clock.during(run({ ...WATCH, ...watch })).catch((error: unknown) => error);
  return { ...seen, result, endedAt: seconds() };
}

test("a healthy primary is probed at the health check's interval for a minute, and left alone", async () => {
  const { result, latchedAt, reported, readings, endedAt, fed } = await play({});
  expect(result).toEqual({ probes: 7, failuresInARow: 0, latched: false });
  expect([latchedAt, reported, readings, endedAt]).toEqual([[], [[60, 0]], 13, 60]);
  expect(fed).toEqual([[0, false]]);
});

test("latches a failover once it is confirmed, and reports the failed probes as soon as they are as many as the threshold", async () => {
  const { result, latchedAt, reported } = await play({ outage: [5, 1e9], failover: [42, 1e9] });
  // Read at 45, 50 and 55 s, and once more when no cache can have kept the first answer; then repeated in the next minutes.
  expect(latchedAt).toEqual([60, 120, 180]);
  // Probes fail at 14, 28 and 42 s.
  expect(reported[0]).toEqual([42, 3]);
  expect(result).toMatchObject({ latched: true });
});

test("this one place's view never causes a failover: without Route 53's verdict nothing is latched", async () => {
  const { latchedAt, result } = await play({ outage: ALWAYS });
  expect(latchedAt).toEqual([]);
  expect(result).toMatchObject({ latched: false, failuresInARow: 5 });
});

test("latches what the world sees, though the primary answers here", async () => {
  expect((await play({ failover: ALWAYS })).latchedAt[0]).toBe(15);
});

test.each([
  ["one answer", [30, 35]],
  ["answers for as long as a cache keeps one", [30, 45]],
] as const)("a verdict of %s alone is not believed", async (_, failover) => {
  const { latchedAt, result } = await play({ failover, outage: failover });
  expect(latchedAt).toEqual([]);
  expect(result).toMatchObject({ latched: false });
});

test("a verdict that turns back and forth is not added up", async () => {
  const { latchedAt, readings } = await play({ failover: ALWAYS, healthyAt: [10, 25, 40, 55, 70] });
  expect(latchedAt).toEqual([]);
  expect(readings).toBeGreaterThan(12);
});

test("a verdict that cannot be read in between is neither confirmed nor forgotten by that", async () => {
  expect((await play({ failover: ALWAYS, silence: [5, 30] })).latchedAt[0]).toBe(30);
});

test("latches a failover that is over before the switch can be thrown", async () => {
  const { latchedAt, result } = await play({ failover: [12, 32], switchFailures: 3 });
  expect(latchedAt[0]).toBe(45); // Confirmed at 30 s.
  expect(result).toMatchObject({ latched: true });
});

test("latches a failover that is seen at the run's end, however long the switch cannot be thrown within reason", async () => {
  const { latchedAt, endedAt } = await play({ failover: [60, 1e9], switchFailures: 4 });
  expect(latchedAt).toEqual([95, 155, 215]);
  expect(endedAt).toBe(215);
  const never = await play({ failover: [60, 1e9], switchFailures: 1e9 });
  expect(never.result).toBeInstanceOf(LatchError);
  expect(never.endedAt).toBe(60 + 3 * 16 + 2);
});

test("an outage shorter than the threshold is none", async () => {
  const { latchedAt, reported } = await play({ outage: [0, 25] });
  expect(latchedAt).toEqual([]);
  expect(reported.map(([, inARow]) => inARow)).toEqual([2]);
});

test("counts on when its minute is over in the middle of an outage", async () => {
  const { result, endedAt } = await play({ outage: [55, 1e9] });
  expect(result).toMatchObject({ failuresInARow: 3 });
  expect(endedAt).toBeGreaterThan(60);
  expect(endedAt).toBeLessThan(60 + 3 * 16);
});

test("without the latch it only counts", async () => {
  const { latchedAt, readings, reported } = await play({ outage: ALWAYS, failover: ALWAYS, watch: { latch: false } });
  expect([latchedAt, readings]).toEqual([[], 0]);
  expect(reported.at(-1)?.[1]).toBeGreaterThanOrEqual(3);
});

test("tries again when the switch cannot be thrown, and fails loudly when it never can; people hear of the primary all the same", async () => {
  const second = await play({ outage: ALWAYS, failover: ALWAYS, switchFailures: 1 });
  expect(second.latchedAt[0]).toBe(20);
  const never = await play({ outage: ALWAYS, failover: ALWAYS, switchFailures: 1e9 });
  expect(never.result).toBeInstanceOf(LatchError);
  expect(never.reported.length).toBeGreaterThan(0);
});

test("latches although nothing can be reported, and fails loudly for that", async () => {
  const { latchedAt, result, endedAt } = await play({ outage: ALWAYS, failover: [20, 1e9], cannotReport: true });
  expect(latchedAt[0]).toBe(35);
  expect(endedAt).toBeGreaterThanOrEqual(60); // What is reported at the threshold is not the end of it.
  expect(result).toEqual(new Error("CloudWatch does not answer"));
});

test("reads on when name servers are silent for a while, and fails loudly when they stay so", async () => {
  expect((await play({ silence: [0, 40], failover: ALWAYS })).latchedAt[0]).toBe(55);
  expect((await play({ silence: [0, 50] })).result).toMatchObject({ latched: false });
  expect((await play({ silence: [5, 1e9] })).result).toMatchObject({ latched: false });
  expect((await play({ silence: ALWAYS })).result).toBeInstanceOf(LatchError);
});

test("fails loudly when the switch cannot be fed, though everything else works", async () => {
  const { result, reported } = await play({ cannotFeed: true });
  expect(result).toEqual(new Error("CloudWatch tells nothing"));
  expect(reported).toEqual([[60, 0]]);
});

test.each([
  ["no event of the schedule's", {}],
  ["a misspelt field", { ...WATCH, interval: 10 }],
  ["an interval of nothing", { ...WATCH, intervalSeconds: 0 }],
])("%s is refused, and nothing is probed", async (_, event) => {
  let questions = 0;
  const asked = async () => {
    questions += 1;
  };
  const run = makePrimaryWatch({
    primary: { statusCode: () => asked().then(() => 200) },
    verdict: { isHealthy: () => asked().then(() => true) },
    switchVerdict: { isHealthy: () => asked().then(() => true) },
    metrics: {
      standPrimaryDown: asked,
      reportProbeFailures: asked,
      repeatSwitch: asked,
      switchPoints: () => asked().then(() => ({ newest: undefined, decision: undefined, repeat: undefined })),
    },
    log: () => undefined,
    nowMs: () => 0,
    wait: async () => undefined,
  });
  await expect(run(event)).rejects.toThrow();
  expect(questions).toBe(0);
});

test("every probe has a connection of its own, and a time-out", async () => {
  const ports = new Set<number | undefined>();
  const server = createServer((request, response) => {
    ports.add(request.socket.remotePort);
    if (request.url === "/hangs") return;
    response.writeHead(request.url === "/health" ? 200 : 503);
    response.write("a body without an end");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = localEndpoint(server);
  try {
    const health = new FreshConnection(`${url}/health`);
    expect(await health.statusCode(1_000)).toBe(200);
    await health.statusCode(1_000);
    expect(ports.size).toBe(2);
    expect(await new FreshConnection(`${url}/other`).statusCode(1_000)).toBe(503);
    await expect(new FreshConnection(`${url}/hangs`).statusCode(100)).rejects.toThrow("no answer within 100 ms");
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await expect(new FreshConnection(`${url}/health`).statusCode(1_000)).rejects.toThrow(/ECONNREFUSED/);
});

describe("the verdict in DNS", () => {
  const NAME = "health.us-east-1.api.example.com";
  const texts = new Map<string, readonly string[]>();
  const silent = createSocket("udp4");
  const server = createSocket("udp4");

  beforeAll(async () => {
    for (const socket of [silent, server]) {
      socket.bind(0, "127.0.0.1");
      await once(socket, "listening");
    }
    server.on("message", (packet, { port, address }) => {
      const { id = 0, questions = [] } = decode(packet);
      const name = questions[0]?.name ?? "";
      const answers = (texts.get(name) ?? []).map((data) => ({ type: "TXT" as const, name, ttl: 10, data }));
      const flags = answers.length === 0 ? 3 : 0; // NXDOMAIN
      server.send(encode({ type: "response", id, flags, questions, answers }), port, address);
    });
  });

  afterAll(() => {
    for (const socket of [silent, server]) socket.close();
  });

  const SystemResolver = dns.Resolver;
  const lookAt = (socket: typeof server) => {
    class LocalResolver extends SystemResolver {
      constructor(options?: ResolverOptions) {
        super(options);
        this.setServers([`127.0.0.1:${socket.address().port}`]);
      }
    }
    dns.Resolver = LocalResolver;
  };
  afterEach(() => {
    dns.Resolver = SystemResolver;
  });

  test("says healthy or unhealthy, and nothing is kept from one reading to the next", async () => {
    lookAt(server);
    texts.set(NAME, ["healthy"]);
    expect(await new DnsVerdict(NAME).isHealthy(2_000)).toBe(true);
    texts.set(NAME, ["unhealthy"]);
    expect(await new DnsVerdict(NAME).isHealthy(2_000)).toBe(false);
  });

  test("the switch's verdict has texts of its own", async () => {
    lookAt(server);
    const ofSwitch = new DnsVerdict(NAME, { healthy: "in service", unhealthy: "stood down" });
    texts.set(NAME, ["in service"]);
    expect(await ofSwitch.isHealthy(2_000)).toBe(true);
    texts.set(NAME, ["stood down"]);
    expect(await ofSwitch.isHealthy(2_000)).toBe(false);
    texts.set(NAME, ["healthy"]);
    await expect(ofSwitch.isHealthy(2_000)).rejects.toThrow("expected one TXT record, in service or stood down");
  });

  test.each([["something else"], ["healthy", "unhealthy"]])("%p is no verdict", async (...said) => {
    lookAt(server);
    texts.set(NAME, said);
    await expect(new DnsVerdict(NAME).isHealthy(2_000)).rejects.toThrow(
      `${NAME}: expected one TXT record, healthy or unhealthy; got ${JSON.stringify(said)}`,
    );
  });

  test("a name that is not there, and name servers that do not answer, are errors in time", async () => {
    lookAt(server);
    await expect(new DnsVerdict("nowhere.example.com").isHealthy(2_000)).rejects.toThrow(/ENOTFOUND/);
    lookAt(silent);
    await expect(new DnsVerdict(NAME).isHealthy(100)).rejects.toThrow(`no TXT record of ${NAME} within 100 ms`);
  });
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
  await metrics.repeatSwitch(true);
  await metrics.repeatSwitch(false);
  client.destroy();
  const datum = (MetricName: string, Value: number) => ({
    Namespace: "shop-example/failover",
    MetricData: [{ MetricName, Value, Unit: "Count", Dimensions: [{ Name: "PrimaryRegion", Value: "us-east-1" }] }],
  });
  expect(server.requests.map(({ body }) => body)).toEqual([
    datum("PrimaryStoodDown", 1),
    datum("PrimaryProbeFailures", 2),
    datum("PrimaryStoodDown", 1.5),
    datum("PrimaryStoodDown", 0.5),
  ]);
  for (const { headers } of server.requests) expect(headers["x-amz-target"]).toMatch(/\.PutMetricData$/);
});
