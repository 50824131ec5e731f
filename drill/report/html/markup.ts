import { clip, oneLine } from "../plain-text";

/** No name or sentence is that long by nature; a page stays small whatever its input says. */
const TEXT_LIMIT = 600;

/** Text that is markup already, as opposed to text that is to be escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What a template may hold: texts are escaped, markup is taken as it is. */
export type Piece = Markup | string | number | readonly Markup[];

/** A template of markup: html`<td>${name}</td>` escapes the name, so that forgetting to is not possible. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return new Markup(strings.map((text, index) => text + rendered(pieces[index])).join(""));
}

export const NOTHING = new Markup("");

function rendered(piece: Piece | undefined): string {
  if (piece === undefined) return "";
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === "string") return escaped(piece);
  if (typeof piece === "number") return Number.isFinite(piece) ? String(Math.round(piece * 100) / 100) : "0";
  return piece.map(({ text }) => text).join("\n");
}

function escaped(text: string): string {
  return clip(oneLine(text), TEXT_LIMIT)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
