import { count } from "../figures";
import { html, type Markup } from "./markup";

/** The next round number above a peak that halves well: 2, 4, 6, 8, 10, 20, 40 ... */
export function niceMaximum(peak: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(peak, 2)));
  return ([1, 2, 4, 6, 8].find((factor) => factor * magnitude >= Math.max(peak, 2)) ?? 10) * magnitude;
}

/** Nothing, half and all of a maximum, each with a line across a plot of that many pixels and its figure to the left. */
export function valueLines(maximum: number, height: number): Markup {
  return html`<g class="values">${[0, maximum / 2, maximum].map((value) => {
    const y = height - (value / maximum) * height;
    return html`<line x1="0" x2="100%" y1="${y}" y2="${y}"/><text x="-8" y="${y + 4}" text-anchor="end">${count(value)}</text>`;
  })}</g>`;
}
