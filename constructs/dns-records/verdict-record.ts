import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface VerdictRecordProps {
  readonly zoneId: string;
  readonly recordName: string;
  readonly ttlSeconds: number;
  readonly healthCheckId: string;
  /** What the name says while the check is healthy, and while it is not. */
  readonly texts: { readonly healthy: string; readonly unhealthy: string };
}

/**
 * Tells in DNS what Route 53 makes of a health check. Its API for that, and the metrics of health checks, are in us-east-1 alone; name
 * servers answer wherever a region is gone.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html
 */
export class VerdictRecord extends Construct {
  /** Whoever reads the name waits for both: alone, the second says `unhealthy`, and a name without records is remembered as one. */
  public readonly records: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: VerdictRecordProps) {
    super(scope, id);
    const common = { zoneId: props.zoneId, name: props.recordName, type: "TXT", ttl: props.ttlSeconds };
    const healthy = new Route53Record(this, "Healthy", {
      ...common,
      records: [props.texts.healthy],
      setIdentifier: "healthy",
      failoverRoutingPolicy: { type: "PRIMARY" },
      healthCheckId: props.healthCheckId,
    });
    const unhealthy = new Route53Record(this, "Unhealthy", {
      ...common,
      records: [props.texts.unhealthy],
      setIdentifier: "unhealthy",
      failoverRoutingPolicy: { type: "SECONDARY" },
      dependsOn: [healthy],
    });
    this.records = [healthy, unhealthy];
  }
}
