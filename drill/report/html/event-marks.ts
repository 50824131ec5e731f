import type { DrillResult } from "../../measure/result";
import { count, seconds } from "../figures";
import { html, type Markup, NOTHING } from "./markup";
import type { TimeAxis } from "./time-axis";

/** An event with its number, which the charts and the table of events share. */
export interface EventMark {
  readonly number: number;
  /** Place in the history. */
  readonly index: number;
  readonly atMs: number;
  readonly kind: string;
}

/** More marks than that would hide the charts. */
const MARK_LIMIT = 24;
/** Share of the width that a mark needs on a telephone. */
const MARK_PERCENT = 7;
const ROW_HEIGHT = 22;

/** All events or, when they are too many, the first and the last of each kind. */
export function eventMarks({ history: { events } }: DrillResult): EventMark[] {
  const firstAndLast = new Map<string, number[]>();
  events.forEach(({ kind }, index) => {
    firstAndLast.set(kind, [firstAndLast.get(kind)?.[0] ?? index, index]);
  });
  const all = events.map(({ atMs, kind }, index) => ({ index, atMs, kind }));
  const isTelling = ({ index, kind }: { index: number; kind: string }) =>
    all.length <= MARK_LIMIT || firstAndLast.get(kind)?.includes(index);
  return all.filter(isTelling).map((event, position) => ({ ...event, number: position + 1 }));
}

/** Numbered marks above the charts, each in the first row where it touches no other, and what the numbers mean. */
export function eventLane(marks: readonly EventMark[], eventCount: number, axis: TimeAxis): Markup {
  if (marks.length === 0) return NOTHING;
  const rowEnds: number[] = [];
  const placed = marks.map((mark) => {
    const x = axis.percent(mark.atMs);
    const free = rowEnds.findIndex((end) => x - end >= MARK_PERCENT);
    const row = free < 0 ? rowEnds.length : free;
    rowEnds[row] = x;
    return { ...mark, x, row };
  });
  const height = rowEnds.length * ROW_HEIGHT;
  const left = eventCount - marks.length;
  return html`<figure class="chart" id="marks">
<figcaption><h3>Events</h3><ol class="marks">${marks.map(({ number, atMs, kind }) => html`<li><b>${number}</b> ${kind} <span class="figure">${seconds(atMs)}</span></li>`)}</ol>${left > 0 ? html`<p>Of each kind, the first and the last are marked; ${count(left)} others are not.</p>` : ""}</figcaption>
<svg role="img" aria-labelledby="marks-title marks-desc" width="100%" height="${height}">
<title id="marks-title">Events on the time axis</title><desc id="marks-desc">${marks.map(({ number, kind, atMs }) => html`${number}: ${kind} at ${seconds(atMs)}.`)}</desc>
${placed.map(({ x, row }) => html`<line class="mark" x1="${x}%" x2="${x}%" y1="${row * ROW_HEIGHT + 11}" y2="${height}"/>`)}
${placed.map(
  ({ x, row, number }) =>
    html`<circle class="mark-disc" cx="${x}%" cy="${row * ROW_HEIGHT + 11}" r="9"/><text class="mark-number" x="${x}%" y="${row * ROW_HEIGHT + 15}" text-anchor="middle">${number}</text>`,
)}
</svg>
</figure>`;
}
