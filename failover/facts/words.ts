import type { Answer } from "../answer";
import type { Count, QueueDepth } from "../ports";
import type { EndpointAnswer } from "./facts";

/** A cell: the answer in words, or why there is none. */
export function cell<T>(answer: Answer<T>, words: (value: T) => string): string {
  return answer.isKnown ? words(answer.value) : answer.short;
}

export const endpointWords = ({ status, tookMs }: EndpointAnswer) => `${status} in ${durationWords(tookMs)}`;

export function durationWords(durationMs: number): string {
  return durationMs < 1_000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1_000).toFixed(1)} s`;
}

export function queueWords({ visible, inFlight, delayed }: QueueDepth): string {
  const others = [inFlight > 0 ? `${inFlight} in flight` : "", delayed > 0 ? `${delayed} delayed` : ""];
  return [`${visible} waiting`, ...others].filter((part) => part !== "").join(", ");
}

export const countWords = ({ count, isAtLeast }: Count) => (isAtLeast ? `${count} or more` : String(count));

/** `2026-11-23T01:45:57.123Z` without the parts that people do not need. */
export function timeWords(iso: string): string {
  return iso.replace("T", " ").replace(/(?:\.\d+)?Z$/, " UTC");
}
