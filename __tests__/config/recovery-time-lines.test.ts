import { recoveryTimeLines } from "../../config/recovery-time-lines";
import { wrappedLines } from "../../config/wrapped-lines";

const EXAMPLE = { requestIntervalSeconds: 10, failureThreshold: 3, recordTtlSeconds: 10, clientTimeoutSeconds: 5 };

test("itemises both ways of failing over, with typical, worst and why, within 110 columns", () => {
  const lines = recoveryTimeLines(EXAMPLE, { recoveryTimeSeconds: 90, browserRecoveryTimeSeconds: 150 });
  expect(lines).toEqual([
    "  recovery time                    typical    worst  why",
    "  automatic failover, from the outage on",
    "    the checkers' next request       8.2 s     10 s  14 of 16 checkers must see the outage; each begins once",
    "                                                     every 10 s",
    "    failed requests in a row          32 s     38 s  threshold 3: each runs into its time-out (4 s to connect,",
    "                                                     6 s in all), 10 s between two",
    "    Route 53's name servers            5 s     10 s  an allowance for the verdict; AWS publishes no figure",
    "    answers in DNS caches              5 s     10 s  TTL of 10 s",
    "    the last request's time-out      2.5 s      5 s  clients give up after 5 s",
    "✓ typical 52.7 s, worst 73 s of 90 s: clients that honour TTLs",
    "✓ typical 82.7 s, worst 133 s of 150 s: browsers, which keep answers for 60 s more",
    "  standing down by hand, from the operator's data point on",
    "    the data point's minute           30 s     60 s  its alarm evaluates periods of 60 s that are over",
    "    one evaluation of the switch      30 s     60 s  once every 60 s",
    "    Route 53's name servers            5 s     10 s  an allowance for the verdict; AWS publishes no figure",
    "    answers in DNS caches              5 s     10 s  TTL of 10 s",
    "    the last request's time-out      2.5 s      5 s  clients give up after 5 s",
    "· typical 72.5 s, worst 145 s of 90 s: clients that honour TTLs",
    "  no promise: clients that keep an answer for longer, or a connection that still works (after standing down an",
    "  answering primary)",
  ]);
});

test("marks an automatic failover beyond the objective with ✗, and a longer stand-down, which counts from the data point, with ·", () => {
  const lines = recoveryTimeLines(EXAMPLE, { recoveryTimeSeconds: 72, browserRecoveryTimeSeconds: 132 });
  expect(lines.filter((line) => /^[✓✗·] /.test(line))).toEqual([
    "✗ typical 52.7 s, worst 73 s of 72 s: clients that honour TTLs",
    "✗ typical 82.7 s, worst 133 s of 132 s: browsers, which keep answers for 60 s more",
    "· typical 72.5 s, worst 145 s of 72 s: clients that honour TTLs",
  ]);
});

test("an alias's minute and a slower check are counted", () => {
  const promised = { recoveryTimeSeconds: 190, browserRecoveryTimeSeconds: 250 };
  const lines = recoveryTimeLines({ ...EXAMPLE, requestIntervalSeconds: 30, recordTtlSeconds: 60 }, promised);
  expect(lines.filter((line) => line.startsWith("✓"))).toEqual([
    "✓ typical 134.2 s, worst 183 s of 190 s: clients that honour TTLs",
    "✓ typical 164.2 s, worst 243 s of 250 s: browsers, which keep answers for 60 s more",
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
