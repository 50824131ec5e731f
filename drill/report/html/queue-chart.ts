import type { Sample } from "../../measure/history";
import type { DrillResult } from "../../measure/result";
import { count, seconds } from "../figures";
import { clip } from "../plain-text";
import { regionsOf } from "../requests-over-time";
import { thinnedSamples } from "../states-over-time";
import { type ChartFrame, chart } from "./chart";
import { html, type Markup } from "./markup";
import { niceMaximum, valueLines } from "./value-axis";

interface Queue {
  readonly region: string;
  readonly index: number;
  readonly points: readonly { readonly atMs: number; readonly pending: number }[];
  readonly peak: number;
  readonly peakAtMs: number;
  readonly atEnd: number;
}

const HEIGHT = 150;
const POINT_LIMIT = 300;
const REGION_LIMIT = 6;
/** Units across the drawing of a line, which is then stretched over the plot. */
const ACROSS = 1000;

/** Acknowledged writes that are not replicated yet, by source region. */
export function queueChart(result: DrillResult, frame: ChartFrame): Markup {
  const samples = thinnedSamples(result.history.samples, POINT_LIMIT);
  const queues = regionsOf(result)
    .slice(0, REGION_LIMIT)
    .map((region, index) => queueOf(region, index, samples))
    .filter(({ points }) => points.length > 0);
  const heading = "Writes waiting to be replicated, by the region they come from";
  if (queues.length === 0)
    return html`<figure class="chart"><h3>${heading}</h3><p>No samples were recorded.</p></figure>`;
  const maximum = niceMaximum(Math.max(...queues.map(({ peak }) => peak)));
  const sentences = queues.map(
    ({ region, peak, peakAtMs, atEnd }) =>
      `from ${clip(region, 40)}: at most ${count(peak)}${peak > 0 ? ` at ${seconds(peakAtMs)}` : ""}, ${count(atEnd)} at the end`,
  );
  return chart(frame, {
    id: "queues",
    heading,
    description: `${sentences.join("; ")}.`,
    height: HEIGHT,
    legend: queues.map(
      ({ index }, at) =>
        html`<li><svg class="swatch" role="img" width="26" height="12"><title>${sentences[at] ?? ""}</title><desc>Line used for it in the chart</desc><line class="queue queue-${index}" x1="0" x2="26" y1="6" y2="6"/></svg>${sentences[at] ?? ""}</li>`,
    ),
    plot: [valueLines(maximum, HEIGHT), ...queues.map((queue) => drawn(queue, maximum, frame))],
    labels: peakLabels(queues, maximum, frame),
  });
}

function queueOf(region: string, index: number, samples: readonly Sample[]): Queue {
  const points = samples.flatMap(({ atMs, pendingWrites }) => {
    const pending = pendingWrites[region];
    return pending === undefined || !Number.isFinite(pending) ? [] : [{ atMs, pending }];
  });
  const highest = points.reduce((top, point) => (point.pending > top.pending ? point : top), { atMs: 0, pending: 0 });
  return { region, index, points, peak: highest.pending, peakAtMs: highest.atMs, atEnd: points.at(-1)?.pending ?? 0 };
}

/** The drawing is stretched across; its strokes are not. */
function drawn({ points, index }: Queue, maximum: number, { axis }: ChartFrame): Markup {
  const path = points
    .map(({ atMs, pending }, at) => {
      const x = (axis.percent(atMs) / 100) * ACROSS;
      return `${at === 0 ? "M" : "L"}${x.toFixed(1)} ${(HEIGHT - (pending / maximum) * HEIGHT).toFixed(1)}`;
    })
    .map((step) => html`${step}`);
  const first = (axis.percent(points[0]?.atMs ?? 0) / 100) * ACROSS;
  const last = (axis.percent(points.at(-1)?.atMs ?? 0) / 100) * ACROSS;
  return html`<svg class="stretched" role="presentation" width="100%" height="${HEIGHT}" viewBox="0 0 ${ACROSS} ${HEIGHT}" preserveAspectRatio="none"><title>Queue</title><desc>Line of the chart</desc><path class="area area-${index}" d="${path}L${last} ${HEIGHT}L${first} ${HEIGHT}Z"/><path class="queue queue-${index}" d="${path}"/></svg>`;
}

/** Each line's name at its peak, on the side where there is room; one that would touch another is left to the legend. */
function peakLabels(queues: readonly Queue[], maximum: number, { axis }: ChartFrame): Markup[] {
  const taken: { readonly x: number; readonly y: number }[] = [];
  return queues.flatMap(({ region, peak, peakAtMs }) => {
    const x = axis.percent(peakAtMs);
    const y = Math.max(14, HEIGHT - (peak / maximum) * HEIGHT - 8);
    if (peak === 0 || taken.some((other) => Math.abs(other.x - x) < 40 && Math.abs(other.y - y) < 18)) return [];
    taken.push({ x, y });
    const side = x > 50 ? { anchor: "end", dx: -8 } : { anchor: "start", dx: 8 };
    return [
      html`<text class="label" x="${x}%" y="${y}" dx="${side.dx}" text-anchor="${side.anchor}">${clip(region, 24)}</text>`,
    ];
  });
}
