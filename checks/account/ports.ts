/** Tags of a resource; undefined where the resource does not exist. */
export type Existing<T> = T | undefined;
export type Tags = Readonly<Record<string, string>>;

export interface HostedZone {
  readonly id: string;
  readonly isPrivate: boolean;
}

export interface ZoneRecord {
  readonly type: string;
  /** Of records that Route 53 chooses among; undefined for a simple record. */
  readonly setIdentifier: string | undefined;
}

export interface LambdaLimits {
  readonly concurrentExecutions: number;
  /** What is not set aside for any function. */
  readonly unreservedExecutions: number;
}

export interface GatewayLimits {
  readonly rateLimitPerSecond: number;
  readonly burstLimit: number;
}

export interface TableLimits {
  readonly tableReadUnits: number;
  readonly tableWriteUnits: number;
}

export interface ExistingTable {
  readonly partitionKey: string;
  readonly indexNames: readonly string[];
  readonly tags: Tags;
}

export interface Subscriptions {
  readonly confirmed: number;
  readonly pending: number;
}

/** Read-only questions about one region; each fails with a `QuestionError`. */
export interface RegionalAccount {
  lambdaLimits(signal: AbortSignal): Promise<LambdaLimits>;
  /** 0 for a function that has none, or does not exist. */
  reservedExecutions(functionName: string, signal: AbortSignal): Promise<number>;
  gatewayLimits(signal: AbortSignal): Promise<GatewayLimits>;
  tableLimits(signal: AbortSignal): Promise<TableLimits>;
  table(name: string, signal: AbortSignal): Promise<Existing<ExistingTable>>;
  domain(name: string, signal: AbortSignal): Promise<Existing<Tags>>;
  /** `Enabled`, `Disabled`, `PendingDeletion`, … */
  keyState(alias: string, signal: AbortSignal): Promise<Existing<string>>;
  subscriptions(topicName: string, signal: AbortSignal): Promise<Existing<Subscriptions>>;
}

/** Read-only questions about the whole account. */
export interface Account {
  /** The account of the credentials. */
  id(signal: AbortSignal): Promise<string>;
  hostedZones(name: string, signal: AbortSignal): Promise<readonly HostedZone[]>;
  nameServers(zoneId: string, signal: AbortSignal): Promise<readonly string[]>;
  records(zoneId: string, name: string, signal: AbortSignal): Promise<readonly ZoneRecord[]>;
  region(name: string): RegionalAccount;
}

/** What everybody may ask. */
export interface PublicInternet {
  /** A JSON document over HTTPS. */
  json(url: string, signal: AbortSignal): Promise<unknown>;
  /** Name servers that the parent zone delegates a name to. */
  delegation(name: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Names that a host leads to by way of CNAMEs; the host itself is not among them. */
  aliases(host: string, signal: AbortSignal): Promise<readonly string[]>;
}
