import type { DrillResult } from "../../measure/result";
import { seconds } from "../figures";
import { clip } from "../plain-text";
import { regionsOf } from "../requests-over-time";
import { changesOf, type Run, runs, thinnedSamples } from "../states-over-time";
import { type ChartFrame, chart, labelClass } from "./chart";
import { regionFill } from "./fills";
import { html, type Markup } from "./markup";

interface Band {
  readonly name: string;
  /** A name short enough for a phone. */
  readonly shortName: string;
  readonly runs: readonly Run[];
  readonly fillOf: (state: string) => string;
}

const BAND_HEIGHT = 24;
const ROW_HEIGHT = 54;
const SAMPLE_LIMIT = 300;
const CHECK_LIMIT = 8;
const NOWHERE = "nowhere";

/** One band for each health check's verdict, and one for the DNS answer. */
export function bandChart(result: DrillResult, frame: ChartFrame): Markup {
  const bands = bandsOf(result, frame.axis.spanMs);
  const heading = "Health checks and DNS answer";
  if (bands.length === 0)
    return html`<figure class="chart"><h3>${heading}</h3><p>No samples were recorded.</p></figure>`;
  const sentences = bands.map(
    (band) =>
      `${band.name}: ${band.runs
        .slice(0, 12)
        .map(({ state, fromMs, toMs }) => `${clip(state, 40)} from ${seconds(fromMs)} to ${seconds(toMs)}`)
        .join(", ")}.`,
  );
  return chart(frame, {
    id: "states",
    heading,
    description: sentences.join(" "),
    height: bands.length * ROW_HEIGHT,
    plot: bands.map((band, index) => drawn(band, index * ROW_HEIGHT, frame)),
    labels: bands.map((band, index) => labelled(band, index * ROW_HEIGHT, frame)),
  });
}

function bandsOf(result: DrillResult, endMs: number): Band[] {
  const { events } = result.history;
  const samples = thinnedSamples(result.history.samples, SAMPLE_LIMIT);
  if (samples.length === 0) return [];
  const regions = regionsOf(result);
  const ids = [...new Set(samples.flatMap(({ isHealthy }) => Object.keys(isHealthy)))].slice(0, CHECK_LIMIT);
  const checks = ids.map((id) => ({
    name: `Health check ${clip(id, 60)}`,
    shortName: `Health check ${tail(id, 28)}`,
    runs: runs(
      samples,
      ({ isHealthy }) => (isHealthy[id] === undefined ? undefined : isHealthy[id] ? "healthy" : "unhealthy"),
      changesOf(events, ["check healthy", "check unhealthy"], ids.length > 1 ? id : undefined),
      endMs,
    ),
    fillOf: (state: string) => (state === "healthy" ? "fill-healthy" : "fill-failed"),
  }));
  const answer = {
    name: `${clip(result.topology.apiName, 60)} resolves to`,
    shortName: `${clip(result.topology.apiName, 30)} resolves to`,
    runs: runs(samples, (sample) => sample.answer ?? NOWHERE, changesOf(events, ["answer changed"]), endMs),
    fillOf: (state: string) => (state === NOWHERE ? "fill-nowhere" : regionFill(regions.indexOf(state))),
  };
  return [...checks, answer];
}

/** The end of an address tells most: `...health_check.PrimaryHealth`. */
function tail(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `…${characters.slice(1 - length).join("")}`;
}

function drawn(band: Band, top: number, { axis }: ChartFrame): Markup {
  return html`${band.runs.map((run) => {
    const x = axis.percent(run.fromMs);
    const width = axis.percent(run.toMs) - x;
    return html`<rect class="band" fill="url(#${band.fillOf(run.state)})" x="${x}%" y="${top + 24}" width="${width}%" height="${BAND_HEIGHT}"/>`;
  })}`;
}

function labelled(band: Band, top: number, { axis }: ChartFrame): Markup {
  const states = band.runs.flatMap((run) => {
    const x = axis.percent(run.fromMs);
    const width = axis.percent(run.toMs) - x;
    const kind = labelClass(run.state, width);
    if (kind === undefined) return [];
    return [html`<text class="${kind}" x="${x + width / 2}%" y="${top + 40}" text-anchor="middle">${run.state}</text>`];
  });
  return html`<text class="label band-name" x="0" y="${top + 17}">${band.shortName}</text>${states}`;
}
