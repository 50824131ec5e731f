import fs from "node:fs/promises";
import path from "node:path";
import type { DrillResult } from "../measure/result";
import { htmlReport } from "./html";
import { jsonReport } from "./json";

/** File names of the reports. */
export const HTML_REPORT = "index.html";
export const JSON_REPORT = "result.json";

export interface WrittenReports {
  readonly htmlPath: string;
  readonly jsonPath: string;
}

/** Writes `index.html` and `result.json` into a folder, which is made if need be. A reader sees a whole old file or a whole new one. */
export async function writeReports(folder: string, result: DrillResult): Promise<WrittenReports> {
  const htmlPath = path.join(folder, HTML_REPORT);
  const jsonPath = path.join(folder, JSON_REPORT);
  const files = [
    { target: htmlPath, temporary: temporaryName(htmlPath), text: htmlReport(result) },
    { target: jsonPath, temporary: temporaryName(jsonPath), text: jsonReport(result) },
  ];
  try {
    await fs.mkdir(folder, { recursive: true });
    for (const { temporary, text } of files) await writeWhole(temporary, text);
    for (const { temporary, target } of files) await fs.rename(temporary, target); // result.json last: who waits for it has both.
  } catch (error) {
    for (const { temporary } of files) await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw new Error(
      `${path.resolve(folder)}: expected a folder in which ${HTML_REPORT} and ${JSON_REPORT} can be written, ` +
        `got ${(error as Error).message}; make room there or name another folder`,
      { cause: error },
    );
  }
  return { htmlPath, jsonPath };
}

/** In the same folder, because only there a rename replaces a file in one step. */
export function temporaryName(target: string): string {
  return path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
}

/** Writes all of a text and waits until the disk has it. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const handle = await fs.open(file, "w");
  try {
    await handle.writeFile(text, "utf8");
    await handle.sync(); // Otherwise a power cut could leave the new name with no content.
  } finally {
    await handle.close();
  }
}
