/** Breaks a text at spaces into lines of at most the given columns. A longer word gets its own line. */
export function wrappedLines(text: string, columns: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.length - 1;
    const extended = lines[last] === "" ? word : `${lines[last]} ${word}`;
    if (extended.length <= columns || lines[last] === "") lines[last] = extended;
    else lines.push(word);
  }
  return lines;
}
