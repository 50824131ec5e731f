import { padEnd, padStart, wrap } from "../plain-text";
import type { Ink } from "./ink";

/** Width of the words in front of the first lines: `Scenario   `. */
const LABEL_WIDTH = 11;

/** `Scenario   text`, wrapped under itself. */
export function labelled(ink: Ink, label: string, text: string): string[] {
  return wrap(ink.text(text), ink.columns - LABEL_WIDTH).map(
    (line, index) => ink.strong(padEnd(index === 0 ? label : "", LABEL_WIDTH)) + line,
  );
}

/** `   58.0 s  text`, wrapped under itself; `width` is that of the widest figure. */
export function timed(ink: Ink, figure: string, width: number, text: string): string[] {
  const margin = width + 4;
  return wrap(ink.text(text), Math.max(10, ink.columns - margin)).map(
    (line, index) => `  ${padStart(index === 0 ? figure : "", width)}  ${line}`,
  );
}
