import fs from "node:fs";
import path from "node:path";
import { systemClock } from "../../failover/adapters/terminal";
import { OperatorEndpoint } from "./operator-endpoint";
import { AT_ONCE_MS, auditLines, type RunningProps, running, SHORT_BOUND, scratch, setCredentials } from "./running";

let endpoint: OperatorEndpoint;
let audit: string;
let runs = 0;
beforeEach(async () => {
  setCredentials();
  endpoint = await OperatorEndpoint.start();
  runs += 1;
  audit = path.join(scratch, `audit-${runs}.jsonl`);
});
afterEach(() => endpoint.stop());
afterAll(() => fs.rmSync(scratch, { recursive: true }));

function act(args: readonly string[], props?: RunningProps) {
  return running([...args, "--endpoint", endpoint.url, "--audit", audit, "--reason", "brown-out"], props);
}

test("stand-down says what it will call, asks, calls the standby alone, and waits until customers are there", async () => {
  const { code, stdout, stderr, questions } = await act(["stand-down"], { typed: "stand down us-east-1" });
  expect(questions).toEqual(['Type "stand down us-east-1" to go on: ']);
  expect(stdout).toContain("Will be called: CloudWatch PutMetricData in us-west-2 (data plane)");
  expect(stdout).toContain("  namespace   shop-example/failover\n  metric      PrimaryStoodDown\n");
  expect(stdout).toContain("  dimensions  PrimaryRegion=us-east-1\n  value       1\n");
  expect(stdout.replace(/\s+/g, " ")).toContain("is not replicated yet is missing in us-west-2 until it is");
  expect(stdout).toMatch(
    /us-east-1 is stood down, \d\.\d s after the first call; api\.example\.com is answered by us-west-2/,
  );
  expect(stderr).toMatch(/^ +\d+\.\d s {2}PutMetricData PrimaryStoodDown=1 in us-west-2$/m);
  expect(stderr).toMatch(/^ +\d+\.\d s {2}switch: stood down$/m);
  const put = {
    region: "us-west-2",
    service: "monitoring",
    operation: "PutMetricData",
    parameters: {
      Namespace: "shop-example/failover",
      MetricData: [
        { MetricName: "PrimaryStoodDown", Dimensions: [{ Name: "PrimaryRegion", Value: "us-east-1" }], Value: 1 },
      ],
    },
  };
  expect(endpoint.puts).toEqual([put, put]); // Until it shows, and once more.
  expect(code).toBe(0);
});

test("the audit file has a line before the first call and one with the outcome, and no secret", async () => {
  await act(["stand-down", "--yes"]);
  const [began, ended, ...more] = auditLines(audit);
  expect(began).toEqual({
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    id: "id-1",
    who: { user: "ada", accessKeyId: "AKIDDRILL" },
    host: "laptop",
    deployment: "example",
    action: "stand-down",
    reason: "brown-out",
    endpoint: endpoint.url,
    overridden: [],
    calls: [
      {
        service: "CloudWatch",
        region: "us-west-2",
        operation: "PutMetricData",
        plane: "data plane",
        parameters: {
          namespace: "shop-example/failover",
          metric: "PrimaryStoodDown",
          dimensions: { PrimaryRegion: "us-east-1" },
          value: 1,
        },
      },
    ],
    outcome: "began",
  });
  expect(ended).toMatchObject({ id: "id-1", timesSent: 2, outcome: expect.stringMatching(/^effective: /) });
  expect(ended.measuredSeconds).toBeLessThan(2);
  expect(more).toEqual([]);
  expect(fs.readFileSync(audit, "utf8")).not.toContain("very-secret");
});

test("nothing is called when the audit file cannot be written", async () => {
  const { code, stderr } = await running(
    [
      "stand-down",
      "--yes",
      "--endpoint",
      endpoint.url,
      "--reason",
      "x",
      "--audit",
      path.join(scratch, "no", "such.jsonl"),
    ],
    {},
  );
  expect(stderr).toMatch(/^.*no\/such\.jsonl: expected a file to append to; got ENOENT; --audit FILE names another\n$/);
  expect(endpoint.puts).toEqual([]);
  expect(code).toBe(2);
});

