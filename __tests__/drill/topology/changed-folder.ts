import fs from "node:fs";
import path from "node:path";
import type { AnyJson } from "../../synthesize";

/** A copy of a synthesized folder with one stack's JSON changed. */
export function changedFolder(folder: string, stack: string, change: (json: AnyJson) => void): string {
  const copy = fs.mkdtempSync(`${folder}-`);
  fs.cpSync(folder, copy, { recursive: true });
  const file = path.join(copy, "stacks", stack, "cdk.tf.json");
  const json = JSON.parse(fs.readFileSync(file, "utf8"));
  change(json);
  fs.writeFileSync(file, JSON.stringify(json));
  return copy;
}
