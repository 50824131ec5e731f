import { assumedLagText, lagBorne } from "../../../drill/measure/lag-borne";

test("the write that comes nearest to missing the objective says how much lag it bears", () => {
  const writes = [
    { ageMs: 4_900, lagMs: 4_800 }, // Young enough to be missing.
    { ageMs: 6_000, lagMs: 600 },
    { ageMs: 9_000, lagMs: 3_000 },
    { ageMs: 40_000, lagMs: 2_000 },
  ];
  expect(lagBorne(writes, 5_000)).toBe(3);
  expect(lagBorne(writes, 4_000)).toBeCloseTo(4_900 / 4_800);
});

test("a copy that has not arrived of a write older than the objective leaves less than was assumed", () => {
  expect(lagBorne([{ ageMs: 6_000, lagMs: 12_000 }], 5_000)).toBe(0.5);
});

test("without a write older than the objective nothing is known", () => {
  expect(lagBorne([{ ageMs: 4_000, lagMs: 100 }], 5_000)).toBeUndefined();
});

test("says that the lag is assumed, and what the objective bears", () => {
  expect(assumedLagText({ medianMs: 600, p99Ms: 2_000, borneFactor: 2.5 })).toBe(
    "the lag is assumed (median 0.6 s, 99th percentile 2.0 s; AWS promises none); " +
      "by these writes the objective bears 2.5 times as much (median 1.5 s, 99th percentile 5.0 s)",
  );
  expect(assumedLagText({ medianMs: 600, p99Ms: 2_000 })).toContain("no write is old enough");
});
