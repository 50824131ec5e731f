import fs from "node:fs";
import path from "node:path";
import { measuredLine, readMeasured } from "../../../../checks/recovery/time/drill-report";
import type { DrillResult } from "../../../../drill/measure/result";
import { jsonReport } from "../../../../drill/report/json";
import {
  HOSTILE_NAME,
  sampleFailover,
  sampleNeverRecovered,
  sampleWithoutFailover,
} from "../../../drill/report/sample-result";
import { scratchFolder } from "../../../synthesize";

/** A report folder as a drill writes it. */
function reportFolder(result: DrillResult): string {
  const folder = scratchFolder();
  fs.writeFileSync(path.join(folder, "result.json"), jsonReport(result));
  return folder;
}

const topologyOf = ({ topology: { apiName, primaryRegion, secondaryRegion } }: DrillResult) => ({
  apiName,
  primaryRegion,
  secondaryRegion,
});

const lineOf = (result: DrillResult, worstSeconds = 63) =>
  measuredLine(readMeasured(reportFolder(result), topologyOf(result)), worstSeconds);

test("shows what a drill that its own report describes has measured, with its fault, speed, seed and parts", () => {
  const sample = sampleFailover();
  const measures = {
    ...sample.measures,
    recoveryTimeMs: 51_500,
    recoveryParts: [{ name: "in DNS caches", ms: 10_200 }],
  };
  const line = lineOf({ ...sample, measures });
  expect(line).toBe(
    `· measured: 51.5 s, by the drill ${sample.fault.name} at speed ${sample.options.speed}, seed ${sample.options.seed}: 10.2 s in DNS caches`,
  );
});

test("a report cannot move the terminal's cursor", () => {
  const sample = sampleFailover();
  expect(lineOf({ ...sample, fault: { ...sample.fault, name: HOSTILE_NAME } })).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test("says when it took longer than the declared worst", () => {
  const sample = sampleFailover();
  const line = lineOf({ ...sample, measures: { ...sample.measures, recoveryTimeMs: 63_100 } });
  expect(line).toMatch(/^· measured: 63\.1 s, beyond the declared worst, by the drill /);
});

test("without a report, says what to run", () => {
  const measured = readMeasured(path.join(scratchFolder(), "absent"), topologyOf(sampleFailover()));
  expect(measuredLine(measured, 63)).toBe("· measured: none; run npm run drill");
});

test.each([
  ["apiName", "shop.example.org"],
  ["primaryRegion", "eu-west-1"],
  ["secondaryRegion", "eu-central-1"],
] as const)("a report of another %s is named, and its value not shown", (name, other) => {
  const sample = sampleFailover();
  const folder = reportFolder(sample);
  const line = measuredLine(readMeasured(folder, { ...topologyOf(sample), [name]: other }), 63);
  expect(line).toBe(
    `· measured: none; ${folder}/result.json is of ${sample.topology[name]}, not of ${other}; run npm run drill`,
  );
});

test("a drill that asks for no failover measures none", () => {
  const sample = sampleWithoutFailover();
  expect(lineOf(sample)).toMatch(
    new RegExp(
      `^· measured: none; .*result\\.json is of ${sample.fault.name}, which asks for no failover; run npm run drill$`,
    ),
  );
});

test("a drill in which customers never recovered is told as such", () => {
  const sample = sampleNeverRecovered();
  const { recoveryTimeMs: _never, ...measures } = sample.measures;
  const fault = { ...sample.fault, expectsFailover: true };
  expect(lineOf({ ...sample, fault, measures: measures as DrillResult["measures"] })).toMatch(
    /^· measured: none; in .*result\.json, .*, customers never recovered; see its report$/,
  );
});

test.each([
  ["{", /result\.json: expected a drill's result, got .*; run npm run drill again, or remove it$/],
  ["[]", /result\.json: expected a drill's result, got .*expected an object, got \[\]/],
  ['{"schemaVersion":2}', /result\.json: expected schemaVersion 1, got 2; run npm run drill again$/],
  ['{"schemaVersion":1}', /result\.json: fault: expected an object, got nothing; run npm run drill again$/],
])("a report that cannot be understood is an error: %s", (text, message) => {
  const folder = scratchFolder();
  fs.writeFileSync(path.join(folder, "result.json"), text);
  expect(() => readMeasured(folder, topologyOf(sampleFailover()))).toThrow(message);
});
