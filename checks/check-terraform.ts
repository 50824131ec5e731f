import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { DeclarationError } from "../terraform-json/errors";
import { cdktfOut } from "../terraform-json/source";
import { checkableStacks } from "./checkable-stacks";

/**
 * `npm run check:terraform [-- <cdktf.out>]`: the `terraform` binary's own validation of every stack, on copies and without any state.
 * It needs the binary and the provider registry, so it is not part of `npm test`. Exit 0: all stacks are valid; 1: a stack is invalid;
 * 2: a stack could not be checked. Such a stack is named and counted as skipped.
 */

interface Verdict {
  readonly outcome: "passed" | "failed" | "skipped";
  readonly detail: string;
}

const TIMEOUT_MS = 300_000;

function terraform(cwd: string, args: readonly string[]) {
  return spawnSync("terraform", args, {
    cwd,
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    env: { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
  });
}

function checkStack(folder: string): Verdict {
  const init = terraform(folder, ["init", "-backend=false", "-input=false", "-no-color"]);
  if (init.error !== undefined) {
    const remedy = "is the version in .terraform-version installed?";
    return { outcome: "skipped", detail: `the terraform binary cannot be run: ${init.error.message}; ${remedy}` };
  }
  if (init.status !== 0) return { outcome: "skipped", detail: `terraform init failed:\n${init.stderr.trim()}` };
  const validate = terraform(folder, ["validate", "-no-color"]);
  if (validate.status === 0) return { outcome: "passed", detail: "" };
  if (validate.status === null) {
    return {
      outcome: "skipped",
      detail: `terraform validate was ended: ${validate.error?.message ?? validate.signal}`,
    };
  }
  return { outcome: "failed", detail: `\n${validate.stderr.trim()}` };
}

function main(outdir: string): number {
  const stacks = checkableStacks(cdktfOut(outdir));
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "check-terraform-"));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const { name, file } of stacks) {
      const folder = path.join(scratch, name);
      fs.mkdirSync(folder);
      fs.cpSync(file, path.join(folder, "cdk.tf.json"));
      const { outcome, detail } = checkStack(folder);
      counts[outcome] += 1;
      console.log(`${{ passed: "✓", failed: "✗", skipped: "SKIPPED" }[outcome]} ${name} ${detail}`.trimEnd());
    }
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  if (counts.failed > 0) return 1;
  return counts.skipped > 0 ? 2 : 0;
}

try {
  process.exitCode = main(process.argv[2] ?? "cdktf.out");
} catch (error) {
  console.error(error instanceof DeclarationError ? `check:terraform: ${error.message}` : error);
  process.exitCode = 2;
}
