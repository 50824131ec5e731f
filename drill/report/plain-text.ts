const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** One line without control characters: names come from files, and could otherwise move the cursor or reverse a sentence. */
export function oneLine(text: string): string {
  return text.replace(/[\t\n\r\p{Zl}\p{Zp}]+/gu, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "\ufffd");
}

/** Columns that a text takes in a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** Cuts a text that is too wide, with an ellipsis where it was cut. */
export function clip(text: string, width: number, ellipsis = "…"): string {
  if (displayWidth(text) <= width) return text;
  return head(text, Math.max(0, width - ellipsis.length)).trimEnd() + ellipsis.slice(0, Math.max(0, width));
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Lines no wider than `width`, broken at spaces, and inside a word only when it is wider than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(" ").filter((part) => part !== "")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = "";
    }
    while (displayWidth(word) > width) {
      const start = head(word, width) || [...word].slice(0, 1).join("");
      lines.push(start);
      word = word.slice(start.length);
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}

function head(text: string, width: number): string {
  let taken = "";
  let used = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width) break;
    taken += character;
  }
  return taken;
}
