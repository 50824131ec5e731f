import type { Settings } from "./settings";

/** One region of a deployment and its part in the failover. */
export interface DeploymentRegion {
  readonly name: string;
  readonly role: "primary" | "secondary";
  /** The region's own host name, which health checks and smoke tests call. */
  readonly domainName: string;
}

/** Names of the resources that a failover uses; all of them are in the standby region, or global. */
export interface FailoverNames {
  /** CloudWatch namespace of the metrics below. */
  readonly metricNamespace: string;
  /** On every metric of the namespace. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** The stand-down switch: 1 stands the primary down, 0 releases it; 1.5 and 0.5, by the watch, repeat either state. */
  readonly switchMetricName: "PrimaryStoodDown";
  /** Failed probes of the primary's endpoint, as the standby sees it. */
  readonly probeMetricName: "PrimaryProbeFailures";
  /** The alarm that Route 53 follows. */
  readonly switchAlarmName: string;
  /** TXT record with the checkers' verdict for the primary's endpoint: `healthy` or `unhealthy`. */
  readonly endpointVerdictName: string;
  /** TXT record with the checkers' verdict for the standby's endpoint. Nothing fails over by it. */
  readonly standbyVerdictName: string;
  /** TXT record with Route 53's verdict for the switch: `in service` or `stood down`. */
  readonly switchVerdictName: string;
}

/**
 * One deployment as the stacks see it: its settings, and every name that follows from them. Names are built, never read from
 * another region's state, so that each region can be planned and applied while the other is gone.
 */
export interface Deployment {
  readonly settings: Settings;
  readonly primary: DeploymentRegion;
  readonly secondary: DeploymentRegion;
  /** Primary first. */
  readonly regions: readonly [DeploymentRegion, DeploymentRegion];
  /** First part of every resource's name: `<projectName>-<environment>`. */
  readonly namePrefix: string;
  /** Table names, the same in every region. */
  readonly tableNames: { readonly checkout: string; readonly orders: string };
  /** Name of the vendor's secret, the same in every region. */
  readonly vendorSecretName: string;
  /** Names of the payment queue and of its dead-letter queue, the same in every region. */
  readonly queueNames: { readonly payments: string; readonly deadLetters: string };
  readonly failover: FailoverNames;
  /** SNS topic for a region's alarms, with the same name in every region. */
  readonly alarmTopicName: string;
  /** Tags on everything. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Derives a deployment's names from its validated settings. */
export function describeDeployment(settings: Settings): Deployment {
  const namePrefix = `${settings.projectName}-${settings.environment}`;
  const region = (name: string, role: DeploymentRegion["role"]): DeploymentRegion => ({
    name,
    role,
    domainName: `${name}.${settings.apiDomainName}`,
  });
  const primary = region(settings.primaryRegion, "primary");
  const secondary = region(settings.secondaryRegion, "secondary");
  return {
    settings,
    primary,
    secondary,
    regions: [primary, secondary],
    namePrefix,
    tableNames: {
      checkout: settings.tableNames.checkout ?? `${namePrefix}-checkout`,
      orders: settings.tableNames.orders ?? `${namePrefix}-orders`,
    },
    // Not ending in a hyphen and six characters: Secrets Manager adds such an ending itself.
    vendorSecretName: `${namePrefix}/vendor-api-key`,
    queueNames: { payments: `${namePrefix}-payments`, deadLetters: `${namePrefix}-payments-dead-letters` },
    alarmTopicName: "topicName" in settings.alarms ? settings.alarms.topicName : `${namePrefix}-alarms`,
    failover: {
      metricNamespace: `${namePrefix}/failover`,
      dimensions: { PrimaryRegion: primary.name },
      switchMetricName: "PrimaryStoodDown",
      probeMetricName: "PrimaryProbeFailures",
      switchAlarmName: `${namePrefix}-primary-stood-down`,
      endpointVerdictName: `health.${primary.domainName}`,
      standbyVerdictName: `health.${secondary.domainName}`,
      switchVerdictName: `switch.${primary.domainName}`,
    },
    tags: {
      Project: settings.projectName,
      Environment: settings.environment,
      ManagedBy: "terraform",
      ...settings.tags,
    },
  };
}
