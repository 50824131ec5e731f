import { html, type Markup } from "./markup";
import type { TimeAxis } from "./time-axis";

/** What all charts of a page share. */
export interface ChartFrame {
  readonly axis: TimeAxis;
  readonly faultBeganAtMs: number;
  readonly faultEndedAtMs: number;
  /** Where the events are marked. */
  readonly marksAtMs: readonly number[];
}

export interface ChartParts {
  /** Distinct on the page, for the references of screen readers. */
  readonly id: string;
  readonly heading: string;
  /** What the chart shows, for screen readers. */
  readonly description: string;
  /** Pixels of the plot, without the axis below. */
  readonly height: number;
  readonly legend?: readonly Markup[];
  readonly plot: readonly Markup[];
  /** Words on the plot; drawn last, so that nothing crosses them. */
  readonly labels?: readonly Markup[];
}

const AXIS_HEIGHT = 24;

/**
 * A chart over the common time axis. Lengths across are shares of the width and lengths down are pixels: the chart fits any screen while its
 * letters, strokes and patterns keep their size, which a scaled drawing could not offer.
 */
export function chart(
  frame: ChartFrame,
  { id, heading, description, height, legend = [], plot, labels = [] }: ChartParts,
): Markup {
  return html`<figure class="chart" id="${id}">
<figcaption><h3>${heading}</h3>${legend.length > 0 ? html`<ul class="legend">${legend}</ul>` : ""}</figcaption>
<svg role="img" aria-labelledby="${id}-title ${id}-desc" width="100%" height="${height + AXIS_HEIGHT}">
<title id="${id}-title">${heading}</title><desc id="${id}-desc">${description}</desc>
${outage(frame, height)}
${plot}
${frame.marksAtMs.map((at) => {
  const x = frame.axis.percent(at);
  return html`<line class="mark" x1="${x}%" x2="${x}%" y1="0" y2="${height}"/>`;
})}
${labels}
${frame.axis.drawn(height)}
</svg>
</figure>`;
}

/** The stretch of the fault, shaded from top to bottom. */
function outage({ axis, faultBeganAtMs, faultEndedAtMs }: ChartFrame, height: number): Markup {
  const from = axis.percent(faultBeganAtMs);
  const width = Math.max(0, axis.percent(faultEndedAtMs) - from);
  return html`<rect class="outage" x="${from}%" y="0" width="${width}%" height="${height}"/>`;
}

/** A legend's entry: a swatch filled as in the chart, then words. */
export function legendEntry(fill: string, text: string): Markup {
  return html`<li><svg class="swatch" role="img" width="18" height="12"><title>${text}</title><desc>Fill used for it in the chart</desc><rect width="18" height="12" fill="url(#${fill})"/></svg>${text}</li>`;
}

/** The narrowest plot, that of a telephone, and a wide one, in pixels. */
const NARROW_PLOT = 290;
const WIDE_PLOT = 900;
const LETTER = 7.5;

/** Class of a label inside a stretch of the width: always there, only on wide screens, or undefined where it never fits. */
export function labelClass(text: string, percentWide: number): "label" | "label wide" | undefined {
  const needed = text.length * LETTER + 6;
  if (needed <= (percentWide / 100) * NARROW_PLOT) return "label";
  return needed <= (percentWide / 100) * WIDE_PLOT ? "label wide" : undefined;
}
