import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Deployment } from "../config/deployment";
import type { ApiDomain } from "../constructs/api-domain";
import { EndpointHealthCheck } from "../constructs/endpoint-health-check";
import { FailoverRecord } from "../constructs/failover-record";
import { regionalProvider } from "../constructs/regional-provider";
import { RegionalRecord } from "../constructs/regional-record";
import { attachStateBackend } from "../constructs/state-backend";

/** The domains of one region. */
export interface RegionalDomains {
  readonly apiDomain: ApiDomain;
  readonly regionalDomain: ApiDomain;
}

export interface FailoverDnsStackProps {
  readonly deployment: Deployment;
  readonly primary: RegionalDomains;
  readonly secondary: RegionalDomains;
}

/**
 * Who answers the API's name. Route 53 is global, so this stack uses the standby's provider: nothing in it needs the primary region.
 * The regions' own records are here and not with the regions, so that planning a region never needs Route 53's control plane.
 */
export class FailoverDnsStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: FailoverDnsStackProps) {
    super(scope, id);
    const { settings, primary, secondary, namePrefix, tags } = props.deployment;
    attachStateBackend(this, settings.backend);
    regionalProvider(this, "Aws", {
      region: secondary.name,
      accountId: settings.accountId,
      tags,
      emulator: settings.emulator,
    });
    const { zoneId } = new DataAwsRoute53Zone(this, "Zone", { name: settings.hostedZoneName });
    const primaryRecord = new RegionalRecord(this, "PrimaryRegionRecord", {
      zoneId,
      recordName: primary.domainName,
      target: props.primary.regionalDomain,
    });
    new RegionalRecord(this, "SecondaryRegionRecord", {
      zoneId,
      recordName: secondary.domainName,
      target: props.secondary.regionalDomain,
    });
    const health = new EndpointHealthCheck(this, "PrimaryHealth", {
      name: `${namePrefix}-primary-${primary.name}`,
      fqdn: primary.domainName,
      resourcePath: settings.healthCheck.path,
      requestIntervalSeconds: settings.healthCheck.requestIntervalSeconds,
      failureThreshold: settings.healthCheck.failureThreshold,
      dependsOn: primaryRecord.records,
    });
    const common = { zoneId, recordName: settings.apiDomainName, recordType: settings.failoverRecord };
    new FailoverRecord(this, "PrimaryRecord", {
      ...common,
      failover: "PRIMARY",
      target: props.primary.apiDomain,
      healthCheckId: health.healthCheckId,
    });
    new FailoverRecord(this, "SecondaryRecord", {
      ...common,
      failover: "SECONDARY",
      target: props.secondary.apiDomain,
    });
    // What the deployment promises travels with what it declares: the drill measures against it.
    new TerraformOutput(this, "recovery_objectives", {
      value: {
        recovery_time_seconds: settings.objectives.recoveryTimeSeconds,
        recovery_point_seconds: settings.objectives.recoveryPointSeconds,
      },
    });
  }
}
