import type { Json } from "../terraform-json/json";

/**
 * The resources that a drill models, as the stacks declare them, with every reference resolved. Each resource carries its address. Arrays
 * are in the order of the files. The model does not depend on the project that was synthesized.
 */
export interface Topology {
  readonly accountId: string;
  readonly regions: readonly RegionTopology[];
  readonly tables: readonly GlobalTable[];
  readonly secrets: readonly ReplicatedSecret[];
  readonly healthChecks: readonly HealthCheck[];
  readonly records: readonly DnsRecord[];
  readonly alarms: readonly MetricAlarm[];
  /** The deployment's objectives, if a stack has an output `recovery_objectives`. */
  readonly objectives?: Objectives;
}

/** RTO, RPO and the other objectives. */
export interface Objectives {
  readonly recoveryTimeSeconds: number;
  /** The same for browsers, which keep a DNS answer beyond its TTL; undefined when not stated. */
  readonly browserRecoveryTimeSeconds?: number;
  readonly recoveryPointSeconds: number;
  /** Whether traffic returns automatically once the primary is healthy, or waits for an operator; undefined when not stated. */
  readonly failback?: "latched" | "automatic";
  /** Seconds after which clients abandon a request and resolve the name again. */
  readonly clientTimeoutSeconds?: number;
}

export interface RegionTopology {
  /** Such as `us-east-1`. */
  readonly name: string;
  readonly apis: readonly Api[];
  readonly functions: readonly LambdaFunction[];
  readonly queues: readonly Queue[];
  readonly mappings: readonly EventSourceMapping[];
  readonly schedules: readonly Schedule[];
}

/** Every resource has the address of its declaration: `<stack>: <type>.<name>`. */
interface Declared {
  readonly address: string;
}

export interface Api extends Declared {
  readonly apiId: string;
  readonly name: string;
  readonly routes: readonly Route[];
  /** Custom domains of the API, each with its certificate. */
  readonly domains: readonly ApiDomain[];
}

export interface ApiDomain extends Declared {
  readonly domainName: string;
  /** Host name that records point at, in the region. */
  readonly targetDomainName: string;
  /** Subject and alternative names of its certificate. */
  readonly certificateNames: readonly string[];
}

export interface Route extends Declared {
  /** `GET /cart/items/{sku}`, `ANY /{proxy+}`, `$default`. */
  readonly routeKey: string;
  readonly functionArn: string;
  /** Milliseconds that API Gateway waits for the function. */
  readonly integrationTimeoutMs: number;
  readonly authorizer?: JwtAuthorizer;
  readonly throttling: Throttling;
}

export interface JwtAuthorizer extends Declared {
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface Throttling {
  /** Routes with the same bucket share its limits: the stage's default bucket, or a route's own. */
  readonly bucket: string;
  readonly burstLimit: number;
  readonly rateLimitPerSecond: number;
}

export interface LambdaFunction extends Declared {
  readonly arn: string;
  readonly functionName: string;
  /** Absolute path of the zip that Terraform would upload. */
  readonly zipPath: string;
  /** `index.handler`: file and export. */
  readonly handler: string;
  readonly memorySizeMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Maximum concurrent executions; undefined without a limit of its own. */
  readonly reservedConcurrentExecutions?: number;
  /** Statements of its role's policies. */
  readonly statements: readonly PolicyStatement[];
  /** Principals that may invoke it, from `aws_lambda_permission`: the service, and a pattern of the source's ARN. */
  readonly invokers: readonly { readonly principal: string; readonly sourceArn?: string }[];
}

export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Namespaces that the statement is limited to; undefined for no limit. */
  readonly metricNamespaces?: readonly string[];
  /** Values of partition keys that the statement is limited to; undefined for no limit. */
  readonly leadingKeys?: readonly string[];
}

export interface Queue extends Declared {
  readonly arn: string;
  readonly name: string;
  readonly url: string;
  readonly visibilityTimeoutSeconds: number;
  readonly messageRetentionSeconds: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
}

export interface EventSourceMapping extends Declared {
  readonly queueArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly reportsBatchItemFailures: boolean;
  /** Maximum concurrent batches. */
  readonly maximumConcurrency?: number;
}

export interface Schedule extends Declared {
  readonly arn: string;
  readonly functionArn: string;
  /** Milliseconds between two runs. */
  readonly rateMs: number;
  /** Event of each invocation; undefined for the scheduler's default event. */
  readonly input?: Json;
}

export interface GlobalTable extends Declared {
  readonly name: string;
  /** The home region and each replica's region. */
  readonly regions: readonly string[];
  readonly attributes: readonly { readonly name: string; readonly type: "S" | "N" | "B" }[];
  readonly hashKey: string;
  readonly rangeKey?: string;
  readonly indexes: readonly TableIndex[];
}

export interface TableIndex {
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey?: string;
  readonly projectionType: "ALL" | "KEYS_ONLY" | "INCLUDE";
  readonly nonKeyAttributes: readonly string[];
}

export interface ReplicatedSecret extends Declared {
  readonly name: string;
  /** The home region and each replica's region. */
  readonly regions: readonly string[];
}

export type HealthCheck = EndpointHealthCheck | CalculatedHealthCheck | AlarmHealthCheck;

interface HealthCheckBase extends Declared {
  readonly id: string;
  readonly inverted: boolean;
  /** A disabled check counts as healthy. */
  readonly disabled: boolean;
}

export interface EndpointHealthCheck extends HealthCheckBase {
  readonly type: "HTTPS" | "HTTP" | "HTTPS_STR_MATCH" | "HTTP_STR_MATCH" | "TCP";
  readonly fqdn: string;
  readonly port: number;
  readonly resourcePath: string;
  readonly searchString?: string;
  /** 10 or 30. */
  readonly requestIntervalSeconds: number;
  readonly failureThreshold: number;
  readonly enableSni: boolean;
}

export interface CalculatedHealthCheck extends HealthCheckBase {
  readonly type: "CALCULATED";
  readonly childIds: readonly string[];
  /** Number of children that must be healthy. */
  readonly childHealthThreshold: number;
}

export interface AlarmHealthCheck extends HealthCheckBase {
  readonly type: "CLOUDWATCH_METRIC";
  readonly alarmRegion: string;
  readonly alarmName: string;
  readonly insufficientDataHealthStatus: "Healthy" | "Unhealthy" | "LastKnownStatus";
}

export interface DnsRecord extends Declared {
  /** Lower case, without a final dot. */
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  /** Values of the record, or the target of an alias. */
  readonly values: readonly string[];
  readonly isAlias: boolean;
  readonly evaluateTargetHealth: boolean;
  readonly failover?: "PRIMARY" | "SECONDARY";
  readonly setIdentifier?: string;
  readonly healthCheckId?: string;
}

/** One metric of an alarm's expression, with its statistic. */
export interface QueriedMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

export interface MetricAlarm extends Declared {
  readonly region: string;
  readonly name: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparisonOperator: string;
  /** An expression over several metrics; the alarm then has no metric of its own, and its `namespace` and `metricName` are empty. */
  readonly math?: { readonly expression: string; readonly metrics: Readonly<Record<string, QueriedMetric>> };
  readonly treatMissingData: "missing" | "notBreaching" | "breaching" | "ignore";
}
