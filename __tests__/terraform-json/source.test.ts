import fs from "node:fs";
import path from "node:path";
import { DeclarationError } from "../../terraform-json/errors";
import { cdktfOut } from "../../terraform-json/source";
import { scratchFolder } from "../synthesize";

/** Writes a folder as `cdktf synth` does. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = scratchFolder();
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  return folder;
}

const manifest = (stacks: unknown) => JSON.stringify({ stacks });
const ONE = manifest({ one: { synthesizedStackPath: "one.json" } });

test("a cdktf.out folder yields each stack of its manifest, with the file it was read from", () => {
  const folder = folderWith({ "manifest.json": ONE, "one.json": '{"output":{"x":{"value":1}}}' });
  const source = cdktfOut(folder);
  expect(source.description).toBe(folder);
  const [stack, ...others] = source.read();
  expect(others).toEqual([]);
  expect(stack).toMatchObject({ name: "one", file: path.join(folder, "one.json"), outputs: new Map([["x", 1]]) });
});

test("a source is read when it is asked, not when it is named", () => {
  const source = cdktfOut("/nowhere");
  expect(() => source.read()).toThrow(DeclarationError);
});

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ["no manifest", {}, /manifest\.json: expected a file, got none that can be read; run `npm run synth` first$/],
  [
    "a manifest that is not JSON",
    { "manifest.json": "{" },
    /manifest\.json: expected JSON, got .*; run `npm run synth` first$/,
  ],
  ["a manifest that is a list", { "manifest.json": "[]" }, /manifest\.json: expected an object, got \[\]$/],
  [
    "a manifest without stacks",
    { "manifest.json": "{}" },
    /manifest\.json: expected stacks, got none; synthesize again$/,
  ],
  [
    "an empty manifest",
    { "manifest.json": manifest({}) },
    /manifest\.json: expected stacks, got none; synthesize again$/,
  ],
  ["a stack that is a text", { "manifest.json": manifest({ one: "x" }) }, /stacks\.one: expected an object, got "x"$/],
  [
    "a stack without a path",
    { "manifest.json": manifest({ one: {} }) },
    /stacks\.one\.synthesizedStackPath: expected a path, got nothing; synthesize again$/,
  ],
  [
    "a stack's missing file",
    { "manifest.json": ONE },
    /one\.json: expected a file, got none that can be read; synthesize again$/,
  ],
  [
    "a stack's file that is not JSON",
    { "manifest.json": ONE, "one.json": "{" },
    /one\.json: expected JSON, got .*; synthesize again$/,
  ],
])("%s is refused with the file and what to do", (_, files, message) => {
  const read = () => cdktfOut(folderWith(files)).read();
  expect(read).toThrow(DeclarationError);
  expect(read).toThrow(message);
});
