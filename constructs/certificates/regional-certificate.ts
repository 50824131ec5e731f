import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

export interface RegionalCertificateProps {
  readonly provider: AwsProvider;
  /** First name of the certificate: the one both regions answer to. */
  readonly domainName: string;
  /** The region's own host name, a subject alternative name. */
  readonly regionalDomainName: string;
}

/** The DNS record that proves control of one name, as Terraform expressions. */
export interface ValidationRecord {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/**
 * One region's certificate, validated by DNS. A regional API Gateway domain takes a certificate of its own region only, so each
 * region needs one beforehand: requesting it during an outage would depend on ACM.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html
 */
export class RegionalCertificate extends Construct {
  public readonly certificateArn: string;
  readonly #resource: AcmCertificate;

  constructor(scope: Construct, id: string, props: RegionalCertificateProps) {
    super(scope, id);
    this.#resource = new AcmCertificate(this, "Resource", {
      provider: props.provider,
      domainName: props.domainName,
      subjectAlternativeNames: [props.regionalDomainName],
      validationMethod: "DNS",
      lifecycle: { createBeforeDestroy: true },
    });
    this.certificateArn = this.#resource.arn;
  }

  /** The record that validates one of the certificate's names; picked by name, since ACM returns them as a set. */
  public validationRecord(domainName: string): ValidationRecord {
    const address = `${AcmCertificate.tfResourceType}.${this.#resource.friendlyUniqueId}`;
    const option = (attribute: string) =>
      `\${one([for o in ${address}.domain_validation_options : o.${attribute} if o.domain_name == "${domainName}"])}`;
    return {
      name: option("resource_record_name"),
      type: option("resource_record_type"),
      value: option("resource_record_value"),
    };
  }
}
