import type { Breakable } from "./breakable";
import { type Fault, JUDGING_SECONDS } from "./fault";
import { releasePrimary } from "./release-primary";

/** The primary is down for long enough that a latch takes hold, and up for long enough that checkers turn healthy. */
const FLAP_DOWN_SECONDS = 200;
const FLAP_UP_SECONDS = 60;

async function during(deployment: Breakable, seconds: number, begin: () => void, end: () => void): Promise<void> {
  begin();
  await deployment.wait(seconds);
  end();
}

const primaryLost =
  (how: "blackhole" | "refuse"): Fault["run"] =>
  (deployment, seconds) => {
    const { aws, primaryRegion } = deployment;
    return during(
      deployment,
      seconds,
      () => aws.loseRegion(primaryRegion, how),
      () => aws.returnRegion(primaryRegion),
    );
  };

/** Faults of regions, services and replication. */
export const REGION_FAULTS: readonly Fault[] = [
  {
    name: "primary-region-blackholed",
    description: "the primary region is lost: connections hang",
    expectation: "must fail over",
    mustFailOver: true,
    usualDurationSeconds: JUDGING_SECONDS,
    run: primaryLost("blackhole"),
  },
  {
    name: "primary-region-refusing",
    description: "the primary region refuses every connection",
    expectation: "must fail over",
    mustFailOver: true,
    usualDurationSeconds: JUDGING_SECONDS,
    run: primaryLost("refuse"),
  },
  {
    name: "primary-dynamodb-gone",
    // In October 2025 replication to and from the region lagged as well: https://aws.amazon.com/message/101925/
    description:
      "the primary's DynamoDB endpoint is gone and its replication is paused; everything else answers (October 2025)",
    expectation: "must fail over",
    mustFailOver: true,
    usualDurationSeconds: JUDGING_SECONDS,
    run: (deployment, seconds) => {
      const { aws, primaryRegion } = deployment;
      return during(
        deployment,
        seconds,
        () => {
          aws.loseDynamoDb(primaryRegion);
          aws.pauseReplication(primaryRegion);
        },
        () => {
          aws.returnDynamoDb(primaryRegion);
          aws.resumeReplication(primaryRegion);
        },
      );
    },
  },
  {
    name: "half-the-requests-failing",
    description: "every other request to the primary fails, health checks included",
    expectation: "must not fail over by itself: too few checkers see three failures in a row",
    mustFailOver: false,
    whyNoRecoveryTime: "no failover is expected, and half of the requests fail until the fault ends",
    run: (deployment, seconds) => {
      const { aws, primaryRegion } = deployment;
      return during(
        deployment,
        seconds,
        () => aws.failShare(primaryRegion, 0.5),
        () => aws.failShare(primaryRegion, 0),
      );
    },
  },
  {
    name: "replication-paused",
    description: "replication is paused while customers write in every region",
    expectation: "must not fail over, and must lose no write once replication resumes",
    mustFailOver: false,
    everyRegionWritten: true,
    whyNoRecoveryTime: "the API answers all the time: 'failed requests' is judged instead",
    run: (deployment, seconds) => {
      const { aws, primaryRegion } = deployment;
      return during(
        deployment,
        seconds,
        () => aws.pauseReplication(primaryRegion),
        () => aws.resumeReplication(primaryRegion),
      );
    },
  },
  {
    name: "vendor-away",
    description: "the payment vendor refuses every connection",
    expectation: "must not fail over, and must continue to accept orders",
    mustFailOver: false,
    whyNoRecoveryTime: "the API answers all the time: 'failed requests' is judged instead",
    run: (deployment, seconds) =>
      during(
        deployment,
        seconds,
        () => deployment.aws.vendorGoesAway(),
        () => deployment.aws.vendorComesBack(),
      ),
  },
  {
    name: "standby-broken-too",
    description: "every region is lost",
    expectation: "cannot recover before a region returns, and must lose no order",
    mustFailOver: undefined,
    whyNoRecoveryTime: "no recovery is possible while every region is lost",
    run: (deployment, seconds) => {
      const { aws, regionNames } = deployment;
      return during(
        deployment,
        seconds,
        () => {
          for (const region of regionNames) aws.loseRegion(region, "blackhole");
        },
        () => {
          for (const region of regionNames) aws.returnRegion(region);
        },
      );
    },
  },
  {
    name: "primary-flapping",
    description: `the primary is lost for ${FLAP_DOWN_SECONDS} s, returns for ${FLAP_UP_SECONDS} s, and so on; an operator releases it in the end`,
    expectation:
      "must fail over once and stay there until the release; without a latch it may fail back. No order may be lost",
    mustFailOver: true,
    whyNoRecoveryTime:
      "the primary is lost again and again, so no single outage can be timed; primary-region-blackholed judges it",
    staysAway: "when latched",
    usualDurationSeconds: 520,
    run: async (deployment, seconds) => {
      const { aws, primaryRegion } = deployment;
      for (let left = seconds; left > 0; left -= FLAP_DOWN_SECONDS + FLAP_UP_SECONDS) {
        aws.loseRegion(primaryRegion, "blackhole");
        await deployment.wait(Math.min(FLAP_DOWN_SECONDS, left));
        aws.returnRegion(primaryRegion);
        await deployment.wait(Math.min(FLAP_UP_SECONDS, Math.max(left - FLAP_DOWN_SECONDS, 0)));
      }
      if (deployment.hasSwitch) await releasePrimary(deployment);
    },
  },
  {
    name: "none",
    description: "nothing breaks: for practice with the switch",
    expectation: "must not fail over unless an operator stands the primary down, and must lose no order",
    mustFailOver: undefined,
    whyNoRecoveryTime: "nothing breaks",
    run: (deployment, seconds) => deployment.wait(seconds),
  },
];
