import { recoveryTimeLines } from "../../config/recovery-time-lines";
import { wrappedLines } from "../../config/wrapped-lines";

const EXAMPLE = { requestIntervalSeconds: 10, failureThreshold: 3, recordTtlSeconds: 10, clientTimeoutSeconds: 5 };

test("itemises both ways of failing over, with typical, worst and why, within 110 columns", () => {
  const lines = recoveryTimeLines(EXAMPLE, 75);
  expect(lines).toEqual([
    "  recovery time                    typical    worst  why",
    "  automatic failover, from the outage on",
    "    the checkers' next request       8.2 s     10 s  14 of 16 checkers must see the outage; each begins once",
    "                                                     every 10 s",
    "    failed requests in a row          32 s     38 s  threshold 3: each runs into its time-out (4 s to connect,",
    "                                                     6 s in all), 10 s between two",
    "    answers in DNS caches              5 s     10 s  TTL of 10 s",
    "    the last request's time-out      2.5 s      5 s  clients give up after 5 s",
    "✓ typical 47.7 s, worst 63 s of 75 s",
    "  standing down by hand, from the operator's data point on",
    "    the data point's minute           30 s     60 s  its alarm evaluates periods of 60 s that are over",
    "    one evaluation of the switch      30 s     60 s  once every 60 s",
    "    answers in DNS caches              5 s     10 s  TTL of 10 s",
    "    the last request's time-out      2.5 s      5 s  clients give up after 5 s",
    "· typical 67.5 s, worst 135 s of 75 s",
  ]);
});

test("marks an automatic failover beyond the objective with ✗, and a longer stand-down, which counts from the data point, with ·", () => {
  const lines = recoveryTimeLines(EXAMPLE, 62);
  expect(lines.filter((line) => line.includes(" of 62 s"))).toEqual([
    "✗ typical 47.7 s, worst 63 s of 62 s",
    "· typical 67.5 s, worst 135 s of 62 s",
  ]);
});

test("an alias's minute and a slower check are counted", () => {
  const lines = recoveryTimeLines({ ...EXAMPLE, requestIntervalSeconds: 30, recordTtlSeconds: 60 }, 180);
  expect(lines.filter((line) => line.includes(" of 180 s"))).toEqual([
    "✓ typical 129.2 s, worst 173 s of 180 s",
    "· typical 92.5 s, worst 185 s of 180 s",
  ]);
});

test.each([
  ["one two three", 7, ["one two", "three"]],
  ["one two three", 6, ["one", "two", "three"]],
  ["incompressible word", 5, ["incompressible", "word"]],
  ["", 5, [""]],
])("breaks %p at %i columns", (text, columns, lines) => {
  expect(wrappedLines(text, columns)).toEqual(lines);
});
