import fs from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "./options";
import { drillPicture } from "./report/picture";
import { clip, oneLine } from "./report/plain-text";
import { NotADrillResult, readJsonReport } from "./report/read-json";
import { temporaryName, writeWhole } from "./report/write-reports";

const USAGE = `npm run picture -- [RESULT_JSON] [SVG]

Draws a drill's result as one SVG that stands by itself.

RESULT_JSON   what npm run drill wrote (drill-report/result.json)
SVG           the file to write or replace (docs/drill-report.svg)
`;
const COULD_NOT_DRAW = 2;

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArgs(args);
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  if (positionals.length > 2) throw new UsageError("expected at most two files; --help tells which");
  const [source = path.join("drill-report", "result.json"), target = path.join("docs", "drill-report.svg")] =
    positionals;
  const picture = drillPicture(readJsonReport(await readText(source)));
  await replace(target, picture);
  console.log(`Picture    ${target}`);
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(/\.\s/)[0]}; --help lists what there is`);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await fs.readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}; npm run drill writes one`);
  }
}

/** A reader sees the whole old picture or the whole new one. */
async function replace(target: string, text: string): Promise<void> {
  const temporary = temporaryName(target);
  try {
    await fs.mkdir(path.dirname(target), { recursive: true });
    await writeWhole(temporary, text);
    await fs.rename(temporary, target);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw new UsageError(`${target}: expected a file that can be written, got ${(error as Error).message}`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isExpected = error instanceof UsageError || error instanceof NotADrillResult;
  console.error(isExpected ? clip(oneLine(error.message), 600) : error);
  process.exitCode = COULD_NOT_DRAW;
});
