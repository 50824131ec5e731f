import { passes, worstSeconds } from "../../../../checks/recovery/check";
import { renderRecovery } from "../../../../checks/recovery/report";
import { automaticFailoverBudget } from "../../../../config/recovery-time-budget";
import { budgetInput } from "../../../../config/settings-rules";
import { validateSettings } from "../../../../config/validate-settings";
import { exampleSettings } from "../../../synthesize";
import { ALIAS, changeWatchInput, healthCheck, record, recoveryAfter, watchSchedule } from "../recovering";

const unchanged = () => {};

test.each([
  ["the example", {}],
  ["aliases", ALIAS],
  [
    "slow checks and patient clients",
    {
      healthCheck: { path: "/health", requestIntervalSeconds: 30, failureThreshold: 2 },
      clients: { timeoutSeconds: 20 },
      objectives: { recoveryTimeSeconds: 200, recoveryPointSeconds: 5 },
    },
  ],
])("what the JSON of %s declares is what its settings say", (_name, changes) => {
  const settings = exampleSettings(changes);
  const { budgetInput: declared } = recoveryAfter(unchanged, settings);
  expect(declared).toEqual(budgetInput(validateSettings("test", settings).settings));
});

test("the example takes 73 s at worst, of which each part is known", () => {
  const result = recoveryAfter(unchanged);
  expect(worstSeconds(result)).toBe(73);
  expect(
    result.budgetInput && automaticFailoverBudget(result.budgetInput).items.map((item) => item.worstSeconds),
  ).toEqual([10, 38, 10, 10, 5]);
});

test.each([
  ["a slower health check", "PrimaryHealth", { request_interval: 30 }, 133],
  ["a higher threshold", "PrimaryHealth", { failure_threshold: 5 }, 105],
  [
    "a check that says nothing, with Route 53's own 30 s and 3",
    "PrimaryHealth",
    { request_interval: undefined, failure_threshold: undefined },
    133,
  ],
])("%s makes it longer than promised", (_name, id, changes, worst) => {
  const result = recoveryAfter((stacks) => Object.assign(healthCheck(stacks, id), changes));
  expect(result.problems).toEqual([]);
  expect(worstSeconds(result)).toBe(worst);
  expect(passes(result)).toBe(false);
  expect(renderRecovery(result)).toMatch(
    new RegExp(
      `✗ a failover may take ${worst} s for clients that honour TTLs, longer than the promised 90 s; lower the threshold, interval or TTL, or raise the objective$`,
    ),
  );
});

test("a longer time to live and a lower objective count", () => {
  const longer = recoveryAfter((stacks) => {
    record(stacks, "PrimaryRecord").ttl = 60;
  });
  expect(worstSeconds(longer)).toBe(123);
  expect(passes(longer)).toBe(false);
  const promised = recoveryAfter((stacks) => {
    stacks["failover-dns"].output.recovery_objectives.value.recovery_time_seconds = 72;
  });
  expect(worstSeconds(promised)).toBe(73);
  expect(passes(promised)).toBe(false);
});

test("browsers have a promise of their own, which a longer cache than promised breaks", () => {
  const result = recoveryAfter((stacks) => {
    stacks["failover-dns"].output.recovery_objectives.value.browser_recovery_time_seconds = 132;
  });
  expect(worstSeconds(result, "browser")).toBe(133);
  expect(passes(result)).toBe(false);
  expect(renderRecovery(result)).toContain("✗ a failover may take 133 s for browsers, longer than the promised 132 s");
});

test("of an alias's two records the slower one counts", () => {
  const result = recoveryAfter((stacks) => {
    const aaaa = record(stacks, "PrimaryRecord_Aaaa");
    aaaa.records = [aaaa.alias.name];
    aaaa.ttl = 90;
    delete aaaa.alias;
  }, exampleSettings(ALIAS));
  expect(result.budgetInput?.recordTtlSeconds).toBe(90);
});

test("reports when the latch takes effect, and up to which outage traffic may return once", () => {
  const result = recoveryAfter(unchanged);
  // 48 s of checkers, 10 s of an answer kept near the watch, 5 s to its next look, 6 s of one that times out;
  // 11 s, 5 s and 6 s until it is read again without a cache between; then the minute of the data point, and one of evaluation.
  expect(result.latch).toEqual({
    lookSeconds: 43,
    failoverSeenSeconds: 91,
    inForceSeconds: 211,
    returnSeconds: 20,
    windowSeconds: 191,
  });
  const text = renderRecovery(result).replaceAll(/\n +/g, " ");
  expect(text).toContain("· latch: in force within 211 s of the outage's start");
  expect(text).toContain("Traffic cannot return earlier than 20 s after the outage's end");
  expect(text).toContain(
    "ends within 191 s may still bring customers back once, and for good if the verdict lasts less than 43 s",
  );
  expect(passes(result)).toBe(true);
});

test("a watch that looks less often, with gaps between its runs, or at a text that is kept longer, latches later", () => {
  const seldom = recoveryAfter((stacks) => changeWatchInput(stacks, { verdictIntervalSeconds: 30 }));
  expect(seldom.latch).toMatchObject({ lookSeconds: 93, inForceSeconds: 261 });
  const rarely = recoveryAfter((stacks) => {
    watchSchedule(stacks).schedule_expression = "rate(5 minutes)";
  });
  expect(rarely.latch).toMatchObject({ lookSeconds: 283, inForceSeconds: 451, windowSeconds: 431 });
  // A run is started within a minute of its time, and not on it.
  const shorter = recoveryAfter((stacks) => changeWatchInput(stacks, { watchSeconds: 60 }));
  expect(shorter.latch).toMatchObject({ lookSeconds: 103, inForceSeconds: 271 });
  const kept = recoveryAfter((stacks) => {
    record(stacks, "EndpointVerdict_Healthy").ttl = 300;
  });
  expect(kept.latch).toMatchObject({ lookSeconds: 333, failoverSeenSeconds: 381 });
});

test("a schedule that is no rate is an error", () => {
  expect(() =>
    recoveryAfter((stacks) => {
      watchSchedule(stacks).schedule_expression = "cron(0 8 * * ? *)";
    }),
  ).toThrow("expected a rate such as rate(1 minute), got cron(0 8 * * ? *), so when the latch takes effect is unknown");
});
