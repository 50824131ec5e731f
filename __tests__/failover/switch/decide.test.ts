import { describeDeployment } from "../../../config/deployment";
import { DEPLOYMENTS } from "../../../config/deployments";
import { validateSettings } from "../../../config/validate-settings";
import { known } from "../../../failover/answer";
import type { Facts } from "../../../failover/facts/facts";
import { alreadyDone, disagreement, objections } from "../../../failover/switch/decide";
import { intentOf } from "../../../failover/switch/intent";
import { AT_REST, SILENT } from "../sample-facts";

const deployment = describeDeployment(validateSettings("example", DEPLOYMENTS["example"]).settings);
const standDown = intentOf("stand-down", deployment);
const release = intentOf("release", deployment);
const ACCOUNT = "123456789012";

/** @param last - the newest data point; what the verdict says where nothing else is given */
function withSwitch(
  verdict: "in service" | "stood down" | undefined,
  state: string | undefined,
  last: number = verdict === "stood down" ? 1 : 0,
): Facts {
  const lastDataPoint = known({ value: last, at: "2026-11-23T01:45:00.000Z" });
  const alarm = state === undefined ? SILENT : known({ state, changedAt: undefined, accountId: ACCOUNT });
  return {
    ...AT_REST,
    switch: { ...AT_REST.switch, lastDataPoint, verdict: verdict === undefined ? SILENT : known(verdict), alarm },
  };
}

test.each([
  ["stood down", "ALARM", true],
  ["stood down", "OK", false],
  ["stood down", "INSUFFICIENT_DATA", false],
  ["stood down", undefined, false],
  ["in service", "OK", false],
  ["in service", "ALARM", false],
  [undefined, "ALARM", false],
] as const)("with DNS saying %p and the alarm %p a stand-down has nothing to do: %p", (verdict, state, isDone) => {
  expect(alreadyDone(standDown, withSwitch(verdict, state)) !== undefined).toBe(isDone);
});

test.each([
  ["in service", "OK", true],
  ["in service", "INSUFFICIENT_DATA", true],
  ["in service", "ALARM", false],
  ["in service", undefined, false],
  ["stood down", "ALARM", false],
  ["stood down", "OK", false],
  [undefined, "OK", false],
] as const)("with DNS saying %p and the alarm %p a release has nothing to do: %p", (verdict, state, isDone) => {
  expect(alreadyDone(release, withSwitch(verdict, state)) !== undefined).toBe(isDone);
});

test("somebody has just thrown the switch the other way: verdict and alarm do not know it yet", () => {
  expect(alreadyDone(standDown, withSwitch("stood down", "ALARM", 0))).toBeUndefined();
  expect(alreadyDone(release, withSwitch("in service", "OK", 1))).toBeUndefined();
  const silent = withSwitch("stood down", "ALARM");
  const unasked = { ...silent, switch: { ...silent.switch, lastDataPoint: SILENT } };
  expect(alreadyDone(standDown, unasked)).toBeUndefined();
});

test("an alarm that cannot be asked is said before the data point is sent again", () => {
  expect(disagreement(standDown, withSwitch("stood down", undefined))).toBe(
    "DNS says that us-east-1 is stood down, but its alarm is not known (no answer within 3 s), and its last data point 1: the data point is sent again.",
  );
  expect(disagreement(standDown, withSwitch("in service", "OK"))).toBeUndefined();
});

test("credentials of another account are found out by the alarm", () => {
  const names = (accountId: string | undefined) =>
    objections(standDown, AT_REST, [], accountId).map(({ name }) => name);
  expect(names("999999999999")).toEqual(["account"]);
  expect(names(ACCOUNT)).toEqual([]);
  expect(names(undefined)).toEqual([]);
});

test("an alarm that cannot be asked keeps nobody where they are", () => {
  expect(objections(standDown, withSwitch("in service", undefined), [], ACCOUNT)).toEqual([]);
});

test("a standby that does not answer speaks against a stand-down, and not against a release", () => {
  const facts = { ...AT_REST, secondary: { ...AT_REST.secondary, endpoint: SILENT } };
  expect(objections(standDown, facts, [], ACCOUNT).map(({ name }) => name)).toEqual(["us-west-2 endpoint"]);
  expect(objections(release, facts, [], ACCOUNT)).toEqual([]);
});

test("checks that failed speak against a release, information does not", () => {
  const common = { measured: "7", limit: "0 waiting", reason: "" };
  const checks = [
    { ...common, name: "queue", outcome: "failed" },
    { ...common, name: "unpaid", outcome: "information" },
    { ...common, name: "health", outcome: "passed" },
  ] as const;
  expect(objections(release, AT_REST, checks, ACCOUNT)).toEqual([
    { name: "queue", reason: "queue: expected 0 waiting; got 7" },
  ]);
});
