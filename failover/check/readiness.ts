import type { Deployment, DeploymentRegion } from "../../config/deployment";
import type { Answer, Asking } from "../answer";
import type { EndpointAnswer, Facts } from "../facts/facts";
import { askEndpoint, gatherFacts } from "../facts/gather-facts";
import type { Outside, Quota } from "../ports";

/** Everything that is looked at before a release. */
export interface Readiness {
  readonly facts: Facts;
  /** Asked one after the other; the first that is not a 200 is the last. */
  readonly primaryProbes: readonly Answer<EndpointAnswer>[];
  readonly secondaryProbes: readonly Answer<EndpointAnswer>[];
  readonly quotas: readonly QuotaFacts[];
}

export interface QuotaFacts {
  readonly name: string;
  readonly primary: Answer<number>;
  readonly secondary: Answer<number>;
}

export const PROBES_IN_A_ROW = 3;

/**
 * Quotas are an account's and a region's own: a region whose quotas were not raised with the other's turns customers away.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const QUOTAS: readonly (Quota & { readonly name: string })[] = [
  { name: "Lambda concurrent executions", serviceCode: "lambda", quotaCode: "L-B99A9384" },
  { name: "API Gateway throttle rate", serviceCode: "apigateway", quotaCode: "L-8A5B8E43" },
];

/** Service Quotas is a control plane, in each region; a release is never urgent, a stand-down does not ask it. */
export async function gatherReadiness(deployment: Deployment, outside: Outside, ask: Asking): Promise<Readiness> {
  const { primary, secondary } = deployment;
  const quotaOf = (region: DeploymentRegion, quota: Quota) =>
    ask((signal) => outside.cloud.region(region.name).quota(quota, signal));
  const probesOf = (region: DeploymentRegion) => probeInARow(deployment, region, outside, ask);
  const [facts, primaryProbes, secondaryProbes, quotas] = await Promise.all([
    gatherFacts(deployment, outside, ask),
    probesOf(primary),
    probesOf(secondary),
    Promise.all(
      QUOTAS.map(async (quota) => {
        const [ofPrimary, ofSecondary] = await Promise.all([quotaOf(primary, quota), quotaOf(secondary, quota)]);
        return { name: quota.name, primary: ofPrimary, secondary: ofSecondary };
      }),
    ),
  ]);
  return { facts, primaryProbes, secondaryProbes, quotas };
}

async function probeInARow(
  { settings }: Deployment,
  { domainName }: DeploymentRegion,
  { reach }: Outside,
  ask: Asking,
): Promise<Answer<EndpointAnswer>[]> {
  const probes: Answer<EndpointAnswer>[] = [];
  while (probes.length < PROBES_IN_A_ROW) {
    const probe = await ask((signal) => askEndpoint(reach, domainName, settings.healthCheck.path, signal));
    probes.push(probe);
    if (!probe.isKnown || probe.value.status !== 200) break;
  }
  return probes;
}
