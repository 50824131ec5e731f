import {
  ALIAS_TTL_SECONDS,
  automaticFailoverBudget,
  type RecoveryTimeBudgetInput,
  SWITCH_EVALUATION_SECONDS,
} from "../../../config/recovery-time-budget";
import { DeclarationError } from "../../../terraform-json/errors";
import type { JsonObject } from "../../../terraform-json/json";
import type { WatchSchedule } from "../declared/primary-watch";
import { type RecoveryPath, watchedVerdicts } from "../declared/recovery-path";
import { literalNumber } from "../declared/referred-blocks";
import { nameOf } from "../steps/step";

/** Route 53's defaults. */
const DEFAULT_INTERVAL_SECONDS = 30;
const DEFAULT_THRESHOLD = 3;

/** The declared inputs of the recovery time; with several checks or records, the slowest counts. Undefined without an endpoint check. */
export function declaredBudgetInput(path: RecoveryPath): RecoveryTimeBudgetInput | undefined {
  const { checks, records, objectives } = path;
  if (checks.endpoints.length === 0) return undefined;
  const slowest = (attribute: string, fallback: number) =>
    Math.max(...checks.endpoints.map((check) => literalNumber(check, attribute, fallback)));
  const ttls = records.primaries.map((record) =>
    record.block.body["alias"] === undefined ? literalNumber(record, "ttl") : ALIAS_TTL_SECONDS,
  );
  return {
    requestIntervalSeconds: slowest("request_interval", DEFAULT_INTERVAL_SECONDS),
    failureThreshold: slowest("failure_threshold", DEFAULT_THRESHOLD),
    recordTtlSeconds: Math.max(...ttls),
    clientTimeoutSeconds: objectives.clientTimeoutSeconds,
  };
}

/** When a failover is latched, in worst-case seconds from the outage's start. */
export interface LatchTime {
  /** From the checkers' verdict until the watch believes it: the TTL of a cached answer, the time to its next reading, and a second reading. */
  readonly lookSeconds: number;
  /** Until the watch believes the verdict. */
  readonly failoverSeenSeconds: number;
  /** Until the switch's health check is unhealthy. */
  readonly inForceSeconds: number;
  /** Minimum seconds from the outage's end to the checkers' healthy verdict. */
  readonly returnSeconds: number;
  /** After an outage shorter than this, traffic may return once. */
  readonly windowSeconds: number;
}

/**
 * Computes when the latch takes effect. Undefined without a failover to latch, or without a watch that latches it.
 * @throws {DeclarationError} if the watch's schedule does not state its intervals
 */
export function latchTime(path: RecoveryPath, input: RecoveryTimeBudgetInput | undefined): LatchTime | undefined {
  const looks = path.watches.flatMap((watch) =>
    watchedVerdicts(watch, path).flatMap((record) =>
      watch.schedules.map((schedule) => literalNumber(record, "ttl") + readingSeconds(schedule)),
    ),
  );
  if (!path.objectives.isLatched || input === undefined || looks.length === 0) return undefined;
  const [nextRequest, inARow] = automaticFailoverBudget(input).items;
  const checkersSeconds = (nextRequest?.worstSeconds ?? 0) + (inARow?.worstSeconds ?? 0);
  const lookSeconds = Math.max(...looks);
  const failoverSeenSeconds = checkersSeconds + lookSeconds;
  const inForceSeconds = failoverSeenSeconds + SWITCH_EVALUATION_SECONDS;
  const returnSeconds = (input.failureThreshold - 1) * input.requestIntervalSeconds;
  const windowSeconds = inForceSeconds - returnSeconds;
  return { lookSeconds, failoverSeenSeconds, inForceSeconds, returnSeconds, windowSeconds };
}

/**
 * EventBridge Scheduler starts a run within a minute of its scheduled time.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
const START_PRECISION_SECONDS = 60;

/**
 * Longest time until a verdict is believed: the wait between readings or runs, plus a reading that times out; then, since it must hold, the
 * first reading after `confirmSeconds`.
 */
function readingSeconds({ schedule, input, expression }: WatchSchedule): number {
  const seconds = (name: string) => numberIn(input, name, nameOf(schedule));
  const betweenStarts = rateSeconds(expression, nameOf(schedule)) + START_PRECISION_SECONDS;
  const betweenRuns = Math.max(0, betweenStarts - seconds("watchSeconds"));
  const nextReading = seconds("verdictIntervalSeconds") + seconds("timeoutSeconds");
  return betweenRuns + nextReading + seconds("confirmSeconds") + nextReading;
}

function numberIn(input: JsonObject | undefined, name: string, where: string): number {
  const value = input?.[name];
  if (typeof value === "number" && value > 0) return value;
  throw new DeclarationError(
    `${where}.target.input: expected a number ${name} above 0, got ${JSON.stringify(value) ?? "nothing"}, so when the latch takes effect is unknown`,
  );
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

function rateSeconds(expression: string, where: string): number {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitSeconds = UNIT_SECONDS[unit];
  if (unitSeconds !== undefined) return Number(count) * unitSeconds;
  throw new DeclarationError(
    `${where}.schedule_expression: expected a rate such as rate(1 minute), got ${expression}, so when the latch takes effect is unknown`,
  );
}
