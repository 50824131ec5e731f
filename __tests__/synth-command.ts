import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const ROOT = path.resolve(__dirname, "..");
export const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "main-"));
afterAll(() => fs.rmSync(scratch, { recursive: true }));

/** A copy of what a synth needs, in a folder of its own, sharing the installed packages. */
export function checkout(name: string): string {
  const folder = path.join(scratch, name);
  fs.mkdirSync(folder);
  for (const entry of [
    "main.ts",
    "bundling",
    "config",
    "constructs",
    "stacks",
    "handlers",
    "cdktf.json",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
  ]) {
    fs.cpSync(path.join(ROOT, entry), path.join(folder, entry), { recursive: true });
  }
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

export function synth(cwd: string, deployment?: string) {
  const { DEPLOYMENT: _, ...env } = process.env;
  return spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd,
    encoding: "utf8",
    env: deployment === undefined ? env : { ...env, DEPLOYMENT: deployment },
  });
}

/** Every file below a folder with its hash. */
export function contents(folder: string): Record<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
      .sort()
      .map((file) => [path.relative(folder, file), createHash("sha256").update(fs.readFileSync(file)).digest("hex")]),
  );
}
