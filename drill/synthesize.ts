import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** The app could not be synthesized. The message holds the app's own output. */
export class SynthesisError extends Error {
  override readonly name = "SynthesisError";
}

/**
 * Runs the app that `cdktf.json` names, as `cdktf synth` would, into a folder.
 * @throws {SynthesisError}
 */
export function synthesizeInto(outdir: string, projectFolder: string): void {
  const { app } = JSON.parse(fs.readFileSync(path.join(projectFolder, "cdktf.json"), "utf8")) as { app?: string };
  if (app === undefined) throw new SynthesisError("cdktf.json: must have an 'app' to synthesize with");
  const { status, stderr, stdout } = spawnSync(app, {
    cwd: projectFolder,
    shell: true,
    encoding: "utf8",
    env: { ...process.env, CDKTF_OUTDIR: outdir },
  });
  if (status !== 0) throw new SynthesisError(`${app}: exit code ${status}\n${stderr || stdout}`);
}
