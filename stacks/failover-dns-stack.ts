import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { type ITerraformDependable, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Deployment } from "../config/deployment";
import { FailoverRecord } from "../constructs/dns-records/failover-record";
import { RegionalRecord } from "../constructs/dns-records/regional-record";
import { VerdictRecord } from "../constructs/dns-records/verdict-record";
import type { HandlerBundle } from "../constructs/functions/handler-function";
import { CalculatedHealthCheck } from "../constructs/health-checks/calculated-health-check";
import { EndpointHealthCheck } from "../constructs/health-checks/endpoint-health-check";
import type { ApiDomain } from "../constructs/http-api/api-domain";
import { AlarmTopic } from "../constructs/monitoring/alarm-topic";
import { FailoverAlarms } from "../constructs/monitoring/failover-alarms";
import { FailoverDashboard } from "../constructs/monitoring/failover-dashboard";
import { topicArn } from "../constructs/providers-and-state/regional-arns";
import { regionalProvider } from "../constructs/providers-and-state/regional-provider";
import { attachStateBackend } from "../constructs/providers-and-state/state-backend";
import { PrimaryWatch } from "../constructs/switch/primary-watch";
import { StandDownSwitch } from "../constructs/switch/stand-down-switch";

/** The domains of one region. */
export interface RegionalDomains {
  readonly apiDomain: ApiDomain;
  readonly regionalDomain: ApiDomain;
}

export interface FailoverDnsStackProps {
  readonly deployment: Deployment;
  readonly watchBundle: HandlerBundle;
  readonly primary: RegionalDomains;
  readonly secondary: RegionalDomains;
}

/** TTL of the verdict records: operators who have just set the switch read them, and so does the watch. */
const VERDICT_TTL_SECONDS = 10;

/**
 * The records of the API's name, and the switch by which operators control them. Route 53 is global, so this stack uses the standby's provider:
 * nothing in it needs the primary region. The regions' own records are here and not with the regions, so that planning a region never
 * needs Route 53's control plane.
 */
