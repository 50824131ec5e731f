import { z } from "zod";
import type { DrillResult } from "../measure/result";
import { SCHEMA_VERSION } from "./json";
import { clip, oneLine } from "./plain-text";

/** A file that is no result of a drill; the message is one line for whoever named the file. */
export class NotADrillResult extends Error {}

const time = z.number().nonnegative();
const amounts = z.record(z.string(), z.number().nonnegative());

/** What drawings take from a result. Other fields are left as they are. */
const Drawn = z.looseObject({
  fault: z.looseObject({ name: z.string(), description: z.string(), expectsFailover: z.boolean().optional() }),
  options: z.looseObject({ speed: z.number(), seed: z.number(), clients: z.number(), durationMs: time }),
  topology: z.looseObject({ apiName: z.string(), primaryRegion: z.string(), secondaryRegion: z.string() }),
  objectives: z.array(
    z.looseObject({ name: z.string(), isMet: z.boolean(), measured: z.string(), objective: z.string() }),
  ),
  notJudged: z.array(z.looseObject({ name: z.string(), objective: z.string(), reason: z.string() })),
  measures: z.looseObject({
    faultBeganAtMs: time,
    faultEndedAtMs: time.nullable(),
    detectionTimeMs: time.optional(),
    switchTimeMs: time.optional(),
    perSecond: z.array(
      z.looseObject({
        second: z.number().int().nonnegative().max(1e9),
        acknowledged: amounts,
        failed: z.number().nonnegative(),
        indeterminate: z.number().nonnegative(),
      }),
    ),
  }),
  history: z.looseObject({
    events: z.array(z.looseObject({ atMs: time })),
    samples: z.array(z.looseObject({ atMs: time, pendingWrites: amounts })),
  }),
});

/**
 * The result that `jsonReport` wrote, so far as drawings need it.
 * @throws {NotADrillResult}
 */
export function readJsonReport(text: string): DrillResult {
  const value = parsed(text);
  const version = typeof value === "object" && value !== null && "schemaVersion" in value && value.schemaVersion;
  if (version === false) throw new NotADrillResult("expected a drill's result.json, got JSON without schemaVersion");
  if (version !== SCHEMA_VERSION) {
    const got = clip(oneLine(JSON.stringify(version) ?? "nothing"), 60);
    throw new NotADrillResult(`expected schemaVersion ${SCHEMA_VERSION}, got ${got}`);
  }
  const { success, error } = Drawn.safeParse(value);
  if (!success) {
    const [issue] = error.issues;
    const where = clip(oneLine(issue?.path.join(".") ?? ""), 100);
    throw new NotADrillResult(
      `expected a drill's result.json, got a wrong ${where}: ${clip(oneLine(issue?.message ?? ""), 200)}`,
    );
  }
  return value as unknown as DrillResult;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NotADrillResult(`expected JSON, got ${clip(oneLine((error as Error).message), 200)}`);
  }
}
