import type { DrillResult } from "../../measure/result";
import { clip } from "../plain-text";
import { type RequestBucket, regionsOf, requestTotals } from "../requests-over-time";
import { regionFill } from "./fills";
import type { TimeAxis } from "./time-axis";

/** Something that is stacked: the requests of one region, or those that were not acknowledged. */
export interface RequestLayer {
  /** On the chart. */
  readonly name: string;
  /** In the legend. */
  readonly meaning: string;
  readonly fill: string;
  readonly total: number;
  readonly valueAt: (bucket: RequestBucket) => number;
}

const REGION_LIMIT = 6;

/** From the lowest layer to the highest. */
export function requestLayers(result: DrillResult): RequestLayer[] {
  const totals = requestTotals(result.measures.perSecond);
  const regions = regionsOf(result).slice(0, REGION_LIMIT);
  const unacknowledged: RequestLayer[] = [
    {
      name: "failed",
      meaning: "failed",
      fill: "fill-failed",
      total: totals.failed,
      valueAt: (bucket) => bucket.failed,
    },
    {
      name: "no answer",
      meaning: "no answer: effect unknown",
      fill: "fill-unknown",
      total: totals.indeterminate,
      valueAt: (bucket) => bucket.indeterminate,
    },
  ];
  return [
    ...regions.map((region, index) => ({
      name: clip(region, 40),
      meaning: `acknowledged by ${clip(region, 40)}`,
      fill: regionFill(index),
      total: totals.acknowledged.get(region) ?? 0,
      valueAt: ({ acknowledged }: RequestBucket) => acknowledged[region] ?? 0,
    })),
    ...unacknowledged,
  ];
}

/** The most requests per second that any bucket holds. */
export function peakOf(buckets: readonly RequestBucket[], layers: readonly RequestLayer[]): number {
  return Math.max(0, ...buckets.map((bucket) => floorOf(bucket, layers, layers.length)));
}

/** How many requests per second are below a layer. */
export function floorOf(bucket: RequestBucket, layers: readonly RequestLayer[], index: number): number {
  return layers.slice(0, index).reduce((sum, { valueAt }) => sum + valueAt(bucket), 0);
}

/** Corners of a layer's outline: the share of the width, then the height by `yOf`. */
export function outlineOf(
  buckets: readonly RequestBucket[],
  layers: readonly RequestLayer[],
  index: number,
  { axis, yOf }: { axis: TimeAxis; yOf: (value: number) => number },
): [number, string][] {
  const line = (level: number) => steps(buckets, axis, (bucket) => yOf(floorOf(bucket, layers, level)).toFixed(1));
  return [...line(index + 1), ...line(index).reverse()];
}

/** Corners of a line of steps; a step as high as the one before needs none. */
function steps(
  buckets: readonly RequestBucket[],
  axis: TimeAxis,
  heightOf: (bucket: RequestBucket) => string,
): [number, string][] {
  const heights = buckets.map(heightOf);
  return buckets.flatMap(({ fromMs, toMs }, index) => {
    const height = heights[index] ?? "0";
    return [
      ...(height === heights[index - 1] ? [] : [[axis.percent(fromMs), height] as [number, string]]),
      ...(height === heights[index + 1] ? [] : [[axis.percent(toMs), height] as [number, string]]),
    ];
  });
}
