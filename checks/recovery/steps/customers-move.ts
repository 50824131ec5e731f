import type { Json } from "../../../terraform-json/json";
import { servedBy } from "../declared/failover-records";
import { calculatedFaults, checkOf } from "../declared/health-checks";
import type { RecoveryPath } from "../declared/recovery-path";
import type { Located } from "../declared/referred-blocks";
import { GLOBAL_CONTROL_REGION, OPERATIONS } from "./operations";
import { type Fault, GLOBAL, makeStep, nameOf, type Step } from "./step";

/** The end of every procedure: from the health checks' verdicts to the region that serves customers. */
export function customersMove(path: RecoveryPath, side: "PRIMARY" | "SECONDARY"): Step[] {
  const { records, pair, stacks } = path;
  const answering = side === "PRIMARY" ? records.primaries : records.secondaries;
  const region = side === "PRIMARY" ? pair.primaryRegion : pair.standbyRegion;
  return [
    ...calculation(path, side),
    ...answers(path, side, answering),
    makeStep({
      what: `${region} serves under the API's name`,
      operation: OPERATIONS.serving,
      region,
      from: answering.flatMap((record) => servedBy(record, stacks)),
      isNeeded: side === "SECONDARY", // A return to the primary is no part of recovering from its loss.
    }),
  ];
}

function calculation({ checks, stacks }: RecoveryPath, side: "PRIMARY" | "SECONDARY"): Step[] {
  if (checks.calculated.length === 0) return [];
  return [
    makeStep({
      what: `the primary's check turns ${side === "PRIMARY" ? "healthy, since all its children are" : "unhealthy, since one child is"}`,
      operation: OPERATIONS.healthChecking,
      region: GLOBAL,
      from: checks.calculated,
      faults: checks.calculated.flatMap((check) => calculatedFaults(check, stacks)),
    }),
  ];
}

function answers(path: RecoveryPath, side: "PRIMARY" | "SECONDARY", answering: readonly Located[]): Step[] {
  const { records } = path;
  const unchecked = records.primaries.filter(({ block }) => block.body["health_check_id"] === undefined);
  const from = side === "PRIMARY" ? answering : [...records.primaries, ...answering];
  const name = `${records.apiName} resolves to the ${side} record`;
  const faults = [...records.faults, ...sharedVerdicts(path)];
  const step = makeStep({ what: name, operation: OPERATIONS.answering, region: GLOBAL, from, faults });
  if (unchecked.length === 0) return [step];
  return [
    step,
    makeStep({
      what: "a record that follows no health check is edited",
      operation: OPERATIONS.editingRecords,
      region: GLOBAL_CONTROL_REGION,
      from: unchecked,
      faults: unchecked.map((record) => ({
        resource: nameOf(record),
        reason:
          "the PRIMARY record has no health check: Route 53 always answers with it, and a failover means editing it",
        remedy: "give it the health_check_id of the check calculated from endpoint and switch",
      })),
    }),
  ];
}

/** Route 53 answers with the PRIMARY when the SECONDARY is unhealthy at the same time. */
function sharedVerdicts({ records, checks, stacks }: RecoveryPath): Fault[] {
  const behindPrimary = new Set(Object.values(checks).flat().map(nameOf));
  return records.secondaries
    .filter(({ block }) => block.body["health_check_id"] !== undefined)
    .filter((record) => behindPrimary.has(nameOf(checkOf(record, stacks))))
    .map((record) => ({
      resource: nameOf(record),
      reason:
        "the SECONDARY record follows a health check of the primary: with both unhealthy Route 53 answers PRIMARY",
      remedy: "take its health_check_id away: a record without one counts as healthy",
    }));
}

const ARN = /^arn:aws[\w-]*:([a-z0-9-]+):([a-z0-9-]*):/;

/** Alarms that notify operators. An alarm acts in its own region only. */
export function peopleHear(
  what: string,
  alarms: readonly Located[],
  attribute: "alarm_actions" | "ok_actions",
  { stacks, pair }: RecoveryPath,
): Step[] {
  const acting = alarms.filter(
    ({ block: { body } }) => [body[attribute] ?? []].flat().length > 0 && body["actions_enabled"] !== false,
  );
  const [silent] = alarms;
  if (acting.length === 0 && silent !== undefined) return [noNotification(what, silent, attribute, pair.standbyRegion)];
  const regions = [...new Set(acting.map(({ block }) => block.region ?? ""))];
  return regions.map((region) => {
    const here = acting.filter(({ block }) => block.region === region);
    const actions = here.flatMap((alarm) => actionsOf(alarm, attribute, stacks));
    return makeStep({
      what,
      operation: OPERATIONS.publishing,
      region,
      from: [...here, ...actions.flatMap(({ topic }) => topic ?? [])],
      faults: actions
        .filter((action) => action.region !== region)
        .map((action) => farAction(action, region, pair.standbyRegion)),
    });
  });
}

function noNotification(what: string, alarm: Located, attribute: string, standbyRegion: string): Step {
  return makeStep({
    what,
    operation: OPERATIONS.publishing,
    region: alarm.block.region ?? standbyRegion,
    from: [alarm],
    faults: [
      {
        resource: nameOf(alarm),
        reason: "its alarm notifies nobody",
        remedy: `name an SNS topic of its region in ${attribute}, and leave actions_enabled on`,
      },
    ],
  });
}

interface AlarmAction {
  readonly alarm: Located;
  readonly target: string;
  readonly region: string;
  readonly topic: Located | undefined;
}

function actionsOf(alarm: Located, attribute: string, stacks: RecoveryPath["stacks"]): AlarmAction[] {
  const targets: Json[] = [alarm.block.body[attribute] ?? []].flat();
  return targets.map((value) => {
    const target = String(value);
    const [, , region = ""] = ARN.exec(target) ?? [];
    const topic = topicOf(alarm, value, region, stacks);
    return { alarm, target, region: topic?.block.region ?? region, topic };
  });
}

function topicOf(alarm: Located, target: Json, region: string, stacks: RecoveryPath["stacks"]): Located | undefined {
  const topics = stacks.flatMap((stack) =>
    [...stack.blocks.values()].filter(({ type }) => type === "aws_sns_topic").map((block) => ({ stack, block })),
  );
  const referred = /^\$\{((?:data\.)?aws_sns_topic\.[\w-]+)\.arn\}$/.exec(String(target))?.[1];
  if (referred !== undefined)
    return topics.find(({ stack, block }) => stack === alarm.stack && block.address === referred);
  const name = String(target).split(":").at(-1);
  return topics.find(({ block }) => block.region === region && block.body["name"] === name);
}

function farAction({ alarm, target, region }: AlarmAction, alarmRegion: string, standbyRegion: string): Fault {
  return {
    resource: nameOf(alarm),
    reason: `the alarm is in ${alarmRegion} and notifies ${target} in ${region === "" ? "an unknown region" : region}, but an alarm acts in its own region only`,
    remedy: `put the alarm and the topic into ${standbyRegion}`,
  };
}
