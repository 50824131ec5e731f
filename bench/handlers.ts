import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { unzipSync } from "fflate";
import { type Bundle, bundleHandlers } from "../bundling/bundle-handlers";
import { REGIONAL_HANDLER_NAMES, type RegionalHandlerName } from "../constructs/functions/handler-names";
import { measureInitMs } from "./handlers/measure-init";
import { buildMeasuredProcess, type MeasuredProcess, measureInvocations } from "./handlers/measure-invocations";
import { median, quantile } from "./handlers/statistics";
import { buildStockBundle } from "./handlers/stock-bundle";
import { type HandlerRow, meetsObjective, OVERHEAD_OBJECTIVE_MS, tableLines } from "./handlers/table";

/**
 * Measures every handler as it is deployed, its bundle and not its sources: bytes, time to load, and time for an invocation against a
 * local engine. Beside it the same calls made raw with the SDK, what is left being the handler's own; and the same entry point bundled
 * without a thought. Exit 0 when every overhead is within its objective; 1 when one is not, or a handler fails.
 */

const ROOT = path.resolve(__dirname, "..");
const INIT_ROUNDS = 15;
const WARM_UPS = 100;
const INVOCATIONS = 300;

/** Takes the bundle out of its zip, as Lambda does. */
function unpack(name: RegionalHandlerName, zip: string, scratch: string): string {
  const code = unzipSync(fs.readFileSync(zip))["index.js"];
  if (code === undefined) throw new Error(`${zip}: expected 'index.js' in the zip; remove .cache and try again`);
  const file = path.join(scratch, name, "index.js");
  fs.mkdirSync(path.dirname(file));
  fs.writeFileSync(file, code);
  return file;
}

type Latencies = Pick<HandlerRow, "p50Ms" | "p99Ms" | "rawP50Ms">;

async function measureLatencies(
  { script, rawCallsFile }: MeasuredProcess,
  name: RegionalHandlerName,
  handlerFile: string,
): Promise<Latencies> {
  const job = { name, handlerFile, rawCallsFile, warmUps: WARM_UPS, invocations: INVOCATIONS };
  const { handlerMs, rawMs } = await measureInvocations(
    script,
    job,
    path.join(path.dirname(handlerFile), "stdout.log"),
  );
  return { p50Ms: median(handlerMs), p99Ms: quantile(handlerMs, 0.99), rawP50Ms: median(rawMs) };
}

async function measureAll(bundles: Record<RegionalHandlerName, Bundle>, scratch: string): Promise<HandlerRow[]> {
  const ours = REGIONAL_HANDLER_NAMES.map((name) => ({ name, file: unpack(name, bundles[name].path, scratch) }));
  const stock = await Promise.all(
    ours.map(async ({ name }) => ({
      name,
      ...(await buildStockBundle(ROOT, name, path.join(scratch, name, "stock.js"))),
    })),
  );
  const initMs = measureInitMs([...ours, ...stock], INIT_ROUNDS, (round) =>
    console.error(round === 0 ? "init: file cache warmed" : `init: round ${round} of ${INIT_ROUNDS}`),
  );
  const measuredProcess = await buildMeasuredProcess(scratch);
  const rows: HandlerRow[] = [];
  for (const [index, { name, file }] of ours.entries()) {
    console.error(`invocations: ${name}`);
    const { codeBytes, zipBytes } = bundles[name];
    rows.push({
      name,
      codeBytes,
      zipBytes,
      initMs: initMs[index] ?? Number.NaN,
      ...(await measureLatencies(measuredProcess, name, file)),
      stockBytes: stock[index]?.codeBytes ?? Number.NaN,
      stockInitMs: initMs[ours.length + index] ?? Number.NaN,
    });
  }
  return rows;
}

async function main(): Promise<void> {
  const bundles = await bundleHandlers({ projectFolder: ROOT, handlerNames: REGIONAL_HANDLER_NAMES });
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "bench-handlers-"));
  const rows = await measureAll(bundles, scratch).finally(() => fs.rmSync(scratch, { recursive: true }));
  const missed = rows.filter((row) => !meetsObjective(row)).length;
  console.log(
    `Handlers as bundled, Node ${process.version}, ${os.cpus().length} cores; init: median of ${INIT_ROUNDS} rounds, ` +
      `less a bare process; ${INVOCATIONS} invocations and as many raw, in turn, after ${WARM_UPS}`,
  );
  for (const line of tableLines(rows)) console.log(line);
  console.log(
    missed === 0
      ? `Every handler adds less than ${OVERHEAD_OBJECTIVE_MS} ms at the median to the calls that it makes.`
      : `${missed} of ${rows.length} objectives missed.`,
  );
  process.exitCode = missed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
