import { Apigatewayv2ApiMapping } from "@cdktf/provider-aws/lib/apigatewayv2-api-mapping";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name";
import { Construct } from "constructs";

export interface ApiDomainProps {
  readonly domainName: string;
  /** ARN of a validated certificate of the same region that names {@link domainName}. */
  readonly certificateArn: string;
  readonly apiId: string;
  readonly stageName: string;
}

/**
 * A custom domain of an API in its region. Both regions carry the API's name: a region without it would break TLS right after
 * failover, since API Gateway picks the certificate by the name that clients ask for.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html
 */
export class ApiDomain extends Construct {
  /** Where DNS records for the domain point: `d-….execute-api.<region>.amazonaws.com`. */
  public readonly targetDomainName: string;
  /** Hosted zone of {@link targetDomainName}, for alias records. */
  public readonly targetHostedZoneId: string;

  constructor(scope: Construct, id: string, props: ApiDomainProps) {
    super(scope, id);
    const domain = new Apigatewayv2DomainName(this, "Resource", {
      domainName: props.domainName,
      domainNameConfiguration: {
        certificateArn: props.certificateArn,
        endpointType: "REGIONAL",
        securityPolicy: "TLS_1_2",
        ipAddressType: "dualstack", // AAAA answers need an endpoint that listens on IPv6.
      },
    });
    new Apigatewayv2ApiMapping(this, "Mapping", {
      apiId: props.apiId,
      domainName: domain.id,
      stage: props.stageName,
    });
    this.targetDomainName = domain.domainNameConfiguration.targetDomainName;
    this.targetHostedZoneId = domain.domainNameConfiguration.hostedZoneId;
  }
}
