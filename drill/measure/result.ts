import type { Allowance } from "./allowances";
import type { AssumedLag } from "./lag-borne";
import type { WritesLost } from "./lost-writes";
import type { KindMeasures } from "./recovery-by-kind";

/** A drill's outcome as data: `result.json`, and what the reports draw. Times are declared milliseconds unless named otherwise. */
export interface DrillResult {
  readonly fault: {
    readonly name: string;
    readonly description: string;
    /** Undefined where both outcomes are right. */
    readonly expectsFailover?: boolean;
  };
  readonly options: {
    readonly speed: number;
    readonly seed: number;
    readonly clients: number;
    readonly durationMs: number;
  };
  readonly topology: {
    readonly source: string;
    readonly apiName: string;
    readonly primaryRegion: string;
    readonly secondaryRegion: string;
    /** `1 global table`, `2 regional APIs`, ... */
    readonly summary: readonly string[];
  };
  readonly objectives: readonly ObjectiveResult[];
  /** Objectives that this fault cannot judge. */
  readonly notJudged: readonly NotJudged[];
  readonly measures: DrillMeasures;
  readonly history: import("./history").DrillHistory;
  /** How long the drill itself took on the machine's clock. */
  readonly wallMs: { readonly coldStart: number; readonly total: number };
}

export interface ObjectiveResult {
  /** `recovery time`, `recovery point`, `orders lost`, `charges per order`, ... */
  readonly name: string;
  readonly isMet: boolean;
  /** What was measured, for people: `52.3 s`. */
  readonly measured: string;
  /** The objective: `≤ 60.0 s`. */
  readonly objective: string;
  /** Details for people. */
  readonly explanation: string;
}

/** The longest answer to the first requests of a standby whose functions had no environment. */
export interface ColdStandby {
  /** Milliseconds of the machine's clock. */
  readonly ms: number;
  /** `POST /checkout`. */
  readonly operation: string;
  readonly isAnswered: boolean;
}

export interface NotJudged {
  /** `recovery time` or `recovery point`. */
  readonly name: string;
  readonly objective: string;
  readonly reason: string;
}

export interface DrillMeasures extends WritesLost {
  readonly faultBeganAtMs: number;
  readonly faultEndedAtMs: number;
  /** From the fault to the health check's verdict; undefined when it never came. */
  readonly detectionTimeMs?: number;
  /** From the fault to the first changed answer of the DNS servers. */
  readonly switchTimeMs?: number;
  /** From the fault to the end of the last failed request of clients that honour TTLs; 0 when none failed. */
  readonly recoveryTimeMs?: number;
  /** Figures of each kind of client. Objectives cover clients that honour TTLs, and browsers where an objective is stated for them. */
  readonly byKind: readonly KindMeasures[];
  /** Added to measured recovery times before they are judged; no measure contains them. */
  readonly allowances: readonly Allowance[];
  /** From an operator's data point to the start of the last request that a client honouring TTLs sent to the primary; undefined when none was put, or it did not hold. */
  readonly movedTimeMs?: number;
  /** Failbacks to the primary before an operator released it. */
  readonly returns: number;
  /** From the last data point of a release to the answer's return to the primary; undefined without either. */
  readonly returnTimeMs?: number;
  /** Age, at the fault, of the oldest acknowledged write that the survivor did not hold at failover; 0 when it held all, undefined when nothing was measured. */
  readonly recoveryPointMs?: number;
  /** Undefined where no standby acknowledged a first request. */
  readonly coldStandby?: ColdStandby;
  /** The recovery point follows from it. */
  readonly assumedLag: AssumedLag;
  /** Writes that the primary acknowledged before the recovery point, to tables with a replica in the standby and without. */
  readonly writesBeforeRecoveryPoint: number;
  readonly writesWithoutReplica: number;
  readonly writesUnavailableAtFailover: number;
  readonly writesRecovered: number;
  readonly writesLostToLastWriterWins: number;
  readonly ordersAcknowledged: number;
  readonly ordersLost: number;
  readonly ordersPaid: number;
  readonly ordersUnpaid: number;
  /** Acknowledged or not. */
  readonly ordersChargedTwice: number;
  /** For another amount than the acknowledged or stored one. */
  readonly ordersChargedWrongly: number;
  /** Charges without an acknowledged checkout. A checkout without an answer may have placed the order. */
  readonly ordersChargedUntold: number;
  /** Of those, the ones without such a checkout, or missing from a table. */
  readonly ordersChargedUnexplained: number;
  readonly steadyState: import("./steady-state").SteadyState;
  /** Where the recovery time went: one part after the other. */
  readonly recoveryParts: readonly { readonly name: string; readonly ms: number }[];
  readonly requestsPerWallSecond: number;
  /** Per declared second from the start: requests by outcome and region. */
  readonly perSecond: readonly PerSecond[];
}

export interface PerSecond {
  readonly second: number;
  readonly acknowledged: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly indeterminate: number;
}
