import fs from "node:fs";
import { unzipSync } from "fflate";
import { DeclarationError } from "../terraform-json/errors";
import type { LambdaFunction, Topology } from "./topology";

/** Extensions in which Lambda's Node runtimes look for a handler's file. */
const EXTENSIONS = [".js", ".mjs", ".cjs"];

/**
 * Requires that each function's zip is readable and contains its handler's file. Without that file Lambda accepts the function and fails
 * every call, which would not be a drill of a region's outage.
 * @throws {DeclarationError} naming the function
 */
export function refuseBrokenZips({ regions }: Topology): void {
  for (const lambda of regions.flatMap(({ functions }) => functions)) {
    const { address, handler, zipPath } = lambda;
    const names = namesIn(lambda);
    const file = handler.slice(0, handler.lastIndexOf("."));
    if (EXTENSIONS.some((extension) => names.includes(`${file}${extension}`))) continue;
    throw new DeclarationError(
      `${address}: 'handler' must name a file of ${zipPath} and what it exports, got "${handler}"; ` +
        `the zip has ${names.slice(0, 5).join(", ") || "no files"}`,
    );
  }
}

function namesIn({ address, zipPath }: LambdaFunction): string[] {
  const names: string[] = [];
  try {
    unzipSync(fs.readFileSync(zipPath), {
      filter: ({ name }) => {
        names.push(name);
        return false; // The names are enough: nothing is unpacked.
      },
    });
    return names;
  } catch (cause) {
    throw new DeclarationError(
      `${address}: 'filename' must name a zip, got ${zipPath}: ${(cause as Error).message}; synthesize again`,
      { cause },
    );
  }
}
