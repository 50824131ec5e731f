import { OperatorEndpoint } from "./operator-endpoint";
import { AT_ONCE_MS, running, SHORT_BOUND, setCredentials } from "./running";

let endpoint: OperatorEndpoint;
beforeEach(async () => {
  setCredentials();
  endpoint = await OperatorEndpoint.start();
  endpoint.standDown();
});
afterEach(() => endpoint.stop());

const check = (...args: string[]) => running(["check", "--endpoint", endpoint.url, ...args]);

test("all that must hold is listed with what was measured, and passes", async () => {
  const { code, stdout, stderr } = await check();
  expect(stdout).toMatch(/^✓ replication to us-east-1 +640 ms, 810 ms +≤ 5 s$/m);
  expect(stdout).toMatch(/^· unpaid orders of us-west-2 +0$/m);
  expect(stdout).toContain("\nus-east-1 may be released: 9 of 9 checks passed.\n");
  expect([code, stderr]).toEqual([0, ""]);
});

type Break = (endpoint: OperatorEndpoint) => void;
const BREAKS: [name: string, breakIt: Break, measured: RegExp, advice: string][] = [
  [
    "us-east-1 endpoint",
    (it) => Object.assign(it.state("us-east-1"), { healthStatus: 503 }),
    /503/,
    "Mend the primary",
  ],
  ["Route 53 health check", (it) => Object.assign(it, { endpointVerdict: "unhealthy" }), /unhealthy/, "Wait until"],
  ["us-west-2 endpoint", (it) => Object.assign(it.state("us-west-2"), { healthStatus: 500 }), /500/, "no way back"],
  [
    "replication to us-east-1",
    (it) => Object.assign(it.state("us-west-2").replicationMs, { "shop-example-orders": 5_100 }),
    /640 ms, 5\.1 s/,
    "shop-example-orders: later than the recovery point objective",
  ],
  [
    "replication to us-east-1",
    (it) => Object.assign(it.state("us-west-2"), { replicationMs: { "shop-example-orders": 90 } }),
    /no data, 90 ms/,
    "A quiet shop is released with --override",
  ],
  [
    "payments queue, us-east-1",
    (it) => Object.assign(it.state("us-east-1").payments, { visible: 3 }),
    /3 waiting, 1 in flight/,
    "Wait until the primary's payment worker",
  ],
  ["dead letters, us-east-1", (it) => Object.assign(it.state("us-east-1"), { deadLetters: 2 }), /2 waiting/, "redrive"],
  [
    "Lambda concurrent executions",
    (it) => Object.assign(it.state("us-east-1").quotas, { "L-B99A9384": 500 }),
    /500 \/ 1000/,
    "Service Quotas",
  ],
  [
    "API Gateway throttle rate",
    (it) => Object.assign(it, { denied: ["GetServiceQuota"] }),
    /denied \/ denied/,
    "allow",
  ],
  [
    "API Gateway throttle rate",
    (it) => Object.assign(it, { denied: ["GetAWSDefaultServiceQuota"] }),
    /denied \/ denied/,
    "allow the caller servicequotas:GetAWSDefaultServiceQuota",
  ],
];

test.each(BREAKS)("%s fails alone where it should, with what to do", async (name, breakIt, measured, advice) => {
  breakIt(endpoint);
  const { code, stdout } = await check();
  const lines = stdout.split("\n");
  const index = lines.findIndex((line) => line.startsWith(`✗ ${name} `));
  expect(lines[index]).toMatch(measured);
  expect(
    lines
      .slice(index + 1, index + 4)
      .join(" ")
      .replace(/ +/g, " "),
  ).toContain(advice);
  const failed = lines.filter((line) => line.startsWith("✗"));
  expect(failed).toHaveLength(name.startsWith("API Gateway") ? 2 : 1); // Denied is denied for both quotas.
  expect(code).toBe(1);
});

test("a quota that was raised in both regions is equal, and the default is not asked for", async () => {
  for (const region of ["us-east-1", "us-west-2"]) endpoint.state(region).quotas["L-B99A9384"] = 5_000;
  const { code, stdout } = await check();
  expect(stdout).toMatch(/^✓ Lambda concurrent executions +5000 \/ 5000 /m);
  expect(stdout).toMatch(/^✓ API Gateway throttle rate +10000 \/ 10000 /m);
  const defaults = endpoint.calls.filter(({ operation }) => operation === "GetAWSDefaultServiceQuota");
  expect(defaults.map(({ parameters }) => parameters.QuotaCode)).toEqual(["L-8A5B8E43", "L-8A5B8E43"]);
  expect(code).toBe(0);
});

test("messages in flight and dead letters of the standby are no obstacle", async () => {
  endpoint.state("us-east-1").payments.inFlight = 7;
  endpoint.state("us-west-2").deadLetters = 4;
  expect((await check()).code).toBe(0);
});

test("the stood-down primary writes nothing: no data from there is no reason to refuse, late copies are", async () => {
  endpoint.state("us-east-1").replicationMs = {};
  const silent = await check();
  expect(silent.stdout).toMatch(/^· replication to us-west-2 +no data: nobody writes there$/m);
  expect(silent.code).toBe(0);
  endpoint.state("us-east-1").replicationMs = { "shop-example-orders": 7_000 };
  const late = await check();
  expect(late.stdout).toMatch(/^✗ replication to us-west-2 +7\.0 s/m);
  expect(late.code).toBe(1);
});

test("what cannot be asked has failed", async () => {
  endpoint.state("us-east-1").isDark = true;
  const { code, stdout, tookMs } = await running(["check", "--json", "--endpoint", endpoint.url], SHORT_BOUND);
  const { passed, checks } = JSON.parse(stdout);
  const failed = checks.filter(({ outcome }: { outcome: string }) => outcome === "failed");
  expect(failed.map(({ name }: { name: string }) => name)).toEqual([
    "us-east-1 endpoint",
    "replication to us-west-2",
    "payments queue, us-east-1",
    "dead letters, us-east-1",
    "Lambda concurrent executions",
    "API Gateway throttle rate",
  ]);
  expect(passed).toBe(false);
  expect(code).toBe(1);
  expect(tookMs).toBeLessThan(AT_ONCE_MS);
});
