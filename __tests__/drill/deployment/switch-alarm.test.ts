import { failoverTarget } from "../../../drill/deployment/failover-target";
import { hasSwitch, switchAlarm } from "../../../drill/deployment/switch-alarm";
import type { HealthCheck, Topology } from "../../../topology/topology";
import { declaredAlarm } from "../../local-aws/cloudwatch/declared-alarm";
import { alarmCheck, calculatedCheck, endpointCheck } from "../../local-aws/route53/declared";
import { API, CHECKS, EAST, RECORDS, smallTopology, WEST } from "../../local-aws/small-topology";

const recordOf = (topology: Topology) => failoverTarget(topology).primaryRecord;
const withChecks = (...healthChecks: HealthCheck[]) => smallTopology({ healthChecks });
const found = (topology: Topology) => switchAlarm(topology, recordOf(topology)).alarm;
const without = (id: string) => CHECKS.filter((check) => check.id !== id);

test("the pair is the one that leads to an API, whichever comes first", () => {
  const { apiName, primary, regions } = failoverTarget(smallTopology());
  expect(RECORDS[0]).toMatchObject({ type: "TXT", failover: "PRIMARY" });
  expect([apiName, primary.name, regions.map(({ name }) => name)]).toEqual([API, EAST, [EAST, WEST]]);
});

test("a pair that leads to no API is complained about when there is no other", () => {
  const records = RECORDS.filter(({ type }) => type === "TXT");
  expect(() => failoverTarget(smallTopology({ records }))).toThrow(/TXT: must lead to an API's regional host name/);
});

test.each<[string, readonly HealthCheck[]]>([
  ["a child of the record's check", CHECKS],
  [
    "a grandchild",
    [
      calculatedCheck({ id: "primary", childIds: ["middle"] }),
      calculatedCheck({ id: "middle", childIds: ["switch"] }),
      ...without("primary"),
    ],
  ],
  ["the record's check itself", [alarmCheck({ id: "primary", alarmName: "stood-down" })]],
])("the switch is found as %s", (_, checks) => {
  const topology = withChecks(...checks);
  expect(found(topology)).toEqual(declaredAlarm());
  expect(hasSwitch(topology, recordOf(topology))).toBe(true);
});

test.each<[string, readonly HealthCheck[]]>([
  [
    "no alarm's check among the children",
    [calculatedCheck({ id: "primary", childIds: ["endpoint"] }), ...without("primary")],
  ],
  ["an endpoint check alone", [endpointCheck({ id: "primary" })]],
  ["checks in a circle", [calculatedCheck({ id: "primary", childIds: ["primary"] })]],
])("there is no switch behind %s", (_, checks) => {
  const topology = withChecks(...checks);
  expect(() => found(topology)).toThrow(
    /CNAME: its health check must be, or have among its children, a CLOUDWATCH_METRIC/,
  );
  expect(hasSwitch(topology, recordOf(topology))).toBe(false);
});

test("there is none behind a record without a health check", () => {
  const records = RECORDS.map(({ healthCheckId: _, ...record }) => record);
  expect(() => found(smallTopology({ records }))).toThrow(/CNAME: must have a health check to have a switch/);
});

test.each<[string, Partial<Topology>, RegExp]>([
  [
    "is not declared",
    { alarms: [] },
    /switch: must follow an alarm on one metric; us-west-2 declares none of the name stood-down/,
  ],
  ["is in another region", { alarms: [declaredAlarm({ region: EAST })] }, /us-west-2 declares none/],
  [
    "has a percentile",
    { alarms: [declaredAlarm({ statistic: "p99" })] },
    /must follow an alarm with a plain statistic.*p99/,
  ],
  [
    "is where nothing stands",
    {
      alarms: [declaredAlarm({ region: "eu-west-1" })],
      healthChecks: [
        ...without("switch"),
        alarmCheck({ id: "switch", alarmRegion: "eu-west-1", alarmName: "stood-down" }),
      ],
    },
    /must follow an alarm in a region of the drill, got eu-west-1/,
  ],
])("an alarm that %s is named", (_, changes, message) => {
  expect(() => found(smallTopology(changes))).toThrow(message);
});
