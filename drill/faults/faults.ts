import { release, SWITCH_FAULTS } from "./switch-faults";

/** What a fault does to the drilled world; the world knows how. */
export interface Breakable {
  readonly primaryRegion: string;
  readonly secondaryRegion: string;
  /** Nothing of the region answers, runs or replicates: connections hang, or are refused. */
  loseRegion(region: string, how: "blackhole" | "refuse"): void;
  returnRegion(region: string): void;
  /** The region's DynamoDB endpoint alone is gone. */
  loseDynamoDb(region: string): void;
  returnDynamoDb(region: string): void;
  /** This share of the region's requests fails. */
  failShare(region: string, share: number): void;
  pauseReplication(region: string): void;
  resumeReplication(region: string): void;
  vendorGoesAway(): void;
  vendorComesBack(): void;
  /** The region's CloudWatch alone is gone: no data point comes in, no alarm is evaluated. */
  loseCloudWatch(region: string): void;
  returnCloudWatch(region: string): void;
  /** Whether the primary's health hangs on a switch that people throw. */
  readonly hasSwitch: boolean;
  /** An operator's data point: 1 stands the primary down, 0 releases it. */
  putSwitch(value: 0 | 1): void;
  /** Region to which the API's name leads now; undefined when it leads nowhere. */
  answeringRegion(): Promise<string | undefined>;
  /** What Route 53 makes of the region's endpoint. */
  isEndpointHealthy(region: string): boolean;
  /** Whether no write of the region is on its way. */
  isDrained(region: string): boolean;
  /** From now on it counts which acknowledged writes the standby does not hold. */
  markRecoveryPoint(): void;
  /** Resolves after declared seconds, or at once when the drill is broken off. */
  wait(seconds: number): Promise<void>;
}

export interface Fault {
  readonly name: string;
  readonly description: string;
  /** What must come of it, for people. */
  readonly expectation: string;
  /** Whether Route 53 must answer with the standby; undefined where both are right. */
  readonly mustFailOver: boolean | undefined;
  /** Why the recovery time objective cannot be judged by it, for people; undefined where it holds. */
  readonly whyNoRecoveryTime?: string;
  /** An operator moves the customers: nobody notices, and the time is the switch's. */
  readonly isByHand?: true;
  /** Whether customers must stay with the standby until somebody releases the primary. */
  readonly staysAway?: "always" | "when latched";
  /** Nobody pins a connection: what such clients lose is their own doing, and other faults measure it. */
  readonly everybodyHonoursTtl?: true;
  /** It says itself when the recovery point is taken; otherwise that is when it begins. */
  readonly marksRecoveryPoint?: true;
  /** How long it lasts unless somebody says otherwise, in declared seconds. */
  readonly usualDurationSeconds?: number;
  /** Breaks the world for so long, and mends it. */
  run(world: Breakable, durationSeconds: number): Promise<void>;
}

/** Down, up, down, ...: down for long enough that a latch takes hold, up for long enough that checkers turn. */
const FLAP_DOWN_SECONDS = 110;
const FLAP_UP_SECONDS = 60;

async function during(world: Breakable, seconds: number, begin: () => void, end: () => void): Promise<void> {
  begin();
  await world.wait(seconds);
  end();
}

const regionLost = (how: "blackhole" | "refuse") => (world: Breakable, seconds: number) =>
  during(
    world,
    seconds,
    () => world.loseRegion(world.primaryRegion, how),
    () => world.returnRegion(world.primaryRegion),
  );

