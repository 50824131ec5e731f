import type { Breakable } from "./breakable";
import { type Fault, JUDGING_SECONDS } from "./fault";
import { releasePrimary, SETTLED_SECONDS, until } from "./release-primary";

const BY_HAND = "an operator moves the traffic from a healthy primary: 'moved by hand' is judged instead";

const isAnsweredByAStandby = (deployment: Breakable) => async () => {
  const region = await deployment.answeringRegion();
  return region !== undefined && deployment.standbyRegions.includes(region);
};

/** Loses, or returns, the CloudWatch of the switch's region; of every standby where there is no switch. */
function forSwitchRegions({ switchRegion, standbyRegions }: Breakable, change: (region: string) => void): void {
  for (const region of switchRegion === undefined ? standbyRegions : [switchRegion]) change(region);
}

/** What operators do with the switch, and faults of the switch itself. */
export const SWITCH_FAULTS: readonly Fault[] = [
  {
    name: "stood-down-by-hand",
    description: "an operator stands the healthy primary down with one data point, and releases it in the end",
    expectation:
      "must move every client within the alarm's period, its evaluation and the TTL, without a failed request, and hold without further data",
    mustFailOver: true,
    whyNoRecoveryTime: BY_HAND,
    isByHand: true,
    staysAway: "always",
    run: async (deployment, seconds) => {
      deployment.putSwitch(1);
      await deployment.wait(Math.max(seconds, SETTLED_SECONDS));
      await releasePrimary(deployment);
    },
  },
  {
    name: "planned-evacuation",
    description: "the primary is stood down, replication drains, and only then the region is lost",
    expectation: "must move every client without a failed request, and leave no acknowledged write behind",
    mustFailOver: true,
    whyNoRecoveryTime: BY_HAND,
    isByHand: true,
    staysAway: "always",
    everybodyHonoursTtl: true,
    marksRecoveryPoint: true,
    run: async (deployment, seconds) => {
      const { aws, primaryRegion } = deployment;
      deployment.putSwitch(1);
      await until(deployment, isAnsweredByAStandby(deployment));
      await deployment.wait(SETTLED_SECONDS);
      await until(deployment, async () => aws.isDrained(primaryRegion));
      deployment.markRecoveryPoint();
      aws.loseRegion(primaryRegion, "blackhole");
      await deployment.wait(seconds);
      aws.returnRegion(primaryRegion);
      await releasePrimary(deployment);
    },
  },
  {
    name: "switch-without-data",
    description: "the primary is stood down with one data point; then the standby's CloudWatch is lost",
    expectation: "must stay stood down until an operator releases it",
    mustFailOver: true,
    whyNoRecoveryTime: BY_HAND,
    isByHand: true,
    staysAway: "always",
    run: async (deployment, seconds) => {
      deployment.putSwitch(1);
      await deployment.wait(SETTLED_SECONDS);
      forSwitchRegions(deployment, (region) => deployment.aws.loseCloudWatch(region));
      await deployment.wait(seconds);
      forSwitchRegions(deployment, (region) => deployment.aws.returnCloudWatch(region));
      await releasePrimary(deployment);
    },
  },
  {
    name: "switch-unreachable",
    description: "the standby's CloudWatch is already lost when the primary region is lost",
    expectation: "must fail over by itself; the switch cannot be used, so traffic also fails back by itself",
    mustFailOver: true,
    usualDurationSeconds: JUDGING_SECONDS,
    run: async (deployment, seconds) => {
      const { aws, primaryRegion } = deployment;
      forSwitchRegions(deployment, (region) => aws.loseCloudWatch(region));
      aws.loseRegion(primaryRegion, "blackhole");
      await deployment.wait(seconds);
      aws.returnRegion(primaryRegion);
      forSwitchRegions(deployment, (region) => aws.returnCloudWatch(region));
    },
  },
];
