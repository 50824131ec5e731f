import type { Breakable } from "./breakable";

/** The switch's alarm shows a data point within 120 s; the rest is for caches to expire and replication to catch up. */
export const SETTLED_SECONDS = 150;
/** Longest wait for a state to be reached. */
const PATIENCE_SECONDS = 300;
const LOOK_EVERY_SECONDS = 1;

/** Waits in declared time until something is so, or until patience ends. */
export async function until(deployment: Breakable, isSo: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < PATIENCE_SECONDS && !(await isSo()); waited += LOOK_EVERY_SECONDS) {
    await deployment.wait(LOOK_EVERY_SECONDS);
  }
}

/** Releases a healthy primary with one data point, and with a second one if the first fell into the minute of a stand-down. */
export async function releasePrimary(deployment: Breakable): Promise<void> {
  const { aws, primaryRegion } = deployment;
  await until(deployment, async () => aws.isEndpointHealthy(primaryRegion));
  for (const _ of ["first", "second"]) {
    if ((await deployment.answeringRegion()) === primaryRegion) return;
    deployment.putSwitch(0);
    await deployment.wait(SETTLED_SECONDS);
  }
}
