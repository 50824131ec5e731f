import { App } from "cdktf";
import { bundleHandlers, HandlerBuildError } from "./bundling/bundle-handlers";
import { describeDeployment } from "./config/deployment";
import { DEPLOYMENTS } from "./config/deployments";
import { describeFault, InvalidSettingsError, validateSettings } from "./config/validate-settings";
import { HANDLER_NAMES } from "./constructs/checkout-functions";
import { defineStacks } from "./stacks/define-stacks";
import { removeStaleStacks } from "./stacks/stale-stacks";

/** Composition root: picks the deployment, validates it, builds the handlers, defines the stacks, writes `cdktf.out`. */
function main(deploymentName: string): void {
  if (!Object.hasOwn(DEPLOYMENTS, deploymentName)) {
    throw new UnknownDeploymentError(deploymentName);
  }
  const { settings, warnings } = validateSettings(deploymentName, DEPLOYMENTS[deploymentName]);
  for (const warning of warnings) console.error(`warning: deployment "${deploymentName}",${describeFault(warning)}`);
  const deployment = describeDeployment(settings);
  const bundles = bundleHandlers({ projectFolder: __dirname, handlerNames: HANDLER_NAMES });
  const app = new App({ stackTraces: false });
  defineStacks(app, deployment, bundles);
  app.synth();
  removeStaleStacks(app.outdir);
  console.log(`Deployment "${deploymentName}" synthesized into ${app.outdir}`);
}

class UnknownDeploymentError extends Error {
  constructor(name: string) {
    super(
      `DEPLOYMENT: expected one of ${Object.keys(DEPLOYMENTS).join(", ")}; got "${name}"; config/deployments lists them`,
    );
  }
}

try {
  main(process.env["DEPLOYMENT"] ?? "example");
} catch (error) {
  const expected = [InvalidSettingsError, UnknownDeploymentError, HandlerBuildError];
  console.error(expected.some((type) => error instanceof type) ? (error as Error).message : error);
  process.exitCode = 2;
}
