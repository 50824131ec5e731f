import fs from "node:fs";
import path from "node:path";
import { UsageError } from "../../drill/options";
import { prepareOutFolder } from "../../drill/out-folder";
import { scratchFolder } from "../synthesize";

test("a folder is made, with those above it, and left empty", () => {
  const folder = path.join(scratchFolder(), "deep", "report");
  prepareOutFolder(folder);
  prepareOutFolder(folder);
  expect(fs.readdirSync(folder)).toEqual([]);
});

test("reports of an earlier drill stay as they are", () => {
  const folder = scratchFolder();
  fs.writeFileSync(path.join(folder, "index.html"), "earlier");
  prepareOutFolder(folder);
  expect(fs.readFileSync(path.join(folder, "index.html"), "utf8")).toBe("earlier");
});

test.each<[string, () => string, RegExp]>([
  [
    "a file in the way",
    () => {
      const file = path.join(scratchFolder(), "report");
      fs.writeFileSync(file, "");
      return file;
    },
    /^--out: expected a folder in which index\.html and result\.json can be written, got \/.*report: ENOTDIR.*; make room there or name another folder$/,
  ],
  [
    "a file on the way",
    () => {
      const file = path.join(scratchFolder(), "file");
      fs.writeFileSync(file, "");
      return path.join(file, "report");
    },
    /file\/report: ENOTDIR.*; make room/,
  ],
  // Not even root can write there.
  ["a folder that cannot be written in", () => "/proc", /got \/proc: ENOENT.*; make room/],
  ["a folder that cannot be made", () => "/proc/drill/report", /got \/proc\/drill\/report: ENOENT.*; make room/],
  [
    "a folder in a report's place",
    () => {
      const folder = scratchFolder();
      fs.mkdirSync(path.join(folder, "result.json"));
      return folder;
    },
    /got \/.*: a folder at \/.*result\.json; make room/,
  ],
])("%s is refused in a line", (_, make, message) => {
  const folder = make();
  expect(() => prepareOutFolder(folder)).toThrow(UsageError);
  expect(() => prepareOutFolder(folder)).toThrow(message);
});
