import type { DrillResult } from "../measure/result";
import { roundSeconds, typeset } from "./figures";
import { fillPatterns } from "./html/fills";
import { html, Markup, NOTHING } from "./html/markup";
import { COLOURS, FILLS } from "./html/style";
import { PLOT_HEIGHT, pictureChart } from "./picture-chart";
import { clip } from "./plain-text";
import { closingLine, failoverSentence } from "./verdict";

/** User units, which are pixels where the picture has its own size. */
const WIDTH = 900;
const MARGIN = 24;
const ROWS_TOP = 140;
const ROW_HEIGHT = 22;
const COLUMN_WIDTH = 436;
const COLUMNS = 2;
/** More would leave the picture no picture. */
const ROW_LIMIT = 16;
/** From the last row of objectives to the plot, and from there to the lower edge. */
const ABOVE_PLOT = 86;
const BELOW_PLOT = 38;
/** Letters that fit into the width, and into a column of the objectives. */
const LETTERS = { headline: 52, line: 118, fault: 70, name: 23, measured: 20, objective: 15 } as const;

const STYLE = `
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--text)}
.ground-plate{fill:var(--page);stroke:var(--line)}
.quiet,.axis text,.values text{fill:var(--quiet)}
.small,.axis text,.values text{font-size:12px}
.line{font-size:14px}
.headline{font-size:27px;font-weight:700}
.met{fill:var(--good)}
.missed{fill:var(--bad)}
.strong{font-weight:600}
.outage{fill:var(--outage)}
.axis line{stroke:var(--quiet)}
.values line{stroke:var(--quiet);stroke-opacity:.35}
.edge{stroke:var(--mark);stroke-width:1.5;fill:none}
.failover{stroke:var(--mark);stroke-width:2;stroke-dasharray:5 3}
`;

/** The drill's outcome as one SVG that needs nothing else: no script, no font, no page around it. It brings its own ground, light or dark. */
export function drillPicture(result: DrillResult): string {
  const { text, rowsBottom } = objectives(result);
  const plotTop = rowsBottom + ABOVE_PLOT;
  const height = plotTop + PLOT_HEIGHT + BELOW_PLOT;
  const picture = html`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="picture-title picture-desc">
<title id="picture-title">Region-outage drill: ${closingLine(result)}</title>
<desc id="picture-desc">${clip(result.fault.name, LETTERS.fault)}: ${clip(result.fault.description, LETTERS.line)}. ${failoverSentence(result)}</desc>
<style>${new Markup(`${COLOURS}${STYLE}${FILLS}`)}</style>
${fillPatterns()}
<rect class="ground-plate" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
${heading(result)}
${text}
${pictureChart(result, plotTop)}
</svg>`;
  return `${picture.text.replace(/[\ufffe\uffff]/g, "\ufffd")}\n`; // XML has no place for these two.
}

function heading(result: DrillResult): Markup {
  const { fault, options } = result;
  const outcome = outcomeOf(result);
  const drilled = `seed ${options.seed}, speed ${options.speed}, ${roundSeconds(options.durationMs)} of fault`;
  return html`<text class="quiet line" x="${MARGIN}" y="34">Region-outage drill: <tspan class="strong">${clip(fault.name, LETTERS.fault)}</tspan></text>
<text class="quiet small" x="${WIDTH - MARGIN}" y="34" text-anchor="end">${clip(drilled, 40)}</text>
<text class="headline ${outcome}" x="${MARGIN}" y="68">${clip(signed(outcome, closingLine(result)), LETTERS.headline)}</text>
<text class="line" x="${MARGIN}" y="93">${typeset(clip(capital(fault.description), LETTERS.line))}</text>
<text class="line" x="${MARGIN}" y="112">${clip(failoverSentence(result), LETTERS.line)}</text>`;
}

type Outcome = "met" | "missed" | "neutral";

function outcomeOf({ objectives }: DrillResult): Outcome {
  if (objectives.length === 0) return "neutral";
  return objectives.every(({ isMet }) => isMet) ? "met" : "missed";
}

function signed(outcome: Outcome, text: string): string {
  return outcome === "neutral" ? text : `${outcome === "met" ? "✓" : "✗"} ${text}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) || text === "" ? "" : "."}`;
}

interface Row {
  readonly outcome: Outcome;
  readonly name: string;
  readonly measured: string;
  readonly objective: string;
}

/** Each objective in two columns, read downwards, and those that the fault cannot judge. */
function objectives(result: DrillResult): { text: Markup; rowsBottom: number } {
  const rows = rowsOf(result);
  if (rows.length === 0) return { text: NOTHING, rowsBottom: ROWS_TOP - ROW_HEIGHT };
  const perColumn = Math.ceil(rows.length / COLUMNS);
  const columns = rows.length > perColumn ? COLUMNS : 1;
  const heads = Array.from({ length: columns }, (_, column) => {
    const x = MARGIN + column * COLUMN_WIDTH;
    return html`<text class="quiet small" x="${x + 172}" y="${ROWS_TOP}">measured</text><text class="quiet small" x="${x + 322}" y="${ROWS_TOP}">objective</text>`;
  });
  const lines = rows.map((row, index) => {
    const x = MARGIN + Math.floor(index / perColumn) * COLUMN_WIDTH;
    return line(row, x, ROWS_TOP + ((index % perColumn) + 1) * ROW_HEIGHT - 2);
  });
  return { text: html`${heads}${lines}`, rowsBottom: ROWS_TOP + perColumn * ROW_HEIGHT };
}

function rowsOf(result: DrillResult): Row[] {
  const judged = result.objectives.map(({ isMet, ...row }): Row => ({ ...row, outcome: isMet ? "met" : "missed" }));
  const rest = result.notJudged.map((row): Row => ({ ...row, outcome: "neutral", measured: "not judged" }));
  const missedFirst = judged.length + rest.length <= ROW_LIMIT ? judged : judged.sort(byOutcome);
  return [...missedFirst, ...rest].slice(0, ROW_LIMIT);
}

/** What was missed is never what is left out. */
function byOutcome(a: Row, b: Row): number {
  return Number(a.outcome === "met") - Number(b.outcome === "met");
}

function line({ outcome, name, measured, objective }: Row, x: number, y: number): Markup {
  const sign = outcome === "neutral" ? "–" : signed(outcome, "").trim();
  const kind = outcome === "missed" ? "strong missed" : "strong";
  return html`<text class="${outcome} strong" x="${x}" y="${y}">${sign}</text><text x="${x + 20}" y="${y}">${clip(name, LETTERS.name)}</text><text class="${kind}" x="${x + 172}" y="${y}">${typeset(clip(measured, LETTERS.measured))}</text><text class="quiet" x="${x + 322}" y="${y}">${typeset(clip(objective, LETTERS.objective))}</text>`;
}
