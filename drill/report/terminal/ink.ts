import { clip, oneLine } from "../plain-text";

export interface InkOptions {
  /** Width that no line exceeds. */
  readonly columns: number;
  readonly isUtf8: boolean;
  readonly useColour: boolean;
}

const ASCII: Readonly<Record<string, string>> = {
  "≤": "<=",
  "≥": ">=",
  "…": "...",
  "–": "-",
  "—": "-",
  "→": "->",
  "·": "*",
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  µ: "u",
  "×": "x",
};

/** No name or sentence is that long by nature. */
const TEXT_LIMIT = 400;

/** How a terminal is written on: which characters it has, how wide it is, whether colours are wanted. */
export class Ink {
  readonly columns: number;
  /** From nothing to full. */
  readonly levels: string;
  readonly met: string;
  readonly missed: string;
  readonly notJudged: string;
  readonly ellipsis: string;
  /** Start, middle and end of a stretch of time. */
  readonly stretch: { readonly from: string; readonly along: string; readonly to: string };

  constructor(private readonly options: InkOptions) {
    this.columns = Math.max(20, Math.floor(options.columns));
    this.levels = options.isUtf8 ? " ▁▂▃▄▅▆▇█" : " .:-=+*#@";
    this.met = options.isUtf8 ? "✓" : "ok  ";
    this.missed = options.isUtf8 ? "✗" : "MISS";
    this.notJudged = options.isUtf8 ? "·" : "-   ";
    this.ellipsis = options.isUtf8 ? "…" : "...";
    this.stretch = options.isUtf8 ? { from: "├", along: "─", to: "┤" } : { from: "|", along: "-", to: "|" };
  }

  /** Text that the terminal can show as it is, short enough not to fill the screen. */
  text(text: string): string {
    return this.whole(text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}${this.ellipsis}` : text);
  }

  /** The same without a limit: one line, no control characters, no thin spaces. */
  whole(text: string): string {
    const plain = oneLine(text).replace(/[\u00a0\u2009\u202f]/g, " ");
    if (this.options.isUtf8) return plain;
    return plain.replace(/[^\x20-\x7e]/gu, (character) => ASCII[character] ?? "?");
  }

  clip(text: string, width = this.columns): string {
    return clip(text, width, this.ellipsis);
  }

  good = (text: string) => this.colour(32, text);
  bad = (text: string) => this.colour(31, text);
  strong = (text: string) => this.colour(1, text);
  faint = (text: string) => this.colour(2, text);

  private colour(code: number, text: string): string {
    return this.options.useColour && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}
