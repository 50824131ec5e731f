import { templateParts } from "../../terraform-json/template";

const text = (words: string) => ({ kind: "text", text: words });
const expression = (source: string, at: number, isClosed = true) => ({ kind: "expression", source, at, isClosed });

test.each<[string, readonly object[]]>([
  ["", [text("")]],
  ["plain", [text("plain")]],
  ["${a}", [expression("a", 2)]],
  ["x${a}y${b}", [text("x"), expression("a", 3), text("y"), expression("b", 8)]],
  ["$${a} %%{b}", [text("${a} %{b}")]],
  ["${ {a = 1}.a }", [expression(" {a = 1}.a ", 2)]],
  ['${f("}")}', [expression('f("}")', 2)]],
  ['${f("\\"}")}', [expression('f("\\"}")', 2)]],
  ['${f("${g("}")}")}', [expression('f("${g("}")}")', 2)]],
  ["%{ if a }", [{ kind: "directive", source: " if a ", at: 2, isClosed: true }]],
  ["x${a", [text("x"), expression("a", 3, false)]],
  ['${f("a)}', [expression('f("a)}', 2, false)]],
])("%s has its parts", (template, parts) => {
  expect(templateParts(template)).toEqual(parts);
});
