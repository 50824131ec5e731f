import fs from "node:fs";
import path from "node:path";
import type { AnyJson } from "../synthesize";

/** Changes a stack's JSON, or what lies beside it. */
export type StackChange = (json: AnyJson, stackFolder: string) => void;

/** A copy of a synthesized folder with one stack changed. */
export function changedFolder(folder: string, stack: string, change: StackChange): string {
  const copy = fs.mkdtempSync(`${folder}-`);
  fs.cpSync(folder, copy, { recursive: true });
  const stackFolder = path.join(copy, "stacks", stack);
  const file = path.join(stackFolder, "cdk.tf.json");
  const json = JSON.parse(fs.readFileSync(file, "utf8"));
  change(json, stackFolder);
  fs.writeFileSync(file, JSON.stringify(json));
  return copy;
}
