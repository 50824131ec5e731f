/** One answer over HTTPS. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** Milliseconds from the question to the whole answer, name and TLS included. */
  readonly tookMs: number;
}

/** HTTPS as a customer has it: a new connection for each question, so that no old one hides where a name leads now. */
export interface Reach {
  /** @throws {QuestionError} when no answer comes */
  get(host: string, path: string, signal: AbortSignal): Promise<HttpAnswer>;
}

/** DNS; a name without such a record is an empty list. */
export interface Names {
  /** @throws {QuestionError} when the name servers do not answer */
  lookUp(name: string, type: RecordType, signal: AbortSignal): Promise<readonly string[]>;
}

export type RecordType = "TXT" | "CNAME" | "A";

/** Whether an operation does a service's work, or manages its resources. */
export type Plane = "data plane" | "control plane";

/** A CloudWatch alarm; `changedAt` is CloudWatch's own time stamp, in ISO 8601. */
export interface AlarmState {
  readonly state: string;
  readonly changedAt: string | undefined;
  readonly accountId: string | undefined;
}

/** A period's maximum; `at` is CloudWatch's own time stamp of the period's start, in ISO 8601. */
export interface DataPoint {
  readonly value: number;
  readonly at: string;
}

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** About how many messages a queue holds. */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface Count {
  readonly count: number;
  /** Counting was broken off: there are more. */
  readonly isAtLeast: boolean;
}

export interface Quota {
  readonly serviceCode: string;
  readonly quotaCode: string;
}

/** What is asked of AWS in one region; each question fails with a {@link QuestionError}. */
export interface RegionalAws {
  /** The alarm of that name; undefined when there is none. */
  alarm(name: string, signal: AbortSignal): Promise<AlarmState | undefined>;
  /** Names of the alarms that ring, of those whose names begin so. */
  ringingAlarms(prefix: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Maxima of the metric's minutes, oldest first. */
  dataPoints(metric: Metric, minutes: number, signal: AbortSignal): Promise<readonly DataPoint[]>;
  queueDepth(queueName: string, signal: AbortSignal): Promise<QueueDepth>;
  unpaidOrders(tableName: string, unpaidRegion: string, signal: AbortSignal): Promise<Count>;
  quota(quota: Quota, signal: AbortSignal): Promise<number>;
  /** The one call that changes something. */
  putDataPoint(metric: Metric, value: number, signal: AbortSignal): Promise<void>;
}

export interface Cloud {
  region(name: string): RegionalAws;
}

/** Everything outside of this machine that the command asks. */
export interface Outside {
  readonly reach: Reach;
  readonly names: Names;
  readonly cloud: Cloud;
}

export interface Clock {
  /** Milliseconds that only go forward. */
  nowMs(): number;
  /** ISO 8601, for the audit file. */
  date(): string;
  /** Ends early when the signal aborts. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** The person at the keyboard. */
export interface Person {
  readonly isPresent: boolean;
  /** @returns what was typed; empty when nothing will be */
  ask(question: string): Promise<string>;
  /** Results. */
  show(text: string): void;
  /** Progress, and what went wrong. */
  tell(text: string): void;
}
