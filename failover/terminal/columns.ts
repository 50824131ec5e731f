/** Widest line of ours. */
export const COLUMNS = 100;

/** One line without control characters: texts come from elsewhere, and could otherwise move the cursor. */
export function oneLine(text: string): string {
  return text.replace(/[\t\n\r\p{Zl}\p{Zp}]+/gu, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "\ufffd");
}

/** A cell of exactly that many columns, cut with an ellipsis where it is longer. */
export function toWidth(text: string, width: number): string {
  const line = oneLine(text);
  return line.length <= width ? line.padEnd(width) : `${line.slice(0, width - 1)}…`;
}

/** Lines no wider than `width`, broken at spaces; a word that is wider keeps its line to itself. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of oneLine(text).split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Wrapped to our columns, every line indented. */
export function paragraph(text: string, indent = ""): string {
  return wrap(text, COLUMNS - indent.length)
    .map((line) => `${indent}${line}\n`)
    .join("");
}
