/** A text in lines of at most so many columns, broken at spaces; a longer word has a line to itself. */
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
