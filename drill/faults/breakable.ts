/** What a fault can take away from a local AWS, region by region, and bring back. */
export interface BreakableAws {
  /** Nothing of the region answers, runs or replicates: connections hang, or are refused. */
  loseRegion(region: string, how: "blackhole" | "refuse"): void;
  returnRegion(region: string): void;
  /** The region's DynamoDB endpoint alone is gone. */
  loseDynamoDb(region: string): void;
  returnDynamoDb(region: string): void;
  /** This share of the region's requests fails, from 0 to 1. */
  failShare(region: string, share: number): void;
  pauseReplication(region: string): void;
  resumeReplication(region: string): void;
  /** The function behind a route fails on every invocation. */
  breakFunctionOf(region: string, routeKey: string): void;
  repairFunctions(region: string): void;
  /** Every write of the region's tables is throttled; reads work. */
  throttleWrites(region: string): void;
  admitWrites(region: string): void;
  /** Names of the region's alarms in the state ALARM. */
  ringingAlarms(region: string): readonly string[];
  vendorGoesAway(): void;
  vendorComesBack(): void;
  /** The region's CloudWatch alone is gone: no data point arrives, no alarm is evaluated. */
  loseCloudWatch(region: string): void;
  returnCloudWatch(region: string): void;
  /** Route 53's health verdict for the region's endpoint. */
  isEndpointHealthy(region: string): boolean;
  /** Whether every write of the region has reached its replicas. */
  isDrained(region: string): boolean;
}

/** The deployment that a fault breaks. */
export interface Breakable {
  readonly aws: BreakableAws;
  /** Regions that the API's name can lead to, the primary first. */
  readonly regionNames: readonly string[];
  readonly primaryRegion: string;
  readonly standbyRegions: readonly string[];
  /** Whether the primary has a stand-down switch. */
  readonly hasSwitch: boolean;
  /** Region that holds the switch; undefined without one. */
  readonly switchRegion: string | undefined;
  /** Puts an operator's data point: 1 takes the primary out of service, 0 returns it. */
  putSwitch(value: 0 | 1): void;
  /** Records that an operator has seen an alarm. */
  noteAlarm(name: string): void;
  /** Region that Route 53 answers with now for the API's name; undefined when there is no answer. */
  answeringRegion(): Promise<string | undefined>;
  /** Starts to follow the acknowledged writes that no standby holds yet. */
  markRecoveryPoint(): void;
  /** Resolves after declared seconds, or at once when the drill is aborted. */
  wait(seconds: number): Promise<void>;
}
