import { html, type Markup } from "./markup";

/** Fills for regions in their order; each is told from the others by its pattern, not only by its colour. */
const REGION_FILLS = ["fill-first", "fill-second", "fill-third", "fill-fourth"] as const;

export function regionFill(index: number): string {
  return REGION_FILLS[Math.min(Math.max(0, index), REGION_FILLS.length - 1)] ?? "fill-first";
}

const PART_FILLS = 6;

/** Recovery parts, one after the other. */
export function partFill(index: number): string {
  return `fill-part-${index % PART_FILLS}`;
}

/** Patterns that all drawings of the page refer to. Colours come from the style sheet, which knows of dark screens and of paper. */
export function fillDefinitions(): Markup {
  return html`<svg class="definitions" role="img" width="0" height="0"><title>Patterns</title><desc>Fills that the charts share; nothing to see here</desc>${fillPatterns()}</svg>`;
}

/** The patterns alone, for a drawing that stands by itself. */
export function fillPatterns(): Markup {
  return html`<defs>
${pattern("fill-first", 8, 0, html``)}
${pattern("fill-second", 7, 45, html`<rect class="ink" width="2" height="7"/>`)}
${pattern("fill-third", 7, 0, html`<rect class="ink" width="2" height="7"/>`)}
${pattern("fill-fourth", 7, 0, html`<rect class="ink" width="7" height="2"/>`)}
${pattern("fill-failed", 6, -45, html`<rect class="ink" width="2" height="6"/><rect class="ink" width="6" height="2"/>`)}
${pattern("fill-unknown", 6, 0, html`<circle class="ink" cx="3" cy="3" r="1.4"/>`)}
${pattern("fill-healthy", 8, 0, html``)}
${pattern("fill-part-0", 8, 0, html``)}
${pattern("fill-part-1", 7, 45, html`<rect class="ink" width="1.5" height="7"/>`)}
${pattern("fill-part-2", 7, 0, html`<rect class="ink" width="3" height="7"/>`)}
${pattern("fill-part-3", 7, 0, html`<circle class="ink" cx="3.5" cy="3.5" r="1.2"/>`)}
${pattern("fill-part-4", 7, 0, html`<rect class="ink" width="7" height="1.5"/>`)}
${pattern("fill-part-5", 8, 45, html`<rect class="ink" width="1.5" height="8"/><rect class="ink" width="8" height="1.5"/>`)}
${pattern("fill-nowhere", 8, -45, html`<rect class="ink" width="1" height="8"/>`)}
</defs>`;
}

function pattern(id: string, size: number, degrees: number, ink: Markup): Markup {
  return html`<pattern id="${id}" class="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="rotate(${degrees})"><rect class="ground" width="${size}" height="${size}"/>${ink}</pattern>`;
}
