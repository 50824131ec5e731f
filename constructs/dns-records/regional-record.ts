import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface RegionalRecordProps {
  readonly zoneId: string;
  /** The region's own host name. */
  readonly recordName: string;
  readonly target: { readonly targetDomainName: string; readonly targetHostedZoneId: string };
}

/**
 * A and AAAA aliases that always lead to one region, healthy or not. Health checks, smoke tests and operators use them.
 * Health checkers resolve the A record only.
 */
export class RegionalRecord extends Construct {
  /** The records, for what must come after them. */
  public readonly records: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RegionalRecordProps) {
    super(scope, id);
    const common = {
      zoneId: props.zoneId,
      name: props.recordName,
      alias: {
        name: props.target.targetDomainName,
        zoneId: props.target.targetHostedZoneId,
        evaluateTargetHealth: false,
      },
    };
    this.records = [
      new Route53Record(this, "A", { ...common, type: "A" }),
      new Route53Record(this, "Aaaa", { ...common, type: "AAAA" }),
    ];
  }
}
