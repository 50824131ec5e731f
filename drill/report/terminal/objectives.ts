import type { DrillResult } from "../../measure/result";
import { displayWidth, padEnd, padStart, wrap } from "../plain-text";
import type { Ink } from "./ink";

const NAME_LIMIT = 28;
const FIGURE_LIMIT = 24;
/** Narrower explanations read badly beside the figures; they go below them instead. */
const EXPLANATION_MINIMUM = 30;

/** A line for each objective: mark, name, measured, objective, explanation; then those that were not judged. */
export function objectiveLines(ink: Ink, { objectives, notJudged }: DrillResult): string[] {
  const unjudged = notJudged.map(({ reason, ...rest }) => ({ ...rest, measured: "not judged", explanation: reason }));
  const marked = [
    ...objectives.map((it) => ({ ...it, mark: it.isMet ? ink.good(ink.met) : ink.bad(ink.missed) })),
    ...unjudged.map((it) => ({ ...it, mark: ink.notJudged })),
  ];
  const cells = marked.map((objective) => ({
    mark: objective.mark,
    name: ink.clip(ink.text(objective.name), NAME_LIMIT),
    measured: ink.clip(ink.text(objective.measured), FIGURE_LIMIT),
    objective: ink.clip(ink.text(`objective ${objective.objective}`), FIGURE_LIMIT),
    explanation: ink.text(objective.explanation),
  }));
  const widest = (key: "name" | "measured" | "objective") => Math.max(...cells.map((cell) => displayWidth(cell[key])));
  const figuresWidth = ink.met.length + 1 + widest("name") + 2 + widest("measured") + 2 + widest("objective");
  const isBeside = ink.columns - figuresWidth - 2 >= EXPLANATION_MINIMUM;
  const margin = isBeside ? figuresWidth + 2 : ink.met.length + 1;
  return cells.flatMap((cell) => {
    const { mark } = cell;
    const figures = `${padEnd(cell.name, widest("name"))}  ${padStart(cell.measured, widest("measured"))}  ${cell.objective}`;
    const figuresRoom = ink.columns - ink.met.length - 1;
    const explanation = cell.explanation === "" ? [] : wrap(cell.explanation, Math.max(10, ink.columns - margin));
    const below = (isBeside ? explanation.slice(1) : explanation).map((line) => " ".repeat(margin) + ink.faint(line));
    if (!isBeside) return [`${mark} ${ink.clip(figures, figuresRoom)}`, ...below];
    const beside = padEnd(figures, figuresWidth - ink.met.length - 1) + "  ".concat(ink.faint(explanation[0] ?? ""));
    return [`${mark} ${beside}`.trimEnd(), ...below];
  });
}
