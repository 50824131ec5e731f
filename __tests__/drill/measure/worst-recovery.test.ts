import { automaticFailoverBudget } from "../../../config/recovery-time-budget";
import { worstRecoveryMs } from "../../../drill/measure/worst-recovery";
import { calculatedCheck, endpointCheck, record } from "../../local-aws/route53/declared";
import { API, smallTopology } from "../../local-aws/small-topology";

const PRIMARY = record(API, "CNAME", { ttlSeconds: 10, failover: "PRIMARY", healthCheckId: "primary" });
const CLIENT_TIMEOUT_MS = 5_000;

const endpoint = (overrides: Parameters<typeof endpointCheck>[0]) =>
  endpointCheck({ id: "primary", requestIntervalSeconds: 10, failureThreshold: 3, searchString: "ok", ...overrides });

test.each([
  ["HTTPS", 4 + 2],
  ["HTTP", 4 + 2],
  ["HTTPS_STR_MATCH", 4 + 2 + 2],
  ["HTTP_STR_MATCH", 4 + 2 + 2],
  ["TCP", 10],
] as const)("a probe of %s is given up after %i s, three of them until the verdict turns", (type, probeSeconds) => {
  const topology = smallTopology({ healthChecks: [endpoint({ type })] });
  const seconds = 3 * (10 + probeSeconds) + 10 + PRIMARY.ttlSeconds;
  expect(worstRecoveryMs(topology, PRIMARY, CLIENT_TIMEOUT_MS)).toBe(seconds * 1_000 + CLIENT_TIMEOUT_MS);
});

test.each(["ttl", "browser"] as const)("for clients of kind %s it is what the synth's budget says", (clients) => {
  const budget = automaticFailoverBudget(
    { requestIntervalSeconds: 10, failureThreshold: 3, recordTtlSeconds: 10, clientTimeoutSeconds: 5 },
    clients,
  );
  const topology = smallTopology({ healthChecks: [endpoint({ type: "HTTPS" })] });
  expect(worstRecoveryMs(topology, PRIMARY, CLIENT_TIMEOUT_MS, clients)).toBe(budget.worstSeconds * 1_000);
});

test("of the checks that a calculated one takes in, the quickest decides", () => {
  const healthChecks = [
    calculatedCheck({ id: "primary", childIds: ["tcp", "https"], childHealthThreshold: 2 }),
    endpoint({ id: "tcp", type: "TCP" }),
    endpoint({ id: "https", type: "HTTPS" }),
  ];
  expect(worstRecoveryMs(smallTopology({ healthChecks }), PRIMARY, 0)).toBe((3 * 16 + 10 + 10) * 1_000);
});

test("without a check that probes, nothing is declared", () => {
  expect(worstRecoveryMs(smallTopology({ healthChecks: [] }), PRIMARY, 0)).toBeUndefined();
});
