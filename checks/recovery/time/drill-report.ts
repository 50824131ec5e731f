import fs from "node:fs";
import path from "node:path";
import { inSeconds } from "../../../config/recovery-time-lines";
import { type Json, type JsonObject, objectAt } from "../../../terraform-json/json";

/** The report exists but cannot be read. The message says where, what was expected, what came, and what to do. */
export class DrillReportError extends Error {
  override readonly name = "DrillReportError";
}

/** The deployment that the report must be about. */
export interface DrilledTopology {
  readonly apiName: string;
  readonly primaryRegion: string;
  readonly secondaryRegion: string;
}

/** What the last drill measured, or why there is no measurement for this deployment. */
export type Measured =
  | { readonly kind: "none"; readonly why: string }
  | {
      readonly kind: "measured";
      readonly file: string;
      readonly faultName: string;
      readonly speed: number;
      readonly seed: number;
      readonly recoverySeconds: number;
      readonly detectionSeconds: number | undefined;
      readonly parts: readonly { readonly name: string; readonly seconds: number }[];
    };

const REMEDY = "run npm run drill";
const SCHEMA_VERSION = 1;

/**
 * Reads `result.json` of a drill's report folder.
 * @throws {DrillReportError} if there is a file that is not such a report
 */
export function readMeasured(folder: string, topology: DrilledTopology): Measured {
  const file = path.join(folder, "result.json");
  const text = readIfPresent(file);
  if (text === undefined) return { kind: "none", why: REMEDY };
  const report = parse(text, file);
  const part = (name: string) => objectIn(report, name, file);
  const [fault, options, drilled, measures] = [part("fault"), part("options"), part("topology"), part("measures")];
  const foreign = (["apiName", "primaryRegion", "secondaryRegion"] as const).find(
    (name) => drilled[name] !== topology[name],
  );
  if (foreign !== undefined) {
    const why = `${file} is of ${asText(drilled[foreign])}, not of ${topology[foreign]}; ${REMEDY}`;
    return { kind: "none", why };
  }
  const faultName = asText(fault["name"]);
  if (fault["expectsFailover"] !== true) {
    return { kind: "none", why: `${file} is of ${faultName}, which asks for no failover; ${REMEDY}` };
  }
  if (measures["recoveryTimeMs"] === undefined) {
    return { kind: "none", why: `in ${file}, ${faultName}, customers never recovered; see its report` };
  }
  return {
    kind: "measured",
    file,
    faultName,
    speed: numberIn(options, "speed", file),
    seed: numberIn(options, "seed", file),
    recoverySeconds: numberIn(measures, "recoveryTimeMs", file) / 1_000,
    detectionSeconds:
      measures["detectionTimeMs"] === undefined ? undefined : numberIn(measures, "detectionTimeMs", file) / 1_000,
    parts: [measures["recoveryParts"] ?? []].flat().map((item) => {
      const entry = item as JsonObject;
      return { name: asText(entry["name"]), seconds: numberIn(entry, "ms", file) / 1_000 };
    }),
  };
}

/** One line with the measured recovery, next to the declared one. */
export function measuredLine(measured: Measured, worstSeconds: number | undefined): string {
  if (measured.kind === "none") return `· measured: none; ${measured.why}`;
  const { recoverySeconds, faultName, speed, seed, parts } = measured;
  const where = parts.map(({ name, seconds }) => `${inSeconds(seconds)} ${name}`).join(", ");
  const beyond = worstSeconds !== undefined && recoverySeconds > worstSeconds ? ", beyond the declared worst" : "";
  return `· measured: ${inSeconds(recoverySeconds)}${beyond}, by the drill ${faultName} at speed ${speed}, seed ${seed}${where === "" ? "" : `: ${where}`}`;
}

function readIfPresent(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new DrillReportError(`${file}: expected a file that can be read; ${(cause as Error).message}`, { cause });
  }
}

function parse(text: string, file: string): JsonObject {
  try {
    const report = objectAt(file, JSON.parse(text) as Json);
    if (report["schemaVersion"] === SCHEMA_VERSION) return report;
    throw new DrillReportError(
      `${file}: expected schemaVersion ${SCHEMA_VERSION}, got ${JSON.stringify(report["schemaVersion"]) ?? "none"}; ${REMEDY} again`,
    );
  } catch (cause) {
    if (cause instanceof DrillReportError) throw cause;
    throw new DrillReportError(
      `${file}: expected a drill's result, got ${(cause as Error).message}; ${REMEDY} again, or remove it`,
      { cause },
    );
  }
}

function objectIn(report: JsonObject, name: string, file: string): JsonObject {
  const value = report[name];
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new DrillReportError(
    `${file}: ${name}: expected an object, got ${JSON.stringify(value) ?? "nothing"}; ${REMEDY} again`,
  );
}

function numberIn(values: JsonObject, name: string, file: string): number {
  const value = values[name];
  if (typeof value === "number") return value;
  throw new DrillReportError(
    `${file}: ${name}: expected a number, got ${JSON.stringify(value) ?? "nothing"}; ${REMEDY} again`,
  );
}

/** Makes a text safe for a terminal: removes characters that move the cursor or change the writing direction. */
function asText(value: Json | undefined): string {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "");
}
