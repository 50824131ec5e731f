import { whyNoRecoveryPoint } from "../measure/recovery-point";
import type { DrillResult, NotJudged, ObjectiveResult } from "../measure/result";
import { count, counted, seconds } from "./figures";
import { clip } from "./plain-text";

type Judgement = Pick<DrillResult, "objectives" | "notJudged">;

/** `All 6 objectives met.` or `1 of 6 objectives missed; 1 cannot be judged by this fault.` */
export function closingLine({ objectives, notJudged }: Judgement): string {
  const left = notJudged.length === 0 ? "." : `; ${count(notJudged.length)} cannot be judged by this fault.`;
  return verdict(objectives) + left;
}

function verdict(objectives: readonly ObjectiveResult[]): string {
  const missed = objectives.filter(({ isMet }) => !isMet).length;
  if (objectives.length === 0) return "No objectives were set, so none was missed";
  if (missed > 0) return `${count(missed)} of ${counted(objectives.length, "objective")} missed`;
  return objectives.length === 1 ? "The one objective is met" : `All ${count(objectives.length)} objectives met`;
}

/** The failover in one sentence. */
export function failoverSentence({ fault, measures, topology }: DrillResult): string {
  const { detectionTimeMs, switchTimeMs } = measures;
  if (switchTimeMs !== undefined) {
    const switched = `${clip(topology.apiName, 100)} resolved to the standby ${seconds(switchTimeMs)} after the fault began`;
    if (fault.expectsFailover === undefined) return `Failover was allowed, and happened: ${switched}.`;
    return fault.expectsFailover
      ? `Failover was expected and happened: ${switched}.`
      : `Failover was not expected but happened: ${switched}.`;
  }
  if (fault.expectsFailover === undefined) return "Failover was allowed, and none happened.";
  if (!fault.expectsFailover) return "Failover was not expected, and none happened.";
  return detectionTimeMs === undefined
    ? "Failover was expected but never happened: the health check never detected the fault."
    : `Failover was expected but never happened, although the fault was detected after ${seconds(detectionTimeMs)}.`;
}

/** `52.3 s`, `no request failed`, `never recovered`. */
export function recoveryTime({ measures: { recoveryTimeMs } }: DrillResult): string {
  return recoveryTimeMs === 0 ? "no request failed" : seconds(recoveryTimeMs, "never recovered");
}

/** `0.8 s assumed`, `no write missing`, or why there is no recovery point. */
export function recoveryPoint({ measures }: DrillResult): string {
  if (measures.recoveryPointMs === undefined) return whyNoRecoveryPoint(measures) ?? "not measured";
  return measures.writesUnavailableAtFailover === 0
    ? "no write missing"
    : `${seconds(measures.recoveryPointMs)} assumed`;
}

/** The objective on a measure, if one was set. */
export function objectiveOn(result: DrillResult, name: string): ObjectiveResult | undefined {
  return result.objectives.find((objective) => objective.name.toLowerCase() === name);
}

/** Why an objective was not judged; undefined where it was. */
export function notJudgedOn(result: DrillResult, name: string): NotJudged | undefined {
  return result.notJudged.find((promise) => promise.name === name);
}

/** Why no time can be broken down, when it cannot. */
export function whyNoRecoveryParts({ fault, measures }: DrillResult): string {
  if (measures.recoveryTimeMs === undefined)
    return "Requests were still failing when the fault ended, or no request was acknowledged any more.";
  if (measures.recoveryTimeMs === 0) return "No request of a client that honours the TTL failed: no time was lost.";
  return fault.expectsFailover
    ? "The drill could not tell where the recovery time went."
    : "Nothing failed over, so there are no parts.";
}
