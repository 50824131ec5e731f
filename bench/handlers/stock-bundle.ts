import path from "node:path";
import { build } from "esbuild";

export interface StockBundle {
  readonly file: string;
  readonly codeBytes: number;
}

/**
 * The same entry point as one would bundle it without a thought: nothing minified, nothing shaken off, the packages' CommonJS builds,
 * and the SDK whole, with its chain of credential providers.
 */
export async function buildStockBundle(projectFolder: string, name: string, outfile: string): Promise<StockBundle> {
  const { metafile } = await build({
    absWorkingDir: projectFolder,
    entryPoints: [path.join("handlers", `${name}.ts`)],
    outfile,
    bundle: true,
    minify: false,
    treeShaking: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    mainFields: ["main"],
    tsconfigRaw: {},
    metafile: true,
    logLevel: "silent",
  });
  const codeBytes = Object.values(metafile.outputs).reduce((total, { bytes }) => total + bytes, 0);
  return { file: outfile, codeBytes };
}
