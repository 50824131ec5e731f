import type { Deployment } from "../../config/deployment";
import type { SwitchVerdict } from "../facts/facts";
import { switchMetric } from "../facts/gather-facts";
import type { Metric, Plane } from "../ports";

export type Action = "stand-down" | "release";

/** A call that changes something, as it is announced and written down. */
export interface PlannedCall {
  readonly service: string;
  readonly region: string;
  readonly operation: string;
  readonly plane: Plane;
  readonly parameters: {
    readonly namespace: string;
    readonly metric: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly value: number;
  };
}

/** What throwing the switch one way means for a deployment. */
export interface Intent {
  readonly action: Action;
  readonly primaryName: string;
  readonly secondaryName: string;
  readonly apiDomainName: string;
  readonly metric: Metric;
  readonly value: 0 | 1;
  /** The region whose CloudWatch is called: always the standby. */
  readonly calledRegion: string;
  readonly verdictName: string;
  readonly wantedVerdict: SwitchVerdict;
  /** The region that is to answer the API's name. */
  readonly wantedRegion: string;
  /** What is typed to go on. */
  readonly phrase: string;
  readonly call: PlannedCall;
  /** Seconds for which clients keep an answer of the API's name. */
  readonly ttlSeconds: number;
}

/** An alias answers with API Gateway's own time to live. */
const ALIAS_TTL_SECONDS = 60;

export function intentOf(action: Action, deployment: Deployment): Intent {
  const { primary, secondary, failover, settings } = deployment;
  const isStandDown = action === "stand-down";
  const metric = switchMetric(failover);
  const value = isStandDown ? 1 : 0;
  return {
    action,
    primaryName: primary.name,
    secondaryName: secondary.name,
    apiDomainName: settings.apiDomainName,
    metric,
    value,
    calledRegion: secondary.name,
    verdictName: failover.switchVerdictName,
    wantedVerdict: isStandDown ? "stood down" : "in service",
    wantedRegion: isStandDown ? secondary.name : primary.name,
    phrase: `${isStandDown ? "stand down" : "release"} ${primary.name}`,
    call: {
      service: "CloudWatch",
      region: secondary.name,
      operation: "PutMetricData",
      plane: "data plane",
      parameters: { namespace: metric.namespace, metric: metric.name, dimensions: metric.dimensions, value },
    },
    ttlSeconds: settings.failoverRecord.type === "CNAME" ? settings.failoverRecord.ttlSeconds : ALIAS_TTL_SECONDS,
  };
}
