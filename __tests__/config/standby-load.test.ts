import { type StandbyLoadInput, standbyLoad, standbyLoadLines } from "../../config/standby-load";
import { InvalidSettingsError, validateSettings } from "../../config/validate-settings";
import { exampleSettings } from "../synthesize";

const INPUT: StandbyLoadInput = {
  traffic: { usualRequestsPerSecond: 20, usualCheckoutsPerSecond: 2, largestItemKilobytes: 5 },
  throttling: { burstLimit: 500, rateLimitPerSecond: 1000 },
};

test("every limit of the first minute follows from the stated traffic", () => {
  expect(standbyLoad(INPUT).map(({ name, needed, available }) => [name, needed, available])).toEqual([
    ["API Gateway, rate", 200, 1_000],
    ["API Gateway, burst", 400, 500],
    ["Lambda, scaling", 400, 1_000],
    ["carts table, reads", 1_200, 12_000], // 200 requests, 3 items of 5 KB, 2 units each
    ["carts table, writes", 1_000, 4_000],
    ["orders table, writes", 200, 4_000],
    ["unpaid orders, index", 40, 1_000],
  ]);
});

test("warm tables bear more, and the index's one partition does not", () => {
  const warmThroughput = { readUnitsPerSecond: 24_000, writeUnitsPerSecond: 8_000 };
  const items = standbyLoad({ ...INPUT, warmThroughput });
  expect(items.map(({ available }) => available)).toEqual([1_000, 500, 1_000, 24_000, 8_000, 8_000, 1_000]);
});

/** Faults of the example's settings with these changes, one a line. */
function faults(changes: Readonly<Record<string, unknown>>): string {
  try {
    validateSettings("test", exampleSettings(changes));
    return "";
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.message;
    throw error;
  }
}

const traffic = (usualRequestsPerSecond: number, usualCheckoutsPerSecond = 1, largestItemKilobytes = 1) => ({
  traffic: { usualRequestsPerSecond, usualCheckoutsPerSecond, largestItemKilobytes },
});
const throttling = { throttling: { burstLimit: 5_000, rateLimitPerSecond: 10_000 } };

test.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
  [
    "a rate beyond the API's",
    { ...traffic(20), throttling: { burstLimit: 500, rateLimitPerSecond: 199 } },
    /API Gateway, rate gives 199 requests a second of 200 needed .*: raise throttling\.rateLimitPerSecond/,
  ],
  [
    "more at once than the API takes",
    { ...traffic(20), throttling: { burstLimit: 399, rateLimitPerSecond: 1_000 } },
    /API Gateway, burst gives 399 requests at once of 400 needed/,
  ],
  [
    "faster growth than Lambda's",
    { ...traffic(51), ...throttling },
    /Lambda, scaling gives 1000 new environments in 10 s of 1020 needed .*provisioned concurrency/,
  ],
  [
    "more writes than a new table takes",
    { ...traffic(40, 1, 11), ...throttling },
    /carts table, writes gives 4000 write units a second of 4400 needed .*: set warmThroughput/,
  ],
  [
    "more orders than the index's partition takes",
    { ...traffic(51, 51), ...throttling },
    /unpaid orders, index gives 1000 write units a second of 1020 needed/,
  ],
  [
    "more checkouts than requests",
    traffic(1, 2),
    /traffic\.usualCheckoutsPerSecond: expected at most usualRequestsPerSecond, 1/,
  ],
])("%s is refused", (_, changes, message) => {
  expect(faults(changes)).toMatch(message);
});

test("what just holds is taken, and so is a traffic that nobody states", () => {
  expect(faults({ ...traffic(50, 50), ...throttling })).toBe("");
  expect(faults({ traffic: undefined, throttling: { burstLimit: 1, rateLimitPerSecond: 1 } })).toBe("");
});

test("warm throughput makes room for writes", () => {
  const warmThroughput = { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4_400 };
  expect(faults({ ...traffic(40, 1, 11), ...throttling, warmThroughput })).toBe("");
});

test("the lines fit a terminal, and say when nothing was looked at", () => {
  const lines = standbyLoadLines(INPUT);
  expect(lines).toHaveLength(8);
  expect(lines[0]).toBe("  the standby's first minute at 10 × 20 requests a second");
  expect(lines[2]).toBe("✓ API Gateway, burst        400 of 500 requests at once");
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
  expect(standbyLoadLines({ throttling: INPUT.throttling })).toEqual([
    "  the standby's first minute: not looked at; the settings state no traffic",
  ]);
  expect(standbyLoadLines({ ...INPUT, throttling: { burstLimit: 1, rateLimitPerSecond: 1_000 } })[2]).toMatch(/^✗ /);
});
