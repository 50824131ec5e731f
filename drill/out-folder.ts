import fs from "node:fs";
import path from "node:path";
import { UsageError } from "./options";
import { HTML_REPORT, JSON_REPORT } from "./report/write-reports";

const REPORTS = [HTML_REPORT, JSON_REPORT];

/**
 * Makes the folder for the reports and writes a trial file. A drill whose reports cannot be written does not begin.
 * @throws {UsageError} if there is no folder, and none can be made, in which files can be written
 */
export function prepareOutFolder(folder: string): void {
  const trial = path.join(folder, `.${process.pid}.tmp`);
  try {
    makeFolder(path.resolve(folder));
    fs.writeFileSync(trial, "");
    fs.rmSync(trial);
  } catch (error) {
    throw refusal(folder, (error as Error).message);
  }
  const inTheWay = REPORTS.map((name) => path.join(folder, name)).find(isFolder);
  if (inTheWay !== undefined) throw refusal(folder, `a folder at ${inTheWay}`);
}

/** Makes one folder at a time. Node's recursive option never returns below /proc, where an existing parent is reported as missing. */
function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  fs.mkdirSync(folder);
}

const isFolder = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;

const refusal = (folder: string, got: string) =>
  new UsageError(
    `--out: expected a folder in which ${REPORTS.join(" and ")} can be written, got ${path.resolve(folder)}: ${got}; ` +
      "make room there or name another folder",
  );
