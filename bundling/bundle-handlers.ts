import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { reproducibleZip, ZIP_FORMAT } from "./reproducible-zip";

/** One handler's zip. */
export interface Bundle {
  /** Absolute path of the zip. */
  readonly path: string;
  /** SHA-256 of the zip, base64. */
  readonly sha256Base64: string;
  /** Bytes of JavaScript in the zip, minified. */
  readonly codeBytes: number;
  /** Bytes of the zip. */
  readonly zipBytes: number;
}

export interface BundleHandlersOptions {
  /** Absolute path of the folder that holds `package-lock.json`, `handlers/` and `.cache/`. */
  readonly projectFolder: string;
  /** Entry points: `handlers/<name>.ts` each. */
  readonly handlerNames: readonly string[];
}

/** The handlers do not build; the message is esbuild's, with file, line and column. */
export class HandlerBuildError extends Error {
  override readonly name = "HandlerBuildError";
}

const ENVIRONMENT_CREDENTIALS = path.join(__dirname, "environment-credentials.ts");

/** What counts for the bytes of a bundle beside the sources and the packages; a change makes every bundle anew. */
export const BUILD_OPTIONS = {
  bundle: true,
  minify: true,
  keepNames: false,
  platform: "node",
  target: "node22",
  format: "cjs",
  charset: "utf8",
  legalComments: "none",
  treeShaking: true,
  tsconfigRaw: {}, // The type checker's options have no say in the bytes.
  mainFields: ["module", "main"],
  alias: { "@aws-sdk/credential-provider-node": ENVIRONMENT_CREDENTIALS },
} as const;

const INDEX_FILE = "bundles.json";

/** Bundles of other sources, and what an interrupted build left, go after this long. */
const KEEP_OTHERS_MS = 24 * 60 * 60 * 1000;

/**
 * Bundles each handler with esbuild into a reproducible zip under `.cache/bundles/<key>/`. The key covers every source in
 * `handlers/`, the lock file and the build options, so a second call with nothing changed only reads.
 * @throws {HandlerBuildError} if a handler does not build
 */
export async function bundleHandlers<Name extends string>(
  options: BundleHandlersOptions & { readonly handlerNames: readonly Name[] },
): Promise<Record<Name, Bundle>> {
  const cacheFolder = path.join(options.projectFolder, ".cache", "bundles");
  const folder = path.join(cacheFolder, cacheKey(options));
  const cached = readBundles(folder, options.handlerNames);
  if (cached !== undefined) return cached;

  fs.mkdirSync(cacheFolder, { recursive: true });
  prune(cacheFolder);
  const scratch = fs.mkdtempSync(path.join(cacheFolder, "building-"));
  try {
    await writeBundles(scratch, options);
    publish(scratch, folder, options.handlerNames);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
  const built = readBundles(folder, options.handlerNames);
  if (built === undefined)
    throw new Error(`${folder}: the bundles just written cannot be read; remove .cache and try again`);
  return built;
}

/** Old entries of the cache are of no use: the sources have moved on. */
function prune(cacheFolder: string): void {
  for (const name of fs.readdirSync(cacheFolder)) {
    const entry = path.join(cacheFolder, name);
    const ageMs = Date.now() - (fs.statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (ageMs > KEEP_OTHERS_MS) fs.rmSync(entry, { recursive: true, force: true });
  }
}

/** Moves finished bundles to their place in one step; another process may have put the same ones there meanwhile. */
function publish(scratch: string, folder: string, names: readonly string[]): void {
  if (fs.existsSync(folder) && readBundles(folder, names) === undefined)
    fs.rmSync(folder, { recursive: true, force: true });
  try {
    fs.renameSync(scratch, folder);
  } catch (error) {
    if (readBundles(folder, names) === undefined) throw error;
  }
}

function cacheKey({ projectFolder, handlerNames }: BundleHandlersOptions): string {
  const hash = createHash("sha256").update(JSON.stringify([handlerNames, BUILD_OPTIONS, ZIP_FORMAT]));
  const sources = filesBelow(path.join(projectFolder, "handlers"));
  // npm's own record of what is installed; the lock file says what should be.
  const records = ["package.json", "package-lock.json", "node_modules/.package-lock.json"].map((name) =>
    path.join(projectFolder, name),
  );
  records.push(ENVIRONMENT_CREDENTIALS);
  for (const file of [...sources, ...records.filter((record) => fs.existsSync(record))]) {
    hash.update(`\0${path.relative(projectFolder, file).split(path.sep).join("/")}\0`).update(fs.readFileSync(file));
  }
  return hash.digest("hex").slice(0, 32);
}

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

async function writeBundles(folder: string, { projectFolder, handlerNames }: BundleHandlersOptions): Promise<void> {
  // esbuild is loaded here rather than above: a synth with unchanged handlers never needs it.
  const { build } = require("esbuild") as typeof import("esbuild");
  const building = build({
    ...BUILD_OPTIONS,
    mainFields: [...BUILD_OPTIONS.mainFields],
    absWorkingDir: projectFolder,
    entryPoints: handlerNames.map((name) => `handlers/${name}.ts`),
    outdir: folder,
    write: false,
    logLevel: "silent",
  });
  const { outputFiles } = await building.catch((cause: Error) => {
    throw new HandlerBuildError(`handlers: ${cause.message}`, { cause });
  });
  const index = Object.fromEntries(
    outputFiles.map(({ path: file, contents }) => {
      const name = path.basename(file, ".js");
      const zip = reproducibleZip({ "index.js": contents });
      fs.writeFileSync(path.join(folder, `${name}.zip`), zip);
      return [name, { sha256Base64: sha256Base64(zip), codeBytes: contents.length, zipBytes: zip.length }];
    }),
  );
  fs.writeFileSync(path.join(folder, INDEX_FILE), JSON.stringify(index));
}

/** The bundles of a finished folder, each checked against its recorded hash; undefined if any is missing or damaged. */
function readBundles<Name extends string>(folder: string, names: readonly Name[]): Record<Name, Bundle> | undefined {
  try {
    const index = JSON.parse(fs.readFileSync(path.join(folder, INDEX_FILE), "utf8")) as Record<
      string,
      Omit<Bundle, "path">
    >;
    const bundles = {} as Record<Name, Bundle>;
    for (const name of names) {
      const recorded = index[name];
      const file = path.join(folder, `${name}.zip`);
      if (recorded === undefined || sha256Base64(fs.readFileSync(file)) !== recorded.sha256Base64) return undefined;
      bundles[name] = { ...recorded, path: file };
    }
    return bundles;
  } catch {
    return undefined; // Not built yet, or damaged: it is built anew.
  }
}

function sha256Base64(contents: Uint8Array): string {
  return createHash("sha256").update(contents).digest("base64");
}
