import type { DrillResult } from "../../measure/result";
import { count, roundSeconds, seconds } from "../figures";
import { displayWidth, padEnd, padStart } from "../plain-text";
import { type RequestBucket, regionsOf, requestBuckets, requestTotals } from "../requests-over-time";
import type { Ink } from "./ink";
import { labelled } from "./lines";

interface Row {
  readonly label: string;
  readonly total: string;
  readonly perSecond: readonly number[];
}

const LABEL_LIMIT = 16;

/** Requests over time at a glance: a row for each region that answered and each way to fail, one scale for all. */
export function requestsStrip(ink: Ink, result: DrillResult): string[] {
  const totals = requestTotals(result.measures.perSecond);
  if (totals.all === 0) return labelled(ink, "Requests", "none was answered or timed out");
  const labelWidth = Math.max(...rowsOf(ink, result, []).map(({ label }) => displayWidth(label)));
  const totalWidth = Math.max(...rowsOf(ink, result, []).map(({ total }) => displayWidth(total)), 5);
  const buckets = requestBuckets(result.measures.perSecond, Math.max(5, ink.columns - labelWidth - totalWidth - 4));
  const rows = rowsOf(ink, result, buckets);
  const highest = Math.max(...rows.flatMap(({ perSecond }) => perSecond));
  const bucketMs = (buckets[0]?.toMs ?? 0) - (buckets[0]?.fromMs ?? 0);
  const scale = `one column is ${roundSeconds(bucketMs)}, a full block ${count(highest)}/s; totals on the right`;
  return [
    ...labelled(ink, "Requests", scale),
    ...rows.map(
      ({ label, total, perSecond }) =>
        `${padEnd(label, labelWidth)}  ${perSecond.map((value) => level(ink, value / highest)).join("")}  ${padStart(total, totalWidth)}`,
    ),
    `${padEnd("fault", labelWidth)}  ${faultRow(ink, result, buckets)}`.trimEnd(),
    `${" ".repeat(labelWidth)}  ${ink.faint(axis(ink, buckets))}`,
  ];
}

function rowsOf(ink: Ink, result: DrillResult, buckets: readonly RequestBucket[]): Row[] {
  const totals = requestTotals(result.measures.perSecond);
  const regions = regionsOf(result).map((region) => ({
    label: ink.clip(ink.text(region), LABEL_LIMIT),
    total: ink.text(count(totals.acknowledged.get(region) ?? 0)),
    perSecond: buckets.map(({ acknowledged }) => acknowledged[region] ?? 0),
  }));
  const failed = { label: "failed", total: ink.text(count(totals.failed)), perSecond: buckets.map((at) => at.failed) };
  const unknown = {
    label: "no answer",
    total: ink.text(count(totals.indeterminate)),
    perSecond: buckets.map((at) => at.indeterminate),
  };
  return totals.indeterminate > 0 ? [...regions, failed, unknown] : [...regions, failed];
}

/** The smallest bar already means "some": a single failure must not look like none. */
function level(ink: Ink, fraction: number): string {
  const top = ink.levels.length - 1;
  const index = fraction > 0 ? Math.min(top, Math.max(1, Math.round(fraction * top))) : 0;
  return ink.levels.charAt(index);
}

function faultRow(ink: Ink, { measures }: DrillResult, buckets: readonly RequestBucket[]): string {
  const { faultBeganAtMs, faultEndedAtMs } = measures;
  const first = buckets.findIndex(({ toMs }) => toMs > faultBeganAtMs);
  const cells = buckets.filter(({ toMs, fromMs }) => toMs > faultBeganAtMs && fromMs < faultEndedAtMs).length;
  if (first < 0 || cells === 0) return "none";
  const label = ink.text(` ${seconds(faultBeganAtMs)} to ${seconds(faultEndedAtMs, "the end")} `);
  const inner = Math.max(0, cells - 2);
  const { from, along, to } = ink.stretch;
  if (inner < label.length) return ink.clip(" ".repeat(first) + from + along.repeat(inner) + (cells > 1 ? to : ""));
  const before = Math.floor((inner - label.length) / 2);
  const after = inner - label.length - before;
  return " ".repeat(first) + from + along.repeat(before) + label + along.repeat(after) + to;
}

function axis(ink: Ink, buckets: readonly RequestBucket[]): string {
  const start = ink.text(roundSeconds(0));
  const end = ink.text(roundSeconds(buckets.at(-1)?.toMs ?? 0));
  return start + padStart(end, Math.max(end.length + 1, buckets.length - start.length));
}
