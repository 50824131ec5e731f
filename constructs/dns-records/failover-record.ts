import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

export interface FailoverRecordProps {
  readonly zoneId: string;
  /** The name that customers call. */
  readonly recordName: string;
  readonly failover: "PRIMARY" | "SECONDARY";
  /** The region's custom domain: where the record points. */
  readonly target: { readonly targetDomainName: string; readonly targetHostedZoneId: string };
  readonly recordType:
    | { readonly type: "CNAME"; readonly ttlSeconds: number }
    /** A and AAAA aliases; their answers carry the target's TTL, 60 s for API Gateway. */
    | { readonly type: "ALIAS" };
  /**
   * Health check whose verdict counts for this record. A secondary has none: it then counts as healthy, and Route 53 answers
   * with it whenever the primary is unhealthy.
   * @default none; required for PRIMARY
   */
  readonly healthCheckId?: string;
}

/**
 * One side of a failover pair. Failover aliases must evaluate their target's health (Route53/latest/APIReference/API_ResourceRecordSet).
 * Such a record also fails when the API Gateway service is unavailable in its region, and then only
 * (apigateway/latest/developerguide/dns-failover): a broken API behind a working API Gateway needs the health check.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
 */
export class FailoverRecord extends Construct {
  constructor(scope: Construct, id: string, props: FailoverRecordProps) {
    super(scope, id);
    if (props.failover === "PRIMARY" && props.healthCheckId === undefined) {
      throw new Error(
        `${this.node.path}: 'healthCheckId' must be set for PRIMARY, got none; ` +
          "an alias target's health covers the API Gateway service alone, so a broken API behind it would never fail over",
      );
    }
    const common = {
      zoneId: props.zoneId,
      name: props.recordName,
      // Changing the identifier replaces the record, and the name has no answer in between.
      setIdentifier: props.failover.toLowerCase(),
      failoverRoutingPolicy: { type: props.failover },
      ...(props.healthCheckId === undefined ? {} : { healthCheckId: props.healthCheckId }),
    };
    const { targetDomainName, targetHostedZoneId } = props.target;
    if (props.recordType.type === "CNAME") {
      new Route53Record(this, "Cname", {
        ...common,
        type: "CNAME",
        ttl: props.recordType.ttlSeconds,
        records: [targetDomainName],
      });
      return;
    }
    const alias = { name: targetDomainName, zoneId: targetHostedZoneId, evaluateTargetHealth: true };
    new Route53Record(this, "A", { ...common, type: "A", alias });
    new Route53Record(this, "Aaaa", { ...common, type: "AAAA", alias });
  }
}
