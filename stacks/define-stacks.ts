import type { App } from "cdktf";
import type { Deployment, DeploymentRegion } from "../config/deployment";
import type { HandlerBundle } from "../constructs/functions/handler-function";
import type { HandlerName } from "../constructs/functions/handler-names";
import { CertificatesStack } from "./certificates-stack";
import { FailoverDnsStack } from "./failover-dns-stack";
import { GlobalDataStack } from "./global-data-stack";
import { RegionalApiStack } from "./regional-api-stack";

/** Defines every stack of a deployment, in the order in which they are deployed: data, certificates, regions, records. */
export function defineStacks(
  app: App,
  deployment: Deployment,
  bundles: Readonly<Record<HandlerName, HandlerBundle>>,
): void {
  const data = new GlobalDataStack(app, "global-data", deployment);
  const certificates = new CertificatesStack(app, "certificates", deployment);
  const regionalApi = (region: DeploymentRegion, peer: DeploymentRegion) => {
    const certificateArn = certificates.certificateArns.get(region.name);
    if (certificateArn === undefined) throw new Error(`certificates: no certificate for ${region.name}`);
    const stack = new RegionalApiStack(app, `api-${region.name}`, {
      deployment,
      region,
      peer,
      bundles,
      certificateArn,
    });
    stack.addDependency(data); // Functions name tables, keys and the secret without a reference to them.
    return stack;
  };
  const { primary, secondary } = deployment;
  new FailoverDnsStack(app, "failover-dns", {
    deployment,
    watchBundle: bundles["primary-watch"],
    primary: regionalApi(primary, secondary),
    secondary: regionalApi(secondary, primary),
  });
}
