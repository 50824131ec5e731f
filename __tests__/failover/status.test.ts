import { OperatorEndpoint } from "./operator-endpoint";
import { AT_ONCE_MS, running, SHORT_BOUND, setCredentials } from "./running";

let endpoint: OperatorEndpoint;
beforeEach(async () => {
  setCredentials();
  endpoint = await OperatorEndpoint.start();
});
afterEach(() => endpoint.stop());

const status = (...args: string[]) => running(["status", "--endpoint", endpoint.url, ...args]);
const statusOfDarkRegion = (...args: string[]) => running(["status", "--endpoint", endpoint.url, ...args], SHORT_BOUND);

/** The columns of one row of the table. */
function row(stdout: string, label: string): string[] {
  const line = stdout.split("\n").find((candidate) => candidate.startsWith(`${label} `)) ?? "";
  return [line.slice(26, 62).trim(), line.slice(63).trim()];
}

test("tells in a sentence who answers and whether the primary is in service, and in a table the rest", async () => {
  const { code, stdout, stderr } = await status();
  expect(stdout.split("\n")[0]).toBe("api.example.com is answered by us-east-1; the primary is in service.");
  expect(row(stdout, "own endpoint")).toEqual([
    expect.stringMatching(/^200 in \d+ ms$/),
    expect.stringMatching(/^200 in \d+ ms$/),
  ]);
  expect(row(stdout, "health check")).toEqual(["healthy", "none; counts as healthy"]);
  expect(row(stdout, "replication, orders")).toEqual(["810 ms to us-west-2", "810 ms to us-east-1"]);
  expect(row(stdout, "payments queue")).toEqual(["0 waiting, 1 in flight", "0 waiting, 1 in flight"]);
  expect(row(stdout, "unpaid, of us-east-1")).toEqual(["2", "2"]);
  expect(row(stdout, "alarms ringing")).toEqual(["none", "none"]);
  expect(stdout).toMatch(/^switch +in service; alarm OK since 2026-11-23 01:45:57 UTC; last data point 0/m);
  expect(stdout).toMatch(/^api\.example\.com +us-east-1 \(200 in \d+ ms\); CNAME/m);
  expect([code, stderr]).toEqual([0, ""]);
});

test("no line is wider than 100 columns, whatever comes", async () => {
  endpoint.standDown();
  endpoint.denied = ["DescribeAlarms", "GetQueueUrl", "Query"];
  endpoint.state("us-west-2").ringing = Array.from({ length: 9 }, (_, index) => `shop-example-alarm-number-${index}`);
  const { stdout } = await status();
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
});

test("each region is asked in its own region, and the switch in the standby alone", async () => {
  await status();
  const asked = endpoint.calls.map(({ service, operation, region }) => `${region} ${service} ${operation}`);
  for (const region of ["us-east-1", "us-west-2"]) {
    expect(asked).toEqual(
      expect.arrayContaining([
        `${region} monitoring GetMetricStatistics`,
        `${region} monitoring DescribeAlarms`,
        `${region} sqs GetQueueAttributes`,
        `${region} dynamodb Query`,
      ]),
    );
  }
  const aboutTheSwitch = endpoint.calls.filter(
    ({ parameters }) => parameters.AlarmNames !== undefined || parameters.MetricName === "PrimaryStoodDown",
  );
  expect(aboutTheSwitch.map(({ region }) => region)).toEqual(["us-west-2", "us-west-2"]);
  expect(endpoint.puts).toEqual([]);
});

test("a dark primary delays and breaks nothing but its own column", async () => {
  endpoint.state("us-east-1").isDark = true;
  endpoint.endpointVerdict = "unhealthy";
  const { code, stdout, tookMs } = await statusOfDarkRegion();
  expect(stdout.split("\n")[0]).toBe(
    "api.example.com is answered by us-west-2; the primary's health check is unhealthy.",
  );
  const labels = ["own endpoint", "replication, orders", "payments queue", "dead letters", "alarms ringing"];
  for (const label of labels) {
    const [primary, secondary] = row(stdout, label);
    expect([label, primary]).toEqual([label, "no answer within 1 s"]);
    expect(secondary).not.toContain("no answer");
  }
  expect(tookMs).toBeLessThan(AT_ONCE_MS);
  expect(code).toBe(0);
});

test("what is denied is said in its cell, and below with the action to allow", async () => {
  endpoint.denied = ["GetQueueUrl"];
  const { code, stdout } = await status();
  expect(row(stdout, "payments queue")).toEqual(["denied", "denied"]);
  expect(stdout.replace(/\n/g, " ")).toContain(
    "- SQS GetQueueUrl in us-east-1: expected an answer; got AccessDeniedException; allow the caller sqs:GetQueueUrl on " +
      "arn:aws:sqs:us-east-1:123456789012:shop-example-payments",
  );
  expect(code).toBe(0);
});

test("a verdict that is not there names the record and the stack", async () => {
  endpoint.switchVerdict = undefined;
  const { stdout } = await status();
  expect(stdout).toMatch(/^switch +no TXT record; alarm OK/m);
  expect(stdout.replace(/\n/g, " ")).toContain(
    '- TXT switch.us-east-1.api.example.com: expected "in service" or "stood down"; got no such record; is the failover-dns stack',
  );
});

test("name servers that fail are told apart from names that are not there", async () => {
  endpoint.endpointVerdict = undefined;
  expect((await status()).stdout).toMatch(/^health check +no TXT record/m);
  endpoint.rcode = "SERVFAIL";
  const { code, stderr } = await status();
  expect(stderr).toMatch(/^--endpoint .*: expected a drill that answers; got DNS SERVFAIL; /);
  expect(code).toBe(2);
});

test("an alarm that Route 53 does not follow yet is part of the headline", async () => {
  endpoint.alarmState = "ALARM";
  const { stdout } = await status();
  expect(stdout.replace(/\n/g, " ")).toContain(
    "the primary is in service. The switch's alarm is ALARM, and Route 53 does not follow it yet.",
  );
});

test("--json holds the same for machines", async () => {
  endpoint.state("us-east-1").isDark = true;
  const { code, stdout } = await statusOfDarkRegion("--json");
  const facts = JSON.parse(stdout);
  expect(facts).toMatchObject({
    deployment: "example",
    apiDomainName: "api.example.com",
    switch: { verdict: { isKnown: true, value: "in service" }, alarm: { isKnown: true, value: { state: "OK" } } },
    primary: { name: "us-east-1", endpoint: { isKnown: false, short: "no answer within 1 s" } },
    secondary: { name: "us-west-2", endpoint: { isKnown: true, value: { status: 200 } } },
  });
  expect(code).toBe(0);
});
