import type { DrillResult } from "../../measure/result";
import { count, roundSeconds, seconds } from "../figures";
import { type RequestBucket, requestBuckets } from "../requests-over-time";
import { type ChartFrame, chart, labelClass, legendEntry } from "./chart";
import { html, Markup } from "./markup";
import { floorOf, outlineOf, peakOf, type RequestLayer, requestLayers } from "./request-layers";
import { niceMaximum, valueLines } from "./value-axis";

const HEIGHT = 220;
const BUCKET_LIMIT = 300;

/** Requests per second, stacked: who acknowledged them, and which were not acknowledged. */
export function requestChart(result: DrillResult, frame: ChartFrame): Markup {
  const { perSecond } = result.measures;
  const buckets = requestBuckets(perSecond, BUCKET_LIMIT);
  const layers = requestLayers(result);
  const peak = peakOf(buckets, layers);
  if (peak === 0)
    return html`<figure class="chart"><h3>Requests per second</h3><p>No request was answered or timed out.</p></figure>`;
  const maximum = niceMaximum(peak);
  const bucketMs = (buckets[0]?.toMs ?? 0) - (buckets[0]?.fromMs ?? 0);
  const averaged = bucketMs > 1000 ? `, averaged over ${roundSeconds(bucketMs)}` : "";
  const totals = layers.map(({ meaning, total }) => `${meaning}: ${count(total)}`).join("; ");
  return chart(frame, {
    id: "requests",
    heading: `Requests per second${averaged}`,
    description:
      `Stacked over ${roundSeconds(frame.axis.spanMs)}, at most ${count(peak)} a second. ${totals}. ` +
      `The fault lasted from ${seconds(frame.faultBeganAtMs)} to ${seconds(frame.faultEndedAtMs, "the end")}.`,
    height: HEIGHT,
    legend: layers.map(({ meaning, fill, total }) => legendEntry(fill, `${meaning}: ${count(total)}`)),
    plot: [...stacked(buckets, layers, maximum, frame), valueLines(maximum, HEIGHT)],
    labels: [...faultLabel(frame), ...labels(buckets, layers, maximum, frame)],
  });
}

/**
 * One outline for each layer rather than a bar for each bucket: printers would paint the pattern anew for every bar, and a page would take
 * megabytes. A clipped rectangle, unlike a stretched path, leaves the pattern as it is.
 */
function stacked(
  buckets: readonly RequestBucket[],
  layers: readonly RequestLayer[],
  maximum: number,
  frame: ChartFrame,
): Markup[] {
  return layers.flatMap(({ fill, total }, index) => {
    if (total === 0) return [];
    const y = (value: number) => HEIGHT - (value / maximum) * HEIGHT;
    const corners = outlineOf(buckets, layers, index, { axis: frame.axis, yOf: y });
    const outline = corners.map(([x, height]) => `${x}% ${height}px`).join(",");
    return [
      html`<rect width="100%" height="${HEIGHT}" fill="url(#${fill})" style="clip-path:polygon(${new Markup(outline)})"/>`,
    ];
  });
}

/** Each layer's name on its longest stretch, where there is room for it. */
function labels(
  buckets: readonly RequestBucket[],
  layers: readonly RequestLayer[],
  maximum: number,
  frame: ChartFrame,
): Markup[] {
  return layers.flatMap(({ name, valueAt }, index) => {
    const run = longestRun(buckets, (bucket) => (valueAt(bucket) / maximum) * HEIGHT >= 18);
    const from = frame.axis.percent(run[0]?.fromMs ?? 0);
    const width = frame.axis.percent(run.at(-1)?.toMs ?? 0) - from;
    const kind = labelClass(name, width);
    const middle = run[Math.floor(run.length / 2)];
    if (kind === undefined || middle === undefined) return [];
    const y = HEIGHT - ((floorOf(middle, layers, index) + valueAt(middle) / 2) / maximum) * HEIGHT + 4;
    return [html`<text class="${kind}" x="${from + width / 2}%" y="${y}" text-anchor="middle">${name}</text>`];
  });
}

/** The shading's name at its top, above whatever was acknowledged meanwhile. */
function faultLabel({ axis, faultBeganAtMs, faultEndedAtMs }: ChartFrame): Markup[] {
  const from = axis.percent(faultBeganAtMs);
  const width = axis.percent(faultEndedAtMs) - from;
  const texts = [`fault: ${seconds(faultBeganAtMs)} to ${seconds(faultEndedAtMs, "the end")}`, "fault"];
  const text = texts.find((candidate) => labelClass(candidate, width) === "label");
  if (text === undefined) return [];
  return [html`<text class="label" x="${from + width / 2}%" y="16" text-anchor="middle">${text}</text>`];
}

function longestRun(buckets: readonly RequestBucket[], holds: (bucket: RequestBucket) => boolean): RequestBucket[] {
  let longest: RequestBucket[] = [];
  let current: RequestBucket[] = [];
  for (const bucket of buckets) {
    current = holds(bucket) ? [...current, bucket] : [];
    if (current.length > longest.length) longest = current;
  }
  return longest;
}
