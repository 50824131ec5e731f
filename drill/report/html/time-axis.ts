import { count, THIN_SPACE } from "../figures";
import { html, type Markup } from "./markup";

const STEPS_SECONDS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
/** As many as there is room for on a telephone. */
const INTERVALS = 7;

/** The time that all charts have in common. Positions are shares of the width, so that charts line up and fit any screen. */
export class TimeAxis {
  constructor(readonly spanMs: number) {}

  /** Share of the width, from 0 to 100; rounded here, so that neighbours that meet in time meet on the screen. */
  percent(atMs: number): number {
    if (!Number.isFinite(atMs)) return atMs > 0 ? 100 : 0;
    return Math.round(Math.min(100, Math.max(0, (atMs / this.spanMs) * 100)) * 100) / 100;
  }

  /** Times at which to write the time. */
  ticksMs(): number[] {
    const step = STEPS_SECONDS.find((seconds) => this.spanMs / (seconds * 1000) <= INTERVALS) ?? this.spanMs / 5000;
    const ticks: number[] = [];
    for (let at = 0; at <= this.spanMs && ticks.length <= INTERVALS; at += step * 1000) ticks.push(at);
    return ticks;
  }

  /** Tick marks and times below a plot that ends at `bottom`. */
  drawn(bottom: number): Markup {
    const inMinutes = this.spanMs >= 20 * 60_000;
    return html`<g class="axis"><line x1="0" x2="100%" y1="${bottom}" y2="${bottom}"/>${this.ticksMs().map((at) => {
      const x = this.percent(at);
      const label = inMinutes ? `${minutes(at)}${THIN_SPACE}min` : `${count(at / 1000)}${THIN_SPACE}s`;
      return html`<line x1="${x}%" x2="${x}%" y1="${bottom}" y2="${bottom + 5}"/><text x="${x}%" y="${bottom + 18}" text-anchor="middle">${label}</text>`;
    })}</g>`;
  }
}

function minutes(ms: number): string {
  const value = ms / 60_000;
  return Number.isInteger(value) ? count(value) : value.toFixed(1);
}
