import type { ClientKind } from "./client-kinds";

/** Everything that a drill records, in declared milliseconds since it began. */
export interface DrillHistory {
  readonly requests: readonly RequestRecord[];
  readonly events: readonly DrillEvent[];
  readonly samples: readonly Sample[];
  /** Acknowledged writes and the outcome of each. */
  readonly writes: readonly WriteRecord[];
}

/** Outcome of a request as its client knows it. A request without an answer may or may not have had an effect. */
export type RequestOutcome = "acknowledged" | "failed" | "indeterminate";

export interface RequestRecord {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly clientId: number;
  readonly clientKind: ClientKind;
  /** `PUT /cart/items/{sku}` and so on. */
  readonly operation: string;
  readonly outcome: RequestOutcome;
  /** HTTP status; undefined when there was no answer. */
  readonly statusCode?: number;
  /** Region of the client's connection; undefined when the name did not resolve. */
  readonly region?: string;
  /** Why the request was not acknowledged, for people. */
  readonly reason?: string;
}

export type DrillEventKind =
  | "drill started"
  | "fault began"
  | "fault ended"
  | "check unhealthy"
  | "check healthy"
  | "answer changed"
  | "alarm rang"
  | "stood down"
  | "released"
  | "first request elsewhere"
  | "last failed request"
  | "replication caught up"
  | "drill ended";

export interface DrillEvent {
  readonly atMs: number;
  readonly kind: DrillEventKind;
  /** One sentence for people. */
  readonly text: string;
  /** The region, health check or name that it is about. */
  readonly subject?: string;
}

/** State at one moment; sampled at least once a wall second. */
export interface Sample {
  readonly atMs: number;
  /** Writes not yet replicated, by source region. */
  readonly pendingWrites: Readonly<Record<string, number>>;
  /** Region to which the API's name resolves; undefined when it does not resolve. */
  readonly answer?: string;
  /** Health checks by the name of their resource. */
  readonly isHealthy: Readonly<Record<string, boolean>>;
}

export interface WriteRecord {
  readonly acknowledgedAtMs: number;
  readonly region: string;
  /** `cart` or `order`, with its key. */
  readonly what: string;
  /** Whether the surviving region held it at the moment of failover. */
  readonly visibleAtFailover: boolean;
  /** Its state at the end of the drill, after replication had caught up. */
  readonly inTheEnd: "present" | "lost to last-writer-wins" | "lost";
}
