import { ALARM_WITHIN_MS, grayFailure, grayFailureObjectives } from "../../../drill/measure/gray-failure";
import type { DrillEvent, RequestRecord } from "../../../drill/measure/history";
import { BEGAN, event, request } from "./observed";

const IN_FORCE_MS = 75_000;
const STOOD_DOWN = 200_000;
const RELEASED = 400_000;

const events = (alarmAtMs?: number): DrillEvent[] => [
  ...(alarmAtMs === undefined ? [] : [event(alarmAtMs, "alarm rang", "server-errors")]),
  event(STOOD_DOWN, "stood down"),
  event(RELEASED, "released"),
];
const missed = (requests: readonly RequestRecord[], alarmAtMs: number | undefined = STOOD_DOWN) =>
  grayFailureObjectives(grayFailure(requests, events(alarmAtMs), BEGAN, IN_FORCE_MS))
    .filter(({ isMet }) => !isMet)
    .map(({ name }) => name);
const served = request(300_000, "acknowledged", { region: "us-west-2" });
const refused = { statusCode: 500 };

test("an alarm in time and a standby that serves meet both", () => {
  expect(missed([request(210_000, "failed", refused), served])).toEqual([]);
});

test("a late alarm misses its objective, and so does none", () => {
  expect(missed([served], BEGAN + ALARM_WITHIN_MS + 1)).toEqual(["alarm"]);
  expect(grayFailureObjectives(grayFailure([served], [], BEGAN, IN_FORCE_MS)).map(({ isMet }) => isMet)).toEqual([
    false,
    false,
  ]);
});

test("an error of a client that must have moved misses the other; one after the release, or of a client that stays, does not", () => {
  expect(missed([served, request(301_000, "failed", refused)])).toEqual(["served after standing down"]);
  expect(missed([served, request(RELEASED + 1_000, "failed", refused)])).toEqual([]);
  expect(missed([served, request(301_000, "failed", { ...refused, clientKind: "pooled" })])).toEqual([]);
});

test("an answer that a busy machine delays is no error, but one in twenty is the most", () => {
  const unanswered = request(301_000, "indeterminate");
  const nineteen = Array.from({ length: 19 }, () => served);
  expect(missed([...nineteen, unanswered])).toEqual([]);
  expect(missed([...nineteen, unanswered, unanswered])).toEqual(["served after standing down"]);
});
