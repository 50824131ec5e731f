import type { Settings } from "./settings";

/** One region of a deployment and its part in the failover. */
export interface DeploymentRegion {
  readonly name: string;
  readonly role: "primary" | "secondary";
  /** The region's own host name, which health checks and smoke tests call. */
  readonly domainName: string;
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
    tags: {
      Project: settings.projectName,
      Environment: settings.environment,
      ManagedBy: "terraform",
      ...settings.tags,
    },
  };
}
