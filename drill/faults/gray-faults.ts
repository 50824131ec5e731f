import type { Breakable } from "./breakable";
import type { Fault } from "./fault";
import { releasePrimary, SETTLED_SECONDS } from "./release-primary";

/** Longest wait for an alarm, in declared seconds. */
const ALARM_PATIENCE_SECONDS = 600;
/** Declared seconds between the repair and the release, in which retries settle. */
const REPAIRED_SECONDS = 30;

const NOT_DETECTED = "the health path stays green: an operator moves the traffic once an alarm has rung";

/** Fails without turning the health path red: an alarm must ring, and an operator stands the primary down. */
async function gray(deployment: Breakable, seconds: number, begin: () => void, end: () => void): Promise<void> {
  const before = new Set(ringing(deployment));
  begin();
  for (let waited = 0; waited < ALARM_PATIENCE_SECONDS; waited += 1) {
    const rung = ringing(deployment).find((name) => !before.has(name));
    if (rung !== undefined) {
      deployment.noteAlarm(rung);
      deployment.putSwitch(1);
      break;
    }
    await deployment.wait(1);
  }
  await deployment.wait(Math.max(seconds, SETTLED_SECONDS));
  end();
  await deployment.wait(REPAIRED_SECONDS);
  await releasePrimary(deployment);
}

const ringing = ({ aws, regionNames }: Breakable) => regionNames.flatMap((region) => aws.ringingAlarms(region));

const GRAY = {
  expectation:
    "must not fail over by itself; an alarm must ring in time, and the standby must serve after standing down",
  mustFailOver: true,
  isByHand: true,
  isGray: true,
  whyNoRecoveryTime: NOT_DETECTED,
  staysAway: "always",
} as const;

/** Faults that the health path does not see. */
export const GRAY_FAULTS: readonly Fault[] = [
  {
    ...GRAY,
    name: "primary-writes-throttled",
    description: "DynamoDB throttles every write in the primary; reads work, so the health path stays green",
    run: (deployment, seconds) => {
      const { aws, primaryRegion } = deployment;
      return gray(
        deployment,
        seconds,
        () => aws.throttleWrites(primaryRegion),
        () => aws.admitWrites(primaryRegion),
      );
    },
  },
  {
    ...GRAY,
    name: "primary-checkout-broken",
    description: "the primary's checkout function fails on every invocation; everything else works",
    run: (deployment, seconds) => {
      const { aws, primaryRegion } = deployment;
      return gray(
        deployment,
        seconds,
        () => aws.breakFunctionOf(primaryRegion, "POST /checkout"),
        () => aws.repairFunctions(primaryRegion),
      );
    },
  },
];
