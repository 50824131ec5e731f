import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { writeReports } from "../../../drill/report/write-reports";
import { sampleFailover, sampleNeverRecovered } from "./sample-result";

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "drill-report-"));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

test("makes the folder and puts both reports there, and nothing else", async () => {
  const folder = path.join(root, "deep", "report");
  const { htmlPath, jsonPath } = await writeReports(folder, sampleFailover());
  expect(fs.readdirSync(folder).sort()).toEqual(["index.html", "result.json"]);
  expect(fs.readFileSync(htmlPath, "utf8")).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(JSON.parse(fs.readFileSync(jsonPath, "utf8"))).toHaveProperty("schemaVersion", 1);
});

test("replaces the reports of an earlier drill by new files, so that an open one stays whole", async () => {
  const { htmlPath } = await writeReports(root, sampleFailover());
  const earlier = fs.openSync(htmlPath, "r");
  try {
    await writeReports(root, sampleNeverRecovered());
    expect(fs.readFileSync(earlier, "utf8")).toContain("1 of 5 objectives missed.");
    expect(fs.readFileSync(htmlPath, "utf8")).toContain("1 of 1 objective missed.");
  } finally {
    fs.closeSync(earlier);
  }
});

test("a folder that is a file is named, with what to do", async () => {
  const folder = path.join(root, "report");
  fs.writeFileSync(folder, "in the way");
  await expect(writeReports(folder, sampleFailover())).rejects.toThrow(
    `${folder}: expected a folder in which index.html and result.json can be written, got EEXIST`,
  );
});

test("a failed write leaves nothing half-written", async () => {
  fs.mkdirSync(path.join(root, "index.html")); // Cannot be replaced by a file.
  await expect(writeReports(root, sampleFailover())).rejects.toThrow(/make room there or name another folder$/);
  expect(fs.readdirSync(root).filter((name) => name.includes("tmp"))).toEqual([]);
});
