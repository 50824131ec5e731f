import type { Objectives } from "../../topology/topology";
import type { Fault } from "../faults/fault";
import { allowancesMs } from "./allowances";
import type { ClientKind } from "./client-kinds";
import type { DrillMeasures, NotJudged, ObjectiveResult } from "./result";

/** Longest recoveries by the declared settings, allowances included, in declared milliseconds; undefined without a failover record. */
export type WorstRecoveriesMs = Readonly<Record<"ttl" | "browser", number | undefined>>;

const NAMES = { ttl: "recovery time", browser: "recovery in browsers" } as const;
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

/** The recovery times that are promised: to clients that honour TTLs, and to browsers where a fault lasts long enough to judge them. */
export function recoveryTimes(
  fault: Fault,
  objectives: Objectives,
  measures: DrillMeasures,
  worst: WorstRecoveriesMs,
): ObjectiveResult[] {
  if (fault.whyNoRecoveryTime !== undefined) return [];
  const { recoveryTimeSeconds, browserRecoveryTimeSeconds } = objectives;
  const judged = [ofKind("ttl", recoveryTimeSeconds, measures, worst.ttl)];
  if (browserRecoveryTimeSeconds === undefined || whyBrowsersAreNotJudged(measures, browserRecoveryTimeSeconds))
    return judged;
  return [...judged, ofKind("browser", browserRecoveryTimeSeconds, measures, worst.browser)];
}

/** Promised recovery times that this drill cannot judge, with the reason. */
export function recoveryTimesNotJudged(
  fault: Fault,
  { recoveryTimeSeconds, browserRecoveryTimeSeconds }: Objectives,
  measures: DrillMeasures,
): NotJudged[] {
  const atMost = (limit: number) => `≤ ${limit.toFixed(1)} s`;
  const { whyNoRecoveryTime } = fault;
  if (whyNoRecoveryTime !== undefined)
    return [{ name: NAMES.ttl, objective: atMost(recoveryTimeSeconds), reason: whyNoRecoveryTime }];
  if (browserRecoveryTimeSeconds === undefined) return [];
  const reason = whyBrowsersAreNotJudged(measures, browserRecoveryTimeSeconds);
  return reason === undefined ? [] : [{ name: NAMES.browser, objective: atMost(browserRecoveryTimeSeconds), reason }];
}

function ofKind(
  kind: keyof WorstRecoveriesMs,
  objectiveSeconds: number,
  measures: DrillMeasures,
  worstMs: number | undefined,
): ObjectiveResult {
  const measuredMs = recoveryMs(measures, kind);
  const extraMs = allowancesMs(measures.allowances);
  const totalMs = measuredMs === undefined || measuredMs === 0 ? measuredMs : measuredMs + extraMs;
  const sum =
    measuredMs === undefined || measuredMs === 0 || extraMs === 0
      ? []
      : [`${seconds(measuredMs)} measured and allowances of ${seconds(extraMs)}`];
  const parts = kind === "ttl" ? measures.recoveryParts : [];
  const where = parts.length === 0 ? [] : [parts.map(({ name, ms }) => `${seconds(ms)} until ${name}`).join(", ")];
  const bound = worstMs === undefined ? [] : [`${seconds(worstMs)} at worst by the declared settings`];
  return {
    name: NAMES[kind],
    isMet: totalMs !== undefined && totalMs <= objectiveSeconds * 1_000,
    measured: totalMs === undefined ? "not while the fault lasted" : seconds(totalMs),
    objective: `≤ ${seconds(objectiveSeconds * 1_000)}`,
    explanation: [...sum, ...where, ...bound].join("; "),
  };
}

function recoveryMs({ byKind }: DrillMeasures, kind: ClientKind): number | undefined {
  return byKind.find((it) => it.kind === kind)?.recoveryTimeMs;
}

/** A fault that is shorter than the objective cannot show that browsers are too late. Undefined where they are judged. */
function whyBrowsersAreNotJudged(measures: DrillMeasures, objectiveSeconds: number): string | undefined {
  if (!measures.byKind.some(({ kind }) => kind === "browser")) return "no client was a browser";
  const lastedSeconds = (measures.faultEndedAtMs - measures.faultBeganAtMs) / 1_000;
  const isTooShort = lastedSeconds < objectiveSeconds && recoveryMs(measures, "browser") === undefined;
  return isTooShort
    ? `they were still failing when the fault ended after ${lastedSeconds.toFixed(0)} s; --duration ${objectiveSeconds} judges them`
    : undefined;
}
