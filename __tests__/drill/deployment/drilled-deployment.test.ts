import { DrilledDeployment } from "../../../drill/deployment/drilled-deployment";
import type { HealthCheck, Topology } from "../../../topology/topology";
import { eventually } from "../../local-aws/lambda/declared-function";
import { alarmCheck } from "../../local-aws/route53/declared";
import { CHECKS, EAST, SPEED, smallProps, smallTopology, WEST } from "../../local-aws/small-topology";

const TIMEOUT_MS = 60_000;
let deployment: DrilledDeployment;
afterEach(() => deployment.stop());

const smallDeployment = (topology: Topology) =>
  new DrilledDeployment({ ...smallProps(topology), signal: new AbortController().signal });

const switchedTo = (insufficientDataHealthStatus: "LastKnownStatus" | "Unhealthy") =>
  CHECKS.map(
    (check): HealthCheck =>
      check.id === "switch"
        ? alarmCheck({ id: "switch", alarmRegion: WEST, alarmName: "stood-down", insufficientDataHealthStatus })
        : check,
  );
const isHealthy = () => deployment.aws.healthChecks.isHealthy("switch");
const declared = (seconds: number) => new Promise((resolve) => setTimeout(resolve, (seconds * 1_000) / SPEED));

test(
  "the switch stands the primary down and releases it; what was last known holds while its region is out of reach",
  async () => {
    deployment = smallDeployment(smallTopology());
    await deployment.start();
    deployment.open();
    expect([deployment.hasSwitch, isHealthy()]).toEqual([true, true]);
    expect(deployment.putSwitch(1)).toBe(true);
    await eventually(() => !isHealthy());
    expect(await deployment.answeringRegion()).toBe(WEST);
    deployment.aws.loseCloudWatch(WEST);
    expect(deployment.putSwitch(0)).toBe(false);
    await declared(70);
    expect(isHealthy()).toBe(false);
    deployment.aws.returnCloudWatch(WEST);
    await declared(61);
    deployment.putSwitch(0);
    await eventually(isHealthy);
    expect(await deployment.answeringRegion()).toBe(EAST);
  },
  TIMEOUT_MS,
);

test(
  "a check that takes missing data for a failure fails when the alarm's region is out of reach",
  async () => {
    deployment = smallDeployment(smallTopology({ healthChecks: switchedTo("Unhealthy") }));
    await deployment.start();
    deployment.open();
    deployment.putSwitch(0);
    await eventually(isHealthy);
    deployment.aws.loseCloudWatch(WEST);
    await eventually(() => !isHealthy());
    deployment.aws.returnCloudWatch(WEST);
    await eventually(isHealthy);
  },
  TIMEOUT_MS,
);

test(
  "CloudWatch stays out of reach when its region returns, until it is back itself",
  async () => {
    deployment = smallDeployment(smallTopology());
    await deployment.start();
    deployment.open();
    deployment.aws.loseCloudWatch(WEST);
    deployment.aws.loseRegion(WEST, "refuse");
    deployment.aws.returnRegion(WEST);
    expect(deployment.putSwitch(1)).toBe(false);
    deployment.aws.returnCloudWatch(WEST);
    expect(deployment.putSwitch(1)).toBe(true);
  },
  TIMEOUT_MS,
);

test("without a switch, putting one says what is missing", async () => {
  deployment = smallDeployment(
    smallTopology({ healthChecks: CHECKS.filter(({ id }) => id === "endpoint"), alarms: [] }),
  );
  expect(deployment.hasSwitch).toBe(false);
  expect(() => deployment.putSwitch(1)).toThrow(/CNAME: its health check must be/);
});
