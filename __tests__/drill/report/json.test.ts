import { jsonReport } from "../../../drill/report/json";
import {
  sampleFailover,
  sampleNeverRecovered,
  sampleNothingAcknowledged,
  sampleWithoutFailover,
} from "./sample-result";

test("names its schema and the verdict first", () => {
  expect(jsonReport(sampleFailover())).toMatch(/^\{\n {2}"schemaVersion": 1,\n {2}"isMet": false,\n/);
});

test("holds all of the result", () => {
  expect(JSON.parse(jsonReport(sampleFailover()))).toEqual({ schemaVersion: 1, isMet: false, ...sampleFailover() });
  expect(JSON.parse(jsonReport(sampleNothingAcknowledged()))).toMatchObject({ isMet: true, objectives: [] });
});

test("holds what was not judged, and why", () => {
  const { notJudged, isMet } = JSON.parse(jsonReport(sampleWithoutFailover()));
  expect([isMet, notJudged[0]]).toEqual([
    true,
    { name: "recovery time", objective: "≤ 60.0 s", reason: "customers are served all along" },
  ]);
});

test("does not depend on the order in which a region was met first", () => {
  const sample = sampleFailover();
  const withRegions = (acknowledged: Record<string, number>) =>
    jsonReport({
      ...sample,
      measures: { ...sample.measures, perSecond: [{ second: 0, acknowledged, failed: 0, indeterminate: 0 }] },
    });
  expect(withRegions({ a: 1, b: 2 })).toBe(withRegions({ b: 2, a: 1 }));
});

test("gives each record of the history a line", () => {
  const lines = jsonReport(sampleFailover()).split("\n");
  expect(lines).toContain(
    '      { "atMs": 58400, "kind": "answer changed", "subject": "us-west-2", "text": "checkout.example.com now resolves to us-west-2" },',
  );
});

test("leaves out what was never measured, and digits that mean nothing", () => {
  const sample = sampleNeverRecovered();
  const text = jsonReport({ ...sample, wallMs: { coldStart: 2140.123456789, total: 24_870 } });
  expect(JSON.parse(text).measures).not.toHaveProperty("recoveryTimeMs");
  expect(text).toContain('"coldStart": 2140.123');
});

test("gives each lost write a line, with counts beside", () => {
  const text = jsonReport(sampleFailover());
  expect(text.split("\n")).toContain(
    '      { "acknowledgedAtMs": 29873, "currency": "EUR", "quantity": 3, "region": "us-east-1", "sku": "sku-14", "unitPriceMinor": 731, "user": "cust-17", "what": "cart line" },',
  );
  expect(JSON.parse(text).measures).toMatchObject({ cartChangesAcknowledged: 4_856, cartChangesLost: 1 });
});
