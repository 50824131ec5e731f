import type { DrillResult } from "../../measure/result";
import { seconds, share } from "../figures";
import { clip } from "../plain-text";
import { whyNoRecoveryParts } from "../verdict";
import { labelClass } from "./chart";
import { partFill } from "./fills";
import { html, type Markup } from "./markup";

interface Part {
  readonly name: string;
  readonly ms: number;
  readonly fill: string;
}

const PART_LIMIT = 12;

/** Where the recovery time went: a bar of its parts, and the same as a list. */
export function recoveryBar(result: DrillResult): Markup {
  const parts = partsOf(result);
  const totalMs = parts.reduce((sum, { ms }) => sum + ms, 0);
  if (totalMs <= 0) return html`<p>${whyNoRecoveryParts(result)}</p>`;
  const said = parts.map(({ name, ms }) => `${name}: ${seconds(ms)}`).join("; ");
  let x = 0;
  const segments = parts.map(({ ms, fill }) => {
    const width = (ms / totalMs) * 100;
    const figure = seconds(ms);
    const kind = labelClass(figure, width);
    const label = kind
      ? html`<text class="${kind}" x="${x + width / 2}%" y="27" text-anchor="middle">${figure}</text>`
      : "";
    const segment = html`<rect class="band" fill="url(#${fill})" x="${x}%" y="0" width="${width}%" height="44"/>${label}`;
    x += width;
    return segment;
  });
  return html`<svg class="recovery" role="img" aria-labelledby="recovery-title recovery-desc" width="100%" height="44">
<title id="recovery-title">Parts of the recovery time</title><desc id="recovery-desc">${said}.</desc>
${segments}
</svg>
<ol class="parts">${parts.map(
    ({ name, ms, fill }) =>
      html`<li><svg class="swatch" role="img" width="18" height="12"><title>${name}</title><desc>Fill used for it in the bar</desc><rect width="18" height="12" fill="url(#${fill})"/></svg><span>${name}</span> <b class="figure">${seconds(ms)}</b> <span class="figure quiet">${share(ms, totalMs)}</span></li>`,
  )}</ol>`;
}

/** The parts, and what they leave unexplained. */
function partsOf({ measures: { recoveryParts, recoveryTimeMs = 0 } }: DrillResult): Part[] {
  const known = recoveryParts.filter(({ ms }) => Number.isFinite(ms) && ms > 0).slice(0, PART_LIMIT);
  const restMs = recoveryTimeMs - known.reduce((sum, { ms }) => sum + ms, 0);
  const isNotable = known.length > 0 && restMs > recoveryTimeMs / 100;
  const all = isNotable ? [...known, { name: "not accounted for", ms: restMs }] : known;
  return all.map(({ name, ms }, index) => ({
    name: clip(name, 80),
    ms,
    fill: isNotable && index === known.length ? "fill-nowhere" : partFill(index),
  }));
}
