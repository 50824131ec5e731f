import fs from "node:fs";
import path from "node:path";

/**
 * Removes what an earlier synth left in the output folder for stacks that no longer exist, such as another deployment's regions;
 * cdktf would leave them there to be planned by mistake. States are kept elsewhere and are not touched.
 */
export function removeStaleStacks(outdir: string): void {
  const manifest = JSON.parse(fs.readFileSync(path.join(outdir, "manifest.json"), "utf8")) as { stacks: object };
  const current = new Set(Object.keys(manifest.stacks));
  const folder = path.join(outdir, "stacks");
  for (const name of fs.readdirSync(folder)) {
    if (!current.has(name)) fs.rmSync(path.join(folder, name), { recursive: true });
  }
}
