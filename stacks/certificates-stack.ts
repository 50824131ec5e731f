import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Deployment, DeploymentRegion } from "../config/deployment";
import { CertificateValidation } from "../constructs/certificates/certificate-validation";
import { RegionalCertificate } from "../constructs/certificates/regional-certificate";
import { ValidationDnsRecord } from "../constructs/dns-records/validation-dns-record";
import { regionalProvider } from "../constructs/providers-and-state/regional-provider";
import { attachStateBackend } from "../constructs/providers-and-state/state-backend";

/** A certificate in each region for the API's name and the region's own, and the one validation record they share. */
export class CertificatesStack extends TerraformStack {
  /** ARN of each region's issued certificate, by region. */
  public readonly certificateArns: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    const { settings, tags } = deployment;
    attachStateBackend(this, settings.backend);
    const certify = (region: DeploymentRegion) => {
      const { accountId, emulator, apiDomainName } = settings;
      const provider = regionalProvider(this, `Aws-${region.role}`, {
        region: region.name,
        alias: region.role,
        accountId,
        tags,
        emulator,
      });
      const certificate = new RegionalCertificate(this, `Certificate-${region.role}`, {
        provider,
        domainName: apiDomainName,
        regionalDomainName: region.domainName,
      });
      return { region, provider, certificate };
    };
    const primary = certify(deployment.primary);
    const secondary = certify(deployment.secondary);

    // Route 53 is global; the standby's provider and certificate keep this working when the primary region is gone.
    const { provider } = secondary;
    const { zoneId } = new DataAwsRoute53Zone(this, "Zone", { provider, name: settings.hostedZoneName });
    const shared = new ValidationDnsRecord(this, "SharedValidationRecord", {
      provider,
      zoneId,
      record: secondary.certificate.validationRecord(settings.apiDomainName),
    });
    const issued = [primary, secondary].map(({ region, certificate, provider: regional }) => {
      const own = new ValidationDnsRecord(this, `ValidationRecord-${region.role}`, {
        provider,
        zoneId,
        record: certificate.validationRecord(region.domainName),
      });
      const validation = new CertificateValidation(this, `Validation-${region.role}`, {
        provider: regional,
        certificateArn: certificate.certificateArn,
        validationRecordFqdns: [shared.fqdn, own.fqdn],
      });
      return [region.name, validation.certificateArn] as const;
    });
    this.certificateArns = new Map(issued);
  }
}
