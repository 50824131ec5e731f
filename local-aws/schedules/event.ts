import { randomUUID } from "node:crypto";
import { isObject, type Json } from "../../terraform-json/json";
import type { Schedule } from "../../topology/topology";

/**
 * The event of a scheduled run: the declared input with its times compressed, or the scheduler's own
 * notification.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html
 */
export function eventOf({ arn, input }: Schedule, speed: number, now: Date): Json {
  if (input !== undefined) return shortened(input, speed);
  const [, , , region = "", account = ""] = arn.split(":");
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    account,
    time: now.toISOString().replace(/\.\d+/, ""),
    region,
    resources: [arn],
    detail: "{}",
  };
}

const IS_TIME = /(?:Seconds|Ms)$/;

/** Compresses every number whose key names a time. */
function shortened(input: Json, speed: number): Json {
  if (Array.isArray(input)) return input.map((item: Json) => shortened(item, speed));
  if (!isObject(input)) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [
      key,
      typeof value === "number" && IS_TIME.test(key) ? value / speed : shortened(value, speed),
    ]),
  );
}