export class FailoverDnsStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: FailoverDnsStackProps) {
    super(scope, id);
    const { deployment } = props;
    const { settings, secondary, tags } = deployment;
    attachStateBackend(this, settings.backend);
    regionalProvider(this, "Aws", {
      region: secondary.name,
      accountId: settings.accountId,
      tags,
      emulator: settings.emulator,
    });
    const { zoneId } = new DataAwsRoute53Zone(this, "Zone", { name: settings.hostedZoneName });
    const alarmTopicArn = this.#alarmTopicArn(deployment);
    const { healthCheckId, verdictRecords } = this.#healthOfPrimary(props, zoneId, alarmTopicArn);
    const common = { zoneId, recordName: settings.apiDomainName, recordType: settings.failoverRecord };
    new FailoverRecord(this, "PrimaryRecord", {
      ...common,
      failover: "PRIMARY",
      target: props.primary.apiDomain,
      healthCheckId,
    });
    new FailoverRecord(this, "SecondaryRecord", {
      ...common,
      failover: "SECONDARY",
      target: props.secondary.apiDomain,
    });
    this.#healthOfSecondary(props, zoneId);
    this.#watch(props, verdictRecords, alarmTopicArn);
    // The objectives are an output, so that the drill can measure against them.
    new TerraformOutput(this, "recovery_objectives", {
      value: {
        recovery_time_seconds: settings.objectives.recoveryTimeSeconds,
        browser_recovery_time_seconds: settings.objectives.browserRecoveryTimeSeconds,
        recovery_point_seconds: settings.objectives.recoveryPointSeconds,
        failback: settings.failback,
        client_timeout_seconds: settings.clients.timeoutSeconds,
      },
    });
  }

  /** The primary is in service while its endpoint is healthy and it is not stood down. */
  #healthOfPrimary(props: FailoverDnsStackProps, zoneId: string, alarmTopicArn: string) {
    const { settings, primary, secondary, namePrefix, failover } = props.deployment;
    const primaryRecord = new RegionalRecord(this, "PrimaryRegionRecord", {
      zoneId,
      recordName: primary.domainName,
      target: props.primary.regionalDomain,
    });
    const endpoint = new EndpointHealthCheck(this, "PrimaryHealth", {
      name: `${namePrefix}-primary-${primary.name}`,
      fqdn: primary.domainName,
      resourcePath: settings.healthCheck.path,
      requestIntervalSeconds: settings.healthCheck.requestIntervalSeconds,
      failureThreshold: settings.healthCheck.failureThreshold,
      dependsOn: primaryRecord.records,
    });
    const standDown = new StandDownSwitch(this, "StandDown", {
      region: secondary.name,
      alarmName: failover.switchAlarmName,
      healthCheckName: `${namePrefix}-not-stood-down`,
      namespace: failover.metricNamespace,
      metricName: failover.switchMetricName,
      dimensions: failover.dimensions,
      topicArn: alarmTopicArn,
    });
    const inService = new CalculatedHealthCheck(this, "PrimaryInService", {
      name: `${namePrefix}-primary-in-service`,
      childHealthCheckIds: [endpoint.healthCheckId, standDown.healthCheckId],
    });
    const verdict = { zoneId, ttlSeconds: VERDICT_TTL_SECONDS };
    const { records: verdictRecords } = new VerdictRecord(this, "EndpointVerdict", {
      ...verdict,
      recordName: failover.endpointVerdictName,
      healthCheckId: endpoint.healthCheckId,
      texts: { healthy: "healthy", unhealthy: "unhealthy" },
    });
    const { records: switchRecords } = new VerdictRecord(this, "SwitchVerdict", {
      ...verdict,
      recordName: failover.switchVerdictName,
      healthCheckId: standDown.healthCheckId,
      texts: { healthy: "in service", unhealthy: "stood down" },
    });
    return { healthCheckId: inService.healthCheckId, verdictRecords: [...verdictRecords, ...switchRecords] };
  }

  /**
   * A standby that has been broken for weeks must not be found on the day it is needed. No record of the API follows this check: a red standby is
   * better than none. Its verdict is told in DNS, where both regions read it.
   */
  #healthOfSecondary({ deployment, secondary: domains }: FailoverDnsStackProps, zoneId: string): void {
    const { settings, secondary, namePrefix, failover } = deployment;
    const record = new RegionalRecord(this, "SecondaryRegionRecord", {
      zoneId,
      recordName: secondary.domainName,
      target: domains.regionalDomain,
    });
    const endpoint = new EndpointHealthCheck(this, "SecondaryHealth", {
      name: `${namePrefix}-secondary-${secondary.name}`,
      fqdn: secondary.domainName,
      resourcePath: settings.healthCheck.path,
      dependsOn: record.records,
    });
    new VerdictRecord(this, "StandbyVerdict", {
      zoneId,
      ttlSeconds: VERDICT_TTL_SECONDS,
      recordName: failover.standbyVerdictName,
      healthCheckId: endpoint.healthCheckId,
      texts: { healthy: "healthy", unhealthy: "unhealthy" },
    });
  }

  /** The watch in the standby, which probes the primary, latches a failover and notifies operators. */
  #watch(
    { deployment, watchBundle }: FailoverDnsStackProps,
    verdictRecords: readonly ITerraformDependable[],
    alarmTopicArn: string,
  ): void {
    const { settings, primary, secondary, namePrefix, failover } = deployment;
    const account = { region: secondary.name, accountId: settings.accountId };
    const { metricNamespace: namespace, switchMetricName, probeMetricName, dimensions } = failover;
    const { path, requestIntervalSeconds, failureThreshold } = settings.healthCheck;
    const watch = new PrimaryWatch(this, "PrimaryWatch", {
      ...account,
      namePrefix,
      bundle: watchBundle,
      logRetentionDays: settings.logRetentionDays,
      primary: {
        region: primary.name,
        healthUrl: `https://${primary.domainName}${path}`,
        verdictName: failover.endpointVerdictName,
        verdictRecords,
        switchVerdictName: failover.switchVerdictName,
        verdictTtlSeconds: VERDICT_TTL_SECONDS,
      },
      probing: { intervalSeconds: requestIntervalSeconds, failureThreshold, timeoutSeconds: 6 },
      latch: settings.failback === "latched",
      metrics: { namespace, switchMetricName, probeMetricName },
    });
    new FailoverAlarms(this, "Alarms", {
      namePrefix,
      topicArn: alarmTopicArn,
      primaryRegion: primary.name,
      ...{ namespace, dimensions, switchMetricName, probeMetricName, failureThreshold },
      watchFunctionName: watch.functionName,
    });
    new FailoverDashboard(this, "Dashboard", {
      ...account,
      dashboardName: `${namePrefix}-failover`,
      primaryRegion: primary.name,
      ...{ namespace, dimensions, switchMetricName, probeMetricName },
      alarmNames: [
        failover.switchAlarmName,
        ...["primary-unhealthy", "primary-unwatched", "switch-without-data"].map((name) => `${namePrefix}-${name}`),
      ],
    });
  }

  /** The standby's topic: one that exists is looked up, and one that is ours is the standby's own stack's. */
  #alarmTopicArn({ settings, secondary, alarmTopicName: topicName }: Deployment): string {
    if ("email" in settings.alarms)
      return topicArn({ region: secondary.name, accountId: settings.accountId }, topicName);
    return new AlarmTopic(this, "AlarmTopic", { topicName, audience: settings.alarms }).topicArn;
  }
}
