import fs from "node:fs";
import path from "node:path";

/**
 * Removes the list of stacks before they are written again. cdktf writes it last: an interrupted synth then leaves a folder that
 * lists no stacks, rather than a mixture of old and new ones.
 */
export function removeManifest(outdir: string): void {
  fs.rmSync(manifestPath(outdir), { force: true });
}

/**
 * Removes what an earlier synth left in the output folder for stacks that no longer exist, such as another deployment's regions;
 * cdktf would leave them there to be planned by mistake. States are kept elsewhere and are not touched.
 */
export function removeStaleStacks(outdir: string): void {
  const manifest = JSON.parse(fs.readFileSync(manifestPath(outdir), "utf8")) as { stacks: object };
  const current = new Set(Object.keys(manifest.stacks));
  const folder = path.join(outdir, "stacks");
  for (const name of fs.readdirSync(folder)) {
    const stack = path.join(folder, name);
    const isSynthesized = fs.existsSync(path.join(stack, "cdk.tf.json"));
    if (isSynthesized && !current.has(name)) fs.rmSync(stack, { recursive: true });
  }
}

function manifestPath(outdir: string): string {
  return path.join(outdir, "manifest.json");
}
