import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { unzipSync } from "fflate";

/**
 * Unpacks the zip that Terraform would upload into a folder of its own, outside of the repository: no `node_modules` but the zip's own can be
 * found from there.
 * @returns the folder's absolute path
 */
export function unpackCode(zipPath: string): string {
  const entries = Object.entries(unzipSync(fs.readFileSync(zipPath)));
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "drill-lambda-"));
  for (const [name, bytes] of entries) {
    const file = path.resolve(folder, name);
    if (!file.startsWith(folder + path.sep))
      throw new Error(`${zipPath}: '${name}' leads out of the function's folder`);
    if (name.endsWith("/")) fs.mkdirSync(file, { recursive: true });
    else {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, bytes);
    }
  }
  return folder;
}
