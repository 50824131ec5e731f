import { bundleBudgetLines } from "./bundling/bundle-budgets";
import { bundleHandlers, HandlerBuildError } from "./bundling/bundle-handlers";
import { describeDeployment } from "./config/deployment";
import { DEPLOYMENTS } from "./config/deployments";
import { recoveryTimeLines } from "./config/recovery-time-lines";
import { budgetInput } from "./config/settings-rules";
import { standbyLoadLines } from "./config/standby-load";
import { describeFault, InvalidSettingsError, validateSettings } from "./config/validate-settings";
import { HANDLER_NAMES } from "./constructs/functions/handler-names";

/** Composition root: picks the deployment, validates it, builds the handlers, defines the stacks, writes `cdktf.out`. */
async function main(deploymentName: string): Promise<void> {
  if (!Object.hasOwn(DEPLOYMENTS, deploymentName)) throw new UnknownDeploymentError(deploymentName);
  const { settings, warnings } = validateSettings(deploymentName, DEPLOYMENTS[deploymentName]);
  for (const warning of warnings)
    console.error(`warning: deployment "${deploymentName}": ${describeFault(warning).trim()}`);
  const deployment = describeDeployment(settings);
  const building = bundleHandlers({ projectFolder: __dirname, handlerNames: HANDLER_NAMES });
  // cdktf and the provider take a while to load: esbuild, a process of its own, builds the handlers meanwhile.
  const { RefusedNamesError } = require("./stacks/name-limits") as typeof import("./stacks/name-limits");
  const { synthesizeDeployment } =
    require("./stacks/synthesize-deployment") as typeof import("./stacks/synthesize-deployment");
  const bundles = await building;
  let outdir: string;
  try {
    outdir = synthesizeDeployment(deployment, bundles);
  } catch (error) {
    throw error instanceof RefusedNamesError ? new InvalidSettingsError(deploymentName, error.faults) : error;
  }
  for (const line of bundleBudgetLines(bundles)) console.error(line);
  for (const line of recoveryTimeLines(budgetInput(settings), settings.objectives)) console.error(line);
  for (const line of standbyLoadLines(settings)) console.error(line);
  console.log(`Deployment "${deploymentName}" synthesized into ${outdir}`);
}

class UnknownDeploymentError extends Error {
  constructor(name: string) {
    super(
      `DEPLOYMENT: expected one of ${Object.keys(DEPLOYMENTS).join(", ")}; got ${JSON.stringify(name)}; config/deployments lists them`,
    );
  }
}

/** Errors that a user can fix: settings, handlers, a folder that cannot be written. Any other error is a bug, shown with its stack. */
function isExpected(error: unknown): error is Error {
  const expected = [InvalidSettingsError, UnknownDeploymentError, HandlerBuildError];
  return expected.some((type) => error instanceof type) || (error instanceof Error && "syscall" in error);
}

main(process.env["DEPLOYMENT"] ?? "example").catch((error: unknown) => {
  console.error(isExpected(error) ? error.message : error);
  process.exitCode = 2;
});
