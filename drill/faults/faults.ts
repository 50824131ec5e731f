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
  /** Whether the recovery time objective holds for it: nobody can recover while both regions are gone. */
  readonly hasRecoveryTime: boolean;
  /** Breaks the world for so long, and mends it. */
  run(world: Breakable, durationSeconds: number): Promise<void>;
}

/** Down, up, down, ... for so long each: time enough for checkers to turn. */
const FLAP_SECONDS = 60;

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
    hasRecoveryTime: true,
    run: regionLost("blackhole"),
  },
  {
    name: "primary-region-refusing",
    description: "the primary region refuses every connection",
    expectation: "must fail over",
    mustFailOver: true,
    hasRecoveryTime: true,
    run: regionLost("refuse"),
  },
  {
    name: "primary-dynamodb-gone",
    description: "the primary's DynamoDB endpoint is gone, everything else answers (October 2025)",
    expectation: "must fail over",
    mustFailOver: true,
    hasRecoveryTime: true,
    run: (world, seconds) =>
      during(
        world,
        seconds,
        () => world.loseDynamoDb(world.primaryRegion),
        () => world.returnDynamoDb(world.primaryRegion),
      ),
  },
  {
    name: "half-the-requests-failing",
    description: "every other request to the primary fails, health checks among them",
    expectation: "must not fail over by itself: too few checkers see three failures in a row",
    mustFailOver: false,
    hasRecoveryTime: false,
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
    hasRecoveryTime: false,
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
    hasRecoveryTime: false,
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
    hasRecoveryTime: false,
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
    description: `the primary vanishes and returns every ${FLAP_SECONDS} s`,
    expectation: "may bounce between the regions, and must lose no order",
    mustFailOver: undefined,
    hasRecoveryTime: false,
    run: async (world, seconds) => {
      for (let left = seconds; left > 0; left -= 2 * FLAP_SECONDS) {
        world.loseRegion(world.primaryRegion, "blackhole");
        await world.wait(Math.min(FLAP_SECONDS, left));
        world.returnRegion(world.primaryRegion);
        await world.wait(Math.min(FLAP_SECONDS, Math.max(left - FLAP_SECONDS, 0)));
      }
    },
  },
  {
    name: "none",
    description: "nothing breaks: for hands on the switch",
    expectation: "must not fail over unless somebody stands the primary down, and must lose no order",
    mustFailOver: undefined,
    hasRecoveryTime: false,
    run: (world, seconds) => world.wait(seconds),
  },
];
