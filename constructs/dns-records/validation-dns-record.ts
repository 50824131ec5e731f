import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { ValidationRecord } from "../certificates/regional-certificate";

export interface ValidationDnsRecordProps {
  readonly provider: AwsProvider;
  readonly zoneId: string;
  readonly record: ValidationRecord;
}

/**
 * The CNAME that proves control of one name to ACM, at issuing and at every renewal. It depends on the account and the name, not on
 * the region: certificates of several regions for the same name share one record, and it must have one owner.
 * https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export class ValidationDnsRecord extends Construct {
  public readonly fqdn: string;

  constructor(scope: Construct, id: string, props: ValidationDnsRecordProps) {
    super(scope, id);
    const record = new Route53Record(this, "Resource", {
      provider: props.provider,
      zoneId: props.zoneId,
      name: props.record.name,
      type: props.record.type,
      records: [props.record.value],
      ttl: 300,
    });
    this.fqdn = record.fqdn;
  }
}
