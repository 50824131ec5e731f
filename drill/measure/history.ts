/** Everything that a drill notes down, in declared milliseconds since it began. */
export interface DrillHistory {
  readonly requests: readonly RequestRecord[];
  readonly events: readonly DrillEvent[];
  readonly samples: readonly Sample[];
  /** Writes that were acknowledged to customers, with what became of each. */
  readonly writes: readonly WriteRecord[];
}

/** What a client knows of one request once it is over. A request without an answer may or may not have had an effect. */
export type RequestOutcome = "acknowledged" | "failed" | "indeterminate";

export interface RequestRecord {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly clientId: number;
  /** Whether the client asks the resolver again when the TTL is over; a pinning client keeps its connection. */
  readonly honoursTtl: boolean;
  /** `PUT /cart/items/{sku}` and so on. */
  readonly operation: string;
  readonly outcome: RequestOutcome;
  /** HTTP status; undefined when there was no answer. */
  readonly statusCode?: number;
  /** The region that the client's connection led to; undefined when the name did not resolve. */
  readonly region?: string;
  /** Why there was no acknowledgement, for people. */
  readonly reason?: string;
}

export type DrillEventKind =
  | "drill started"
  | "fault began"
  | "fault ended"
  | "check unhealthy"
  | "check healthy"
  | "answer changed"
  | "stood down"
  | "released"
  | "first request elsewhere"
  | "last failed request"
  | "replication caught up"
  | "drill ended";

export interface DrillEvent {
  readonly atMs: number;
  readonly kind: DrillEventKind;
  /** A sentence for people: what happened to whom. */
  readonly text: string;
  /** The region, health check or name that it is about. */
  readonly subject?: string;
}

/** State sampled about once a wall second or more often. */
export interface Sample {
  readonly atMs: number;
  /** Writes on their way, by source region. */
  readonly pendingWrites: Readonly<Record<string, number>>;
  /** Region to which the API's name leads now; undefined when it leads nowhere. */
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
  /** What had become of it when the drill ended and replication had caught up. */
  readonly inTheEnd: "present" | "lost to last-writer-wins" | "lost";
}
