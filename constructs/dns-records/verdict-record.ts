import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface VerdictRecordProps {
  readonly zoneId: string;
  readonly recordName: string;
  readonly ttlSeconds: number;
  readonly healthCheckId: string;
  /** Texts of the record while the check is healthy, and while it is not. */
  readonly texts: { readonly healthy: string; readonly unhealthy: string };
}

/**
 * Publishes Route 53's verdict for a health check in DNS. Route 53's API and the metrics of health checks are in us-east-1 only; its name
 * servers keep answering when a region is lost.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html
 */
export class VerdictRecord extends Construct {
  /** Readers of the name depend on both records: the second alone says `unhealthy`, and resolvers cache the answer for a name without records. */
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
