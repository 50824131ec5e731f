import type { Json } from "../terraform-json/json";

/**
 * What the synthesized Terraform declares, as far as a drill stands it up: every reference resolved, every value with the address it comes
 * from. Arrays are in the order of the files. Nothing here knows which project was synthesized.
 */
export interface Topology {
  readonly accountId: string;
  readonly regions: readonly RegionTopology[];
  readonly tables: readonly GlobalTable[];
  readonly secrets: readonly ReplicatedSecret[];
  readonly healthChecks: readonly HealthCheck[];
  readonly records: readonly DnsRecord[];
  readonly alarms: readonly MetricAlarm[];
  /** What the deployment promises, where a stack has an output `recovery_objectives`. */
  readonly objectives?: Objectives;
}

/** RTO and RPO, and what else is promised beside them. */
export interface Objectives {
  readonly recoveryTimeSeconds: number;
  readonly recoveryPointSeconds: number;
  /** Whether traffic returns by itself once the primary answers again, or waits for an operator; undefined where nothing is said. */
  readonly failback?: "latched" | "automatic";
  /** Seconds after which clients give up on a request and resolve anew. */
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

/** Every resource knows where it is declared: `<stack>: <type>.<name>`. */
interface Declared {
  readonly address: string;
}

export interface Api extends Declared {
  readonly apiId: string;
  readonly name: string;
  readonly routes: readonly Route[];
  /** Names at which the API answers, each with the certificate that it shows there. */
  readonly domains: readonly ApiDomain[];
}

export interface ApiDomain extends Declared {
  readonly domainName: string;
  /** The region's own host name behind it, which records point at. */
  readonly targetDomainName: string;
  /** Subject and alternative names of the certificate it is given. */
  readonly certificateNames: readonly string[];
}

export interface Route extends Declared {
  /** `GET /cart/items/{sku}`, `ANY /{proxy+}`, `$default`. */
  readonly routeKey: string;
  readonly functionArn: string;
  /** Milliseconds until API Gateway gives up on the function. */
  readonly integrationTimeoutMs: number;
  readonly authorizer?: JwtAuthorizer;
  readonly throttling: Throttling;
}

export interface JwtAuthorizer extends Declared {
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface Throttling {
  /** Routes of one group share a bucket: the stage's default, or a route's own. */
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
  /** Executions at once that it cannot exceed; undefined for no limit of its own. */
  readonly reservedConcurrentExecutions?: number;
  /** What its role's policies allow. */
  readonly statements: readonly PolicyStatement[];
  /** Principals that may invoke it, by `aws_lambda_permission`: service, and the pattern of the source's ARN. */
  readonly invokers: readonly { readonly principal: string; readonly sourceArn?: string }[];
}

export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Holds only for metrics of these namespaces; undefined for every call. */
  readonly metricNamespaces?: readonly string[];
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
  /** Batches at once. */
  readonly maximumConcurrency?: number;
}

export interface Schedule extends Declared {
  readonly arn: string;
  readonly functionArn: string;
  /** Milliseconds between two runs. */
  readonly rateMs: number;
  /** What the function is invoked with; undefined for the scheduler's own event. */
  readonly input?: Json;
}

export interface GlobalTable extends Declared {
  readonly name: string;
  /** Its home and each replica. */
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
  /** Its home and each replica. */
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
  /** Children that must be healthy. */
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
  /** Values, or the target of an alias. */
  readonly values: readonly string[];
  readonly isAlias: boolean;
  readonly evaluateTargetHealth: boolean;
  readonly failover?: "PRIMARY" | "SECONDARY";
  readonly setIdentifier?: string;
  readonly healthCheckId?: string;
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
  readonly treatMissingData: "missing" | "notBreaching" | "breaching" | "ignore";
}
