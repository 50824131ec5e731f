import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { jsonReport } from "../../../drill/report/json";
import { drillPicture } from "../../../drill/report/picture";
import { readJsonReport } from "../../../drill/report/read-json";
import { scratchFolder } from "../../synthesize";
import { problemsOf, wordsOf } from "./html-check";
import {
  HOSTILE_NAME,
  OBJECTIVES,
  sampleFailover,
  sampleHostile,
  sampleNeverRecovered,
  sampleNothingAcknowledged,
  sampleOfHours,
  sampleWithoutFailover,
} from "./sample-result";

const ROOT = path.resolve(__dirname, "..", "..", "..");

const picture = (...args: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", "drill/picture-command.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });

test.each([
  ["a failover", sampleFailover],
  ["no failover", sampleWithoutFailover],
  ["no recovery", sampleNeverRecovered],
  ["no acknowledged request", sampleNothingAcknowledged],
  ["hostile names", sampleHostile],
  ["hours", sampleOfHours],
])("a picture of %s is well-formed and refers to nothing outside", (_, sample) => {
  const svg = drillPicture(sample());
  expect(problemsOf(svg)).toEqual([]);
  expect(svg).not.toMatch(/<script|href=|url\((?!#)|@import/);
  expect(svg).not.toContain(HOSTILE_NAME);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test("a picture holds every objective with its measurement", () => {
  const words = wordsOf(drillPicture(sampleFailover())).replace(/[\u202f\u00a0]/g, " ");
  for (const { name } of OBJECTIVES) expect(words).toContain(name);
  expect(words).toContain("52.3 s");
  expect(words).toContain("fault");
});

test("a missed objective is marked", () => {
  const result = sampleFailover();
  const missed = { ...result, objectives: OBJECTIVES.map((objective) => ({ ...objective, isMet: false })) };
  expect(drillPicture(missed).match(/✗/g)?.length).toBeGreaterThan(OBJECTIVES.length);
  const met = { ...result, objectives: OBJECTIVES.map((objective) => ({ ...objective, isMet: true })) };
  expect(drillPicture(met)).not.toContain("✗");
});

test("a result that was written and read again gives the same picture", () => {
  const result = sampleFailover();
  expect(drillPicture(readJsonReport(jsonReport(result)))).toBe(drillPicture(result));
});

test("the command writes the picture of a result", () => {
  const folder = scratchFolder();
  const [source, target] = [path.join(folder, "result.json"), path.join(folder, "made", "drill.svg")];
  fs.writeFileSync(source, jsonReport(sampleFailover()));
  expect(picture(source, target)).toMatchObject({ status: 0, stderr: "" });
  expect(fs.readFileSync(target, "utf8")).toBe(drillPicture(sampleFailover()));
  expect(fs.readdirSync(path.dirname(target))).toEqual(["drill.svg"]);
});

test.each([
  ["a missing file", undefined, /result\.json: .*npm run drill writes one/],
  ["text", "no JSON", /expected JSON/],
  ["foreign JSON", "{}", /without schemaVersion/],
  ["another version", '{"schemaVersion": 99}', /expected schemaVersion 1, got 99/],
  ["a result without figures", '{"schemaVersion": 1}', /a wrong fault/],
])("the command refuses %s in one line and exits with 2", (_, text, message) => {
  const folder = scratchFolder();
  const source = path.join(folder, "result.json");
  if (text !== undefined) fs.writeFileSync(source, text);
  const { status, stderr, stdout } = picture(source, path.join(folder, "drill.svg"));
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr.trimEnd().split("\n")).toEqual([expect.stringMatching(message)]);
  expect(fs.existsSync(path.join(folder, "drill.svg"))).toBe(false);
});
