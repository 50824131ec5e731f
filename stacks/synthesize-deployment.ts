import { App } from "cdktf";
import type { Deployment } from "../config/deployment";
import type { HandlerBundle } from "../constructs/functions/handler-function";
import type { HandlerName } from "../constructs/functions/handler-names";
import { defineStacks } from "./define-stacks";
import { refuseNames } from "./name-limits";
import { removeManifest, removeStaleStacks } from "./stale-stacks";

/**
 * Writes a deployment's stacks as Terraform JSON.
 * @param outdir - default: `CDKTF_OUTDIR` as the cdktf CLI sets it, or `cdktf.out`
 * @returns the folder written
 * @throws {RefusedNamesError} when AWS would refuse a resource's name; nothing is written then
 */
export function synthesizeDeployment(
  deployment: Deployment,
  bundles: Readonly<Record<HandlerName, HandlerBundle>>,
  outdir?: string,
): string {
  const app = new App({ stackTraces: false, ...(outdir === undefined ? {} : { outdir }) });
  defineStacks(app, deployment, bundles);
  refuseNames(app);
  removeManifest(app.outdir);
  app.synth();
  removeStaleStacks(app.outdir);
  return app.outdir;
}
