/** Elements that HTML never closes. */
const VOID = new Set(["meta", "br", "hr", "img", "link", "input"]);

/** What is wrong with the nesting of a page's tags and its attributes; empty when nothing is. Enough to notice a text that became markup. */
export function problemsOf(page: string): string[] {
  const problems: string[] = [];
  const open: string[] = [];
  const body = page.replace(/^<!doctype html>/, "").replace(/<style>[^<]*<\/style>/, "<style></style>");
  const rest = body.replace(
    /<(\/?)([a-z][a-z0-9]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>/gi,
    (_, end, name, __, isClosed) => {
      if (end === "/") {
        const expected = open.pop();
        if (expected !== name) problems.push(`expected </${expected}>, got </${name}>`);
      } else if (isClosed !== "/" && !VOID.has(name)) open.push(name);
      return "";
    },
  );
  if (open.length > 0) problems.push(`never closed: ${open.join(", ")}`);
  for (const stray of rest.match(/[<>].{0,40}/g) ?? []) problems.push(`not a tag: ${stray}`);
  for (const stray of rest.match(/&(?!amp;|lt;|gt;|quot;|#39;).{0,20}/g) ?? []) problems.push(`not escaped: ${stray}`);
  const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  for (const id of ids.filter((id, index) => ids.indexOf(id) !== index)) problems.push(`id twice: ${id}`);
  for (const [, id] of page.matchAll(/url\(#([^)]*)\)/g)) if (!ids.includes(id)) problems.push(`no such fill: ${id}`);
  for (const svg of page.match(/<svg[\s\S]*?(?=<svg|<\/svg>)/g) ?? []) {
    if (!/<title[ >]/.test(svg) || !/<desc[ >]/.test(svg)) problems.push(`no title or desc: ${svg.slice(0, 60)}`);
  }
  return problems;
}

/** The page's words as a reader sees them, without tags. */
export function wordsOf(page: string): string {
  return page
    .replace(/<style>[^<]*<\/style>/, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
}
