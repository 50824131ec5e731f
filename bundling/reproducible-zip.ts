import { type Zippable, zipSync } from "fflate";

/** MS-DOS time, which zip uses, starts here; in local time on both sides, so that time zones do not show. */
const ZIP_EPOCH = new Date(1980, 0, 1);
const UNIX = 3;
const REGULAR_FILE_MODE = 0o100644;

const LEVEL = 6;

/** What counts for a zip's bytes beside the files in it. */
export const ZIP_FORMAT = [ZIP_EPOCH.getFullYear(), UNIX, REGULAR_FILE_MODE, LEVEL] as const;

/**
 * Zips files so that the same contents give the same bytes on every machine: entries sorted by name, fixed times and modes, and a
 * compressor that is part of the lock file rather than of Node.
 */
export function reproducibleZip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries: Zippable = {};
  for (const name of Object.keys(files).sort()) {
    const contents = files[name];
    if (contents === undefined) continue;
    entries[name] = [contents, { mtime: ZIP_EPOCH, os: UNIX, attrs: (REGULAR_FILE_MODE << 16) >>> 0, level: LEVEL }];
  }
  return zipSync(entries);
}
