import type { DrillResult } from "../measure/result";
import { count, roundSeconds, seconds } from "./figures";
import { html, type Markup, NOTHING } from "./html/markup";
import { outlineOf, peakOf, type RequestLayer, requestLayers } from "./html/request-layers";
import { TimeAxis } from "./html/time-axis";
import { niceMaximum, valueLines } from "./html/value-axis";
import { clip } from "./plain-text";
import { requestBuckets, spanMs } from "./requests-over-time";

export const PLOT_HEIGHT = 190;
const LEFT = 52;
const WIDTH = 820;
const BUCKET_LIMIT = 130;
const LEGEND_LIMIT = 5;
/** Pixels of a letter of 12 and of 13 pixels, at their widest. */
const SMALL_LETTER = 6.7;
const LETTER = 7.2;

/** Requests over time, stacked by who answered, with the fault's stretch and the moment of failover. */
export function pictureChart(result: DrillResult, top: number): Markup {
  const axis = new TimeAxis(spanMs(result));
  const buckets = requestBuckets(result.measures.perSecond, BUCKET_LIMIT);
  const layers = requestLayers(result);
  const peak = peakOf(buckets, layers);
  const maximum = niceMaximum(peak);
  const yOf = (value: number) => PLOT_HEIGHT - (value / maximum) * PLOT_HEIGHT;
  const [first] = buckets;
  const averaged =
    first === undefined || first.toMs - first.fromMs <= 1000
      ? ""
      : `, averaged over ${roundSeconds(first.toMs - first.fromMs)}`;
  const areas = layers.flatMap(({ fill, total }, index) => {
    if (total === 0) return [];
    const corners = outlineOf(buckets, layers, index, { axis, yOf });
    return [html`<polygon fill="url(#${fill})" points="${points(corners)}"/>`];
  });
  return html`<text class="strong" x="24" y="${top - 50}">Requests per second${averaged}</text>
${legend(layers, top - 50)}
<svg x="${LEFT}" y="${top}" width="${WIDTH}" height="${PLOT_HEIGHT}" overflow="visible">
<title>Requests per second</title><desc>${description(result, layers)}</desc>
${outage(result, axis)}
${areas}
${peak === 0 ? html`<text x="50%" y="${PLOT_HEIGHT / 2}" text-anchor="middle">No request was answered or timed out.</text>` : valueLines(maximum, PLOT_HEIGHT)}
${axis.drawn(PLOT_HEIGHT)}
${failover(result, axis)}
</svg>`;
}

/** Numbers, which are never escaped as text that might be cut. */
function points(corners: readonly [number, string][]): Markup {
  return corners
    .map(([x, y]) => html`${(x / 100) * WIDTH},${Number(y)} `)
    .reduce((all, one) => html`${all}${one}`, NOTHING);
}

/** A swatch and a name for each layer, set from the right because the heading is on the left. */
function legend(layers: readonly RequestLayer[], y: number): Markup[] {
  let right = LEFT + WIDTH;
  const shown = layers.filter(({ total }) => total > 0);
  return shown
    .slice(-LEGEND_LIMIT)
    .reverse()
    .map(({ name, fill, total }) => {
      const text = `${clip(name, 14)}: ${count(total)}`;
      const x = right - text.length * SMALL_LETTER;
      right = x - 42;
      return html`<rect x="${x - 24}" y="${y - 10}" width="18" height="12" fill="url(#${fill})"/><text class="small" x="${x}" y="${y}">${text}</text>`;
    });
}

function description({ measures }: DrillResult, layers: readonly RequestLayer[]): string {
  const totals = layers.map(({ meaning, total }) => `${meaning}: ${count(total)}`).join("; ");
  return `${totals}. The fault lasted from ${seconds(measures.faultBeganAtMs)} to ${seconds(measures.faultEndedAtMs, "the end")}.`;
}

/** The fault's stretch: shaded behind the requests, with a bracket and its times above. */
function outage({ measures: { faultBeganAtMs, faultEndedAtMs } }: DrillResult, axis: TimeAxis): Markup {
  const from = xOf(axis, faultBeganAtMs);
  const to = Math.max(from, xOf(axis, faultEndedAtMs));
  const label = `fault: ${seconds(faultBeganAtMs)} to ${seconds(faultEndedAtMs, "the end")}`;
  const { x, anchor } = placed((from + to) / 2, label);
  return html`<rect class="outage" x="${from}" y="0" width="${to - from}" height="${PLOT_HEIGHT}"/>
<path class="edge" d="M${from} 0v-24H${to}v24"/><text class="strong" x="${x}" y="-29" text-anchor="${anchor}">${label}</text>`;
}

/** The moment at which the name led elsewhere for the first time. */
function failover({ measures, topology }: DrillResult, axis: TimeAxis): Markup {
  const { faultBeganAtMs, switchTimeMs } = measures;
  if (switchTimeMs === undefined) return NOTHING;
  const at = xOf(axis, faultBeganAtMs + switchTimeMs);
  const label = `failover to ${clip(topology.secondaryRegion, 20)}`;
  const isLeft = at + 6 + label.length * LETTER > WIDTH;
  return html`<line class="failover" x1="${at}" x2="${at}" y1="-20" y2="${PLOT_HEIGHT}"/>
<text class="strong" x="${isLeft ? at - 6 : at + 6}" y="-8" text-anchor="${isLeft ? "end" : "start"}">${label}</text>`;
}

function xOf(axis: TimeAxis, atMs: number): number {
  return (axis.percent(atMs) / 100) * WIDTH;
}

/** Centred on a place, or set from an edge of the plot where it would leave it. */
function placed(centre: number, text: string): { x: number; anchor: "start" | "middle" | "end" } {
  const half = (text.length * LETTER) / 2;
  if (centre - half < 0) return { x: 0, anchor: "start" };
  if (centre + half > WIDTH) return { x: WIDTH, anchor: "end" };
  return { x: centre, anchor: "middle" };
}