test("another answer than the phrase calls nothing", async () => {
  const { code, stderr } = await act(["stand-down"], { typed: "yes" });
  expect(stderr).toBe("Not confirmed: nothing was called.\n");
  expect([code, endpoint.puts, auditLines(audit)]).toEqual([1, [], []]);
});

test("without a terminal and without --yes nothing is even asked", async () => {
  const { code, stderr } = await act(["stand-down"]);
  expect(stderr).toBe("stand-down: expected a terminal to ask at, or --yes; got neither\n");
  expect([code, endpoint.calls]).toEqual([2, []]);
});

test("the data point is repeated until it takes effect", async () => {
  endpoint.swallowed = 2;
  const { code } = await act(["stand-down", "--yes"]);
  expect(endpoint.puts).toHaveLength(4); // Once more when it has.
  expect(auditLines(audit)[1]).toMatchObject({ timesSent: 4 });
  expect(code).toBe(0);
});

test("without an effect in time it says what was seen, and exits with 1", async () => {
  endpoint.swallowed = 1_000;
  const { code, stderr } = await act(["stand-down", "--yes", "--wait", "1"]);
  expect(stderr.replace(/\s+/g, " ")).toMatch(
    /Not effective within 1 s, though us-west-2 took \d+ data points: the switch is in service \(expected stood down\), api\.example\.com: us-east-1 \(expected us-west-2\)\./,
  );
  expect(endpoint.puts.length).toBeGreaterThan(5);
  expect(auditLines(audit)[1]).toMatchObject({ outcome: "not effective in time: switch in service, API us-east-1" });
  expect(code).toBe(1);
});

test("--no-wait sends once and says that it did not look", async () => {
  endpoint.swallowed = 1_000;
  const { code, stdout } = await act(["stand-down", "--yes", "--no-wait"]);
  expect(stdout).toContain("Sent once, and not looked at");
  expect([code, endpoint.puts.length]).toEqual([0, 1]);
  expect(auditLines(audit)[1]).toMatchObject({ outcome: "sent, not waited for" });
});

test("a second stand-down calls nothing and asks nothing", async () => {
  await act(["stand-down", "--yes"]);
  const { code, stdout, questions } = await act(["stand-down"], { typed: "stand down us-east-1" });
  expect(stdout.replace(/\s+/g, " ")).toBe(
    "us-east-1 is stood down already, and api.example.com is answered by us-west-2. Nothing was called. ",
  );
  expect([code, questions, endpoint.puts.length, auditLines(audit).length]).toEqual([0, [], 2, 2]);
});

test("a stand-down that its alarm does not know of is sent again", async () => {
  endpoint.standDown();
  endpoint.alarmState = "OK";
  const { code, stderr } = await act(["stand-down", "--yes"]);
  expect(stderr.replace(/\s+/g, " ")).toContain(
    "DNS says that us-east-1 is stood down, but its alarm is OK, and its last data point 0: the data point is sent again.",
  );
  expect([code, endpoint.puts.length]).toEqual([0, 2]);
});

test.each([
  [
    "does not answer",
    (it: OperatorEndpoint) => Object.assign(it.state("us-west-2"), { healthStatus: 503 }),
    /got 503 in/,
  ],
  [
    "has no alarm",
    (it: OperatorEndpoint) => Object.assign(it, { alarmState: undefined }),
    /expected one in us-west-2; got none/,
  ],
])("nobody is moved to a standby that %s, unless overridden", async (_, breakIt, reason) => {
  breakIt(endpoint);
  const refused = await act(["stand-down", "--yes"]);
  expect(refused.stderr.replace(/\s+/g, " ")).toMatch(reason);
  expect([refused.code, endpoint.puts, auditLines(audit)]).toEqual([1, [], []]);
  const overridden = await act(["stand-down", "--yes", "--override"]);
  expect(overridden.code).toBe(0);
  expect(auditLines(audit)[0].overridden).toHaveLength(1);
});

