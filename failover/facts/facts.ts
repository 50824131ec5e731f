import type { Answer } from "../answer";
import type { AlarmState, Count, DataPoint, QueueDepth } from "../ports";

/** What is known of a deployment at one moment. Everything in it may be unknown. */
export interface Facts {
  readonly apiDomainName: string;
  readonly primary: RegionFacts;
  readonly secondary: RegionFacts;
  /** What Route 53's checkers make of the primary's endpoint, told by a TXT record. */
  readonly endpointVerdict: Answer<EndpointVerdict>;
  readonly switch: SwitchFacts;
  /** Who answers the name that customers call, as seen from this machine. */
  readonly live: Answer<LiveAnswer>;
  readonly canonicalName: Answer<string | undefined>;
  readonly addresses: Answer<readonly string[]>;
}

export type EndpointVerdict = "healthy" | "unhealthy";
export type SwitchVerdict = "in service" | "stood down";

export interface SwitchFacts {
  /** Route 53's verdict for the switch, which decides. */
  readonly verdict: Answer<SwitchVerdict>;
  /** What the alarm in the standby says; undefined when there is no such alarm. */
  readonly alarm: Answer<AlarmState | undefined>;
  /** The switch's last data point; undefined when there is none. */
  readonly lastDataPoint: Answer<DataPoint | undefined>;
}

export interface LiveAnswer {
  readonly status: number;
  /** The region named in the body; undefined when it names none. */
  readonly region: string | undefined;
  readonly tookMs: number;
}

export interface RegionFacts {
  readonly name: string;
  readonly role: "primary" | "secondary";
  readonly endpoint: Answer<EndpointAnswer>;
  /** One for each table, from this region to the other. */
  readonly replication: readonly ReplicationFacts[];
  readonly payments: Answer<QueueDepth>;
  readonly deadLetters: Answer<QueueDepth>;
  /** By region that owes the charge, counted in this region's own table. */
  readonly unpaid: readonly UnpaidFacts[];
  readonly ringingAlarms: Answer<readonly string[]>;
}

export interface EndpointAnswer {
  readonly status: number;
  readonly tookMs: number;
}

export interface ReplicationFacts {
  readonly tableName: string;
  readonly toRegion: string;
  /** Longest replication of the last minutes in milliseconds; undefined without data. */
  readonly latencyMs: Answer<number | undefined>;
}

export interface UnpaidFacts {
  readonly unpaidRegion: string;
  readonly count: Answer<Count>;
}

/** Every answer in the facts, in no particular order. */
export function answersIn(facts: Facts): Answer<unknown>[] {
  const ofRegion = (region: RegionFacts): Answer<unknown>[] => [
    region.endpoint,
    ...region.replication.map(({ latencyMs }) => latencyMs),
    region.payments,
    region.deadLetters,
    ...region.unpaid.map(({ count }) => count),
    region.ringingAlarms,
  ];
  return [
    facts.live,
    facts.canonicalName,
    facts.addresses,
    facts.endpointVerdict,
    facts.switch.verdict,
    facts.switch.alarm,
    facts.switch.lastDataPoint,
    ...ofRegion(facts.primary),
    ...ofRegion(facts.secondary),
  ];
}
