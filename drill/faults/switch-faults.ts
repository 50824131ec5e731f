import type { Breakable, Fault } from "./faults";

/** One evaluation of a switch's alarm, and some time for caches to run out and replication to catch up. */
const SETTLED_SECONDS = 90;
/** Longest that customers are waited for to be somewhere. */
const PATIENCE_SECONDS = 300;
const LOOK_EVERY_SECONDS = 1;

async function until(world: Breakable, isSo: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < PATIENCE_SECONDS && !(await isSo()); waited += LOOK_EVERY_SECONDS) {
    await world.wait(LOOK_EVERY_SECONDS);
  }
}

const isAnsweredBy = (world: Breakable, region: string) => async () => (await world.answeringRegion()) === region;

/** One data point releases the primary, once it is well; a second one where the first fell into the minute of a stand-down. */
export async function release(world: Breakable): Promise<void> {
  await until(world, async () => world.isEndpointHealthy(world.primaryRegion));
  for (const _ of ["first", "second"]) {
    if ((await world.answeringRegion()) === world.primaryRegion) return;
    world.putSwitch(0);
    await world.wait(SETTLED_SECONDS);
  }
}

const BY_HAND = "an operator moves the customers from a healthy primary: 'moved by hand' is judged instead";

/** What people do with the switch, and what befalls the switch itself. */
export const SWITCH_FAULTS: readonly Fault[] = [
  {
    name: "stood-down-by-hand",
    description: "an operator stands the healthy primary down with one data point, and releases it in the end",
    expectation:
      "must move everybody within one evaluation and the TTL, without a failed request, and hold without further data",
    mustFailOver: true,
    whyNoRecoveryTime: BY_HAND,
    isByHand: true,
    staysAway: "always",
    run: async (world, seconds) => {
      world.putSwitch(1);
      await world.wait(Math.max(seconds, SETTLED_SECONDS));
      await release(world);
    },
  },
  {
    name: "planned-evacuation",
    description: "the primary is stood down, replication drains, and only then the region vanishes",
    expectation: "must move everybody without a failed request, and leave no acknowledged write behind",
    mustFailOver: true,
    whyNoRecoveryTime: BY_HAND,
    isByHand: true,
    staysAway: "always",
    everybodyHonoursTtl: true,
    marksRecoveryPoint: true,
    run: async (world, seconds) => {
      world.putSwitch(1);
      await until(world, isAnsweredBy(world, world.secondaryRegion));
      await world.wait(SETTLED_SECONDS);
      await until(world, async () => world.isDrained(world.primaryRegion));
      world.markRecoveryPoint();
      world.loseRegion(world.primaryRegion, "blackhole");
      await world.wait(seconds);
      world.returnRegion(world.primaryRegion);
      await release(world);
    },
  },
  {
    name: "switch-without-data",
    description: "the primary is stood down with one data point; then the standby's CloudWatch is gone",
    expectation: "must stay stood down until somebody releases it",
    mustFailOver: true,
    whyNoRecoveryTime: BY_HAND,
    isByHand: true,
    staysAway: "always",
    run: async (world, seconds) => {
      world.putSwitch(1);
      await world.wait(SETTLED_SECONDS);
      world.loseCloudWatch(world.secondaryRegion);
      await world.wait(seconds);
      world.returnCloudWatch(world.secondaryRegion);
      await release(world);
    },
  },
  {
    name: "switch-unreachable",
    description: "the standby's CloudWatch is gone when the primary region vanishes",
    expectation: "must fail over by itself; nobody can throw the switch, so that customers return by themselves, too",
    mustFailOver: true,
    run: async (world, seconds) => {
      world.loseCloudWatch(world.secondaryRegion);
      world.loseRegion(world.primaryRegion, "blackhole");
      await world.wait(seconds);
      world.returnRegion(world.primaryRegion);
      world.returnCloudWatch(world.secondaryRegion);
    },
  },
];