export const FAULTS: readonly Fault[] = [
  {
    name: "primary-region-blackholed",
    description: "the primary region vanishes: connections hang",
    expectation: "must fail over",
    mustFailOver: true,
    run: regionLost("blackhole"),
  },
  {
    name: "primary-region-refusing",
    description: "the primary region refuses every connection",
    expectation: "must fail over",
    mustFailOver: true,
    run: regionLost("refuse"),
  },
  {
    name: "primary-dynamodb-gone",
    // Replication to and from the region lagged all the while: https://aws.amazon.com/message/101925/
    description:
      "the primary's DynamoDB endpoint is gone and its replication held up, everything else answers (October 2025)",
    expectation: "must fail over",
    mustFailOver: true,
    run: (world, seconds) =>
      during(
        world,
        seconds,
        () => {
          world.loseDynamoDb(world.primaryRegion);
          world.pauseReplication(world.primaryRegion);
        },
        () => {
          world.returnDynamoDb(world.primaryRegion);
          world.resumeReplication(world.primaryRegion);
        },
      ),
  },
  {
    name: "half-the-requests-failing",
    description: "every other request to the primary fails, health checks among them",
    expectation: "must not fail over by itself: too few checkers see three failures in a row",
    mustFailOver: false,
    whyNoRecoveryTime: "nothing is to fail over, and half of the requests fail until the fault ends",
    run: (world, seconds) =>
      during(
        world,
        seconds,
        () => world.failShare(world.primaryRegion, 0.5),
        () => world.failShare(world.primaryRegion, 0),
      ),
  },
  {
    name: "replication-paused",
    description: "writes of both regions stay where they are made",
    expectation: "must not fail over, and must lose nothing once replication goes on",
    mustFailOver: false,
    whyNoRecoveryTime: "customers are served all along: 'failed requests' is judged instead",
    run: (world, seconds) =>
      during(
        world,
        seconds,
        () => world.pauseReplication(world.primaryRegion),
        () => world.resumeReplication(world.primaryRegion),
      ),
  },
  {
    name: "vendor-away",
    description: "the payment vendor refuses every connection",
    expectation: "must not fail over, and must go on taking orders",
    mustFailOver: false,
    whyNoRecoveryTime: "customers are served all along: 'failed requests' is judged instead",
    run: (world, seconds) =>
      during(
        world,
        seconds,
        () => world.vendorGoesAway(),
        () => world.vendorComesBack(),
      ),
  },
  {
    name: "standby-broken-too",
    description: "both regions vanish",
    expectation: "cannot recover before a region returns, and must lose no order",
    mustFailOver: undefined,
    whyNoRecoveryTime: "nobody can recover while both regions are gone",
    run: (world, seconds) =>
      during(
        world,
        seconds,
        () => {
          world.loseRegion(world.primaryRegion, "blackhole");
          world.loseRegion(world.secondaryRegion, "blackhole");
        },
        () => {
          world.returnRegion(world.primaryRegion);
          world.returnRegion(world.secondaryRegion);
        },
      ),
  },
  {
    name: "primary-flapping",
    description: `the primary vanishes for ${FLAP_DOWN_SECONDS} s, returns for ${FLAP_UP_SECONDS} s, and so on; an operator releases it in the end`,
    expectation:
      "must fail over once and stay there until the release; without a latch it may bounce. No order may be lost",
    mustFailOver: true,
    whyNoRecoveryTime:
      "the primary vanishes again and again, so that there is no one outage to recover from; primary-region-blackholed judges it",
    staysAway: "when latched",
    usualDurationSeconds: 340,
    run: async (world, seconds) => {
      for (let left = seconds; left > 0; left -= FLAP_DOWN_SECONDS + FLAP_UP_SECONDS) {
        world.loseRegion(world.primaryRegion, "blackhole");
        await world.wait(Math.min(FLAP_DOWN_SECONDS, left));
        world.returnRegion(world.primaryRegion);
        await world.wait(Math.min(FLAP_UP_SECONDS, Math.max(left - FLAP_DOWN_SECONDS, 0)));
      }
      if (world.hasSwitch) await release(world);
    },
  },
  {
    name: "none",
    description: "nothing breaks: for hands on the switch",
    expectation: "must not fail over unless somebody stands the primary down, and must lose no order",
    mustFailOver: undefined,
    whyNoRecoveryTime: "nothing breaks by itself",
    run: (world, seconds) => world.wait(seconds),
  },
  ...SWITCH_FAULTS,
];
