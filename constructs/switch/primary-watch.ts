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
    /** Name of the TXT records that publish its health check's verdict, and the records themselves: {@link VerdictRecord}. */
    readonly verdictName: string;
    readonly verdictRecords: readonly ITerraformDependable[];
    /** Name of the TXT records with the switch's verdict; they are among the records above. */
    readonly switchVerdictName: string;
    /** TTL of both, for which a cache may keep an old answer. */
    readonly verdictTtlSeconds: number;
  };
  /** Probe settings of the health check, which the watch uses as well. */
  readonly probing: {
    readonly intervalSeconds: number;
    readonly failureThreshold: number;
    readonly timeoutSeconds: number;
  };
  /** Whether an automatic failover is latched until an operator releases it. */
  readonly latch: boolean;
  readonly metrics: {
    readonly namespace: string;
    readonly switchMetricName: string;
    readonly probeMetricName: string;
  };
}

/** A run watches until the next one begins, one to two minutes later: EventBridge Scheduler starts a run within a minute of its time. */
const WATCH_SECONDS = 120;
const VERDICT_INTERVAL_SECONDS = 5;
/** The switch's metric is left alone for as long after anybody's data point, so that the watch never talks into a decision. */
const SWITCH_DATA_SECONDS = 600;
/** Period of the switch's alarm: a latch puts its data point into two more of them. */
const REPEAT_SECONDS = 60;
const LATCH_REPEATS = 2;

/**
 * The standby's view of the primary: the metrics of Route 53's health checks are in us-east-1 only, and may be lost with it.
 * It also latches automatic failovers: `handlers/operations/primary-watch.ts`.
 */
export class PrimaryWatch extends Construct {
  public readonly functionName: string;

  constructor(scope: Construct, id: string, props: PrimaryWatchProps) {
    super(scope, id);
    const { region, accountId, namePrefix, primary, probing, metrics } = props;
    const environment: PrimaryWatchEnvironment = {
      PRIMARY_HEALTH_URL: primary.healthUrl,
      PRIMARY_VERDICT_NAME: primary.verdictName,
      SWITCH_VERDICT_NAME: primary.switchVerdictName,
      PRIMARY_REGION: primary.region,
      FAILOVER_NAMESPACE: metrics.namespace,
      SWITCH_METRIC_NAME: metrics.switchMetricName,
      PROBE_METRIC_NAME: metrics.probeMetricName,
      CLOUDWATCH_REQUEST_TIMEOUT_MS: "2000",
    };
    const { intervalSeconds, failureThreshold, timeoutSeconds } = probing;
    const watchName = `${namePrefix}-primary-watch`;
    const watch = new HandlerFunction(this, "Function", {
      region,
      accountId,
      functionName: watchName,
      description: `Watches ${primary.region} from ${region}, and keeps customers here after a failover`,
      bundle: props.bundle,
      statements: [
        {
          Sid: "ReadSwitchMetric",
          Effect: "Allow",
          Action: "cloudwatch:GetMetricStatistics",
          Resource: "*", // CloudWatch has neither resource-level permissions nor the namespace's condition for this action.
        },
        {
          Sid: "PutFailoverMetrics",
          Effect: "Allow",
          Action: "cloudwatch:PutMetricData",
          Resource: "*", // CloudWatch has no resource-level permissions for this action; only the namespace limits it.
          Condition: { StringEquals: { "cloudwatch:namespace": metrics.namespace } },
        },
      ],
      environment,
      memorySizeMb: 256,
      // A run that is counting failures at its end continues; so does a run whose failover is not yet latched, and one that has just latched it.
      timeoutSeconds:
        WATCH_SECONDS + failureThreshold * (intervalSeconds + timeoutSeconds) + LATCH_REPEATS * REPEAT_SECONDS + 30,
      logRetentionDays: props.logRetentionDays,
    });
    new FunctionSchedule(this, "Schedule", {
      region,
      accountId,
      scheduleName: watchName,
      rolePrefix: `${namePrefix}-watch`, // With the function's own name, a long project's role would have more than 64 characters.
      functionName: watch.functionName,
      functionArn: watch.functionArn,
      rateMinutes: 1,
      dependsOn: primary.verdictRecords,
      input: {
        watchSeconds: WATCH_SECONDS,
        ...probing,
        verdictIntervalSeconds: VERDICT_INTERVAL_SECONDS,
        confirmSeconds: primary.verdictTtlSeconds + 1,
        repeatSeconds: REPEAT_SECONDS,
        switchDataSeconds: SWITCH_DATA_SECONDS,
        latch: props.latch,
      },
    });
    this.functionName = watch.functionName;
  }
}
