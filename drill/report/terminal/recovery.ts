import type { DrillResult } from "../../measure/result";
import { seconds } from "../figures";
import { displayWidth, padEnd, padStart } from "../plain-text";
import { recoveryTime, whyNoRecoveryParts } from "../verdict";
import type { Ink } from "./ink";
import { labelled } from "./lines";

/** Where each second of the recovery went, with a bar for each part. */
export function recoveryLines(ink: Ink, result: DrillResult): string[] {
  const parts = result.measures.recoveryParts.filter(({ ms }) => Number.isFinite(ms));
  const heading = labelled(ink, "Recovery", recoveryTime(result));
  if (parts.length === 0) return [...heading, ...labelled(ink, "", whyNoRecoveryParts(result))];
  const figures = parts.map(({ ms }) => ink.text(seconds(ms)));
  const figureWidth = Math.max(...figures.map(displayWidth));
  const names = parts.map(({ name }) => ink.clip(ink.text(name), Math.max(10, Math.floor(ink.columns / 2))));
  const nameWidth = Math.max(...names.map(displayWidth));
  const barRoom = ink.columns - figureWidth - nameWidth - 6;
  const longestMs = Math.max(1, ...parts.map(({ ms }) => ms));
  return [
    ...heading,
    ...parts.map(({ ms }, index) => {
      const bar = ink.levels.slice(-1).repeat(barRoom >= 5 ? Math.round((Math.max(0, ms) / longestMs) * barRoom) : 0);
      const figure = padStart(figures[index] ?? "", figureWidth);
      return ink.clip(`  ${figure}  ${padEnd(names[index] ?? "", nameWidth)}  ${bar}`.trimEnd());
    }),
  ];
}