test("a dark primary holds no stand-down up", async () => {
  Object.assign(endpoint.state("us-east-1"), { isDark: true });
  const { code, tookMs } = await act(["stand-down", "--yes"], SHORT_BOUND);
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(AT_ONCE_MS);
});

test("a denied call names the action to allow, changes nothing and is written down", async () => {
  endpoint.denied = ["PutMetricData"];
  const { code, stderr } = await act(["stand-down", "--yes"]);
  expect(stderr.replace(/\s+/g, " ")).toContain(
    "allow the caller cloudwatch:PutMetricData on * where cloudwatch:namespace is shop-example/failover",
  );
  expect(auditLines(audit)[1]).toMatchObject({ timesSent: 0, outcome: expect.stringMatching(/^not sent: /) });
  expect([code, endpoint.puts.length]).toEqual([2, 1]);
});

test("a release that passes its checks gives the primary back", async () => {
  endpoint.standDown();
  const { code, stdout } = await act(["release"], { typed: "release us-east-1" });
  expect(stdout).toContain("us-east-1 may be released: 9 of 9 checks passed.");
  expect(stdout).toContain("  value       0\n");
  expect(stdout).toMatch(
    /us-east-1 is in service, \d\.\d s after the first call; api\.example\.com is answered by us-east-1/,
  );
  expect(endpoint.puts.map(({ region, parameters }) => [region, parameters.MetricData[0].Value])).toEqual([
    ["us-west-2", 0],
  ]);
  expect(code).toBe(0);
});

test.each([
  [
    "the primary is unhealthy",
    (it: OperatorEndpoint) => {
      it.endpointVerdict = "unhealthy";
      it.state("us-east-1").healthStatus = 503;
    },
    [
      "us-east-1 endpoint: expected 200, 3 times in a row; got 503",
      "Route 53 health check: expected healthy; got unhealthy",
    ],
  ],
  [
    "replication data is missing",
    (it: OperatorEndpoint) => {
      it.state("us-west-2").replicationMs = {};
    },
    ["replication to us-east-1: expected ≤ 5 s; got no data"],
  ],
])("a release is refused with the reasons while %s", async (_, breakIt, reasons) => {
  endpoint.standDown();
  breakIt(endpoint);
  const { code, stderr, questions } = await act(["release"], { typed: "release us-east-1" });
  for (const reason of reasons) expect(stderr).toContain(`- ${reason}\n`);
  expect(stderr).toContain("Nothing was called. --override goes on against this");
  expect([code, questions, endpoint.puts, auditLines(audit)]).toEqual([1, [], [], []]);
});

test("an overridden release writes down what was overridden", async () => {
  endpoint.standDown();
  endpoint.state("us-west-2").replicationMs = {};
  const { code } = await act(["release", "--yes", "--override"]);
  expect(auditLines(audit)[0]).toMatchObject({ overridden: ["replication to us-east-1"], reason: "brown-out" });
  expect(code).toBe(0);
});

test("a release of a primary that is not stood down says so", async () => {
  const { code, stdout } = await act(["release"], { typed: "release us-east-1" });
  expect(stdout.replace(/\s+/g, " ")).toBe(
    "us-east-1 is not stood down: there is nothing to release. Its health check: healthy; api.example.com is answered by us-east-1. Nothing was called. ",
  );
  expect([code, endpoint.puts]).toEqual([0, []]);
});

test("a wait that is broken off is written down", async () => {
  endpoint.swallowed = 1_000;
  const aborter = new AbortController();
  const sleep: typeof systemClock.sleep = (durationMs, signal) => {
    aborter.abort();
    return systemClock.sleep(durationMs, signal);
  };
  const overrides = { signal: aborter.signal, clock: { ...systemClock, sleep } };
  const { code, stderr } = await act(["stand-down", "--yes"], { overrides });
  expect(stderr).toContain("Broken off after 1 data point: it may still take effect");
  expect(auditLines(audit)[1]).toMatchObject({ outcome: "broken off", timesSent: 1 });
  expect(code).toBe(2);
});
