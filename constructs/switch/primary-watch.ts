import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { PrimaryWatchEnvironment } from "../../handlers/environment";
import { FunctionSchedule } from "../functions/function-schedule";
import { type HandlerBundle, HandlerFunction } from "../functions/handler-function";
import type { RegionalAccount } from "../providers-and-state/regional-arns";

export interface PrimaryWatchProps extends RegionalAccount {
  readonly namePrefix: string;
  readonly bundle: HandlerBundle;
  readonly logRetentionDays: number;
  readonly primary: {
    readonly region: string;
    readonly healthUrl: string;
    /** Name of the TXT records that tell its health check's state, and the records themselves: {@link VerdictRecord}. */
    readonly verdictName: string;
    readonly verdictRecords: readonly ITerraformDependable[];
  };
  /** How the health check probes, and how the watch does likewise. */
  readonly probing: {
    readonly intervalSeconds: number;
    readonly failureThreshold: number;
    readonly timeoutSeconds: number;
  };
  /** Whether an automatic failover is made to last until an operator releases it. */
  readonly latch: boolean;
  readonly metrics: {
    readonly namespace: string;
    readonly switchMetricName: string;
    readonly probeMetricName: string;
  };
}

/** One run watches until the next one begins: a minute later, and up to a minute after that, as EventBridge Scheduler promises no more. */
const WATCH_SECONDS = 120;
const VERDICT_INTERVAL_SECONDS = 5;

/**
 * The standby's view of the primary: the metrics of Route 53's own health checks are in us-east-1 alone, and may be gone with it.
 * It latches automatic failovers, too: `handlers/operations/primary-watch.ts`.
 */
export class PrimaryWatch extends Construct {
  public readonly functionName: string;

  constructor(scope: Construct, id: string, props: PrimaryWatchProps) {
    super(scope, id);
    const { region, accountId, namePrefix, primary, probing, metrics } = props;
    const environment: PrimaryWatchEnvironment = {
      PRIMARY_HEALTH_URL: primary.healthUrl,
      PRIMARY_VERDICT_NAME: primary.verdictName,
      PRIMARY_REGION: primary.region,
      FAILOVER_NAMESPACE: metrics.namespace,
      SWITCH_METRIC_NAME: metrics.switchMetricName,
      PROBE_METRIC_NAME: metrics.probeMetricName,
      CLOUDWATCH_REQUEST_TIMEOUT_MS: "2000",
    };
    const { intervalSeconds, failureThreshold, timeoutSeconds } = probing;
    const watch = new HandlerFunction(this, "Function", {
      region,
      accountId,
      functionName: `${namePrefix}-primary-watch`,
      description: `Watches ${primary.region} from ${region}, and keeps customers here after a failover`,
      bundle: props.bundle,
      statements: [
        {
          Sid: "PutFailoverMetrics",
          Effect: "Allow",
          Action: "cloudwatch:PutMetricData",
          Resource: "*", // CloudWatch has no resource-level permissions for it; the namespace is its only bound.
          Condition: { StringEquals: { "cloudwatch:namespace": metrics.namespace } },
        },
      ],
      environment,
      memorySizeMb: 256,
      // A run that has begun to count failures when its time is over counts on; so does one whose failover is not latched.
      timeoutSeconds: WATCH_SECONDS + failureThreshold * (intervalSeconds + timeoutSeconds) + 30,
      logRetentionDays: props.logRetentionDays,
    });
    new FunctionSchedule(this, "Schedule", {
      region,
      accountId,
      scheduleName: watch.functionName,
      functionArn: watch.functionArn,
      rateMinutes: 1,
      dependsOn: primary.verdictRecords,
      input: {
        watchSeconds: WATCH_SECONDS,
        ...probing,
        verdictIntervalSeconds: VERDICT_INTERVAL_SECONDS,
        latch: props.latch,
      },
    });
    this.functionName = watch.functionName;
  }
}
