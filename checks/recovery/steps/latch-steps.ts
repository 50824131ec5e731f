import type { PrimaryWatch, WatchedUrl, WatchSchedule } from "../declared/primary-watch";
import { type RecoveryPath, watchedVerdicts } from "../declared/recovery-path";
import { literalText } from "../declared/referred-blocks";
import { metricNames } from "../declared/stand-down-switch";
import { feedingStep, otherActions, reachFaults, switchGrants } from "../declared/watch-permissions";
import { peopleHear } from "./customers-move";
import { isAwsService } from "./hosts";
import { OPERATIONS } from "./operations";
import { type Fault, GLOBAL, makeStep, nameOf, type Step } from "./step";
import { switchTurns } from "./throw-switch";

/** The steps that latch an automatic failover. Without a latch in the objectives, only the faults of a watch that would latch one. */
export function latchSteps(path: RecoveryPath): Step[] {
  const { watches, objectives, switches } = path;
  if (!objectives.isLatched) {
    return watches
      .flatMap((watch) => watch.schedules.map((schedule) => started(watch, schedule, path)))
      .filter(({ faults }) => faults.length > 0);
  }
  if (watches.length === 0) return [missingLatch(path)];
  return [
    ...watches.flatMap((watch) => watchSteps(watch, path)),
    ...switchTurns(path, 1),
    ...peopleHear(
      "operators are notified that customers stay with the standby",
      switches.flatMap(({ alarm }) => alarm ?? []),
      "alarm_actions",
      path,
    ),
  ];
}

function missingLatch({ pair, records }: RecoveryPath): Step {
  return makeStep({
    what: "nothing latches the failover",
    operation: OPERATIONS.nothing,
    region: pair.standbyRegion,
    from: records.primaries.slice(0, 1),
    faults: [
      {
        resource: `${pair.stack.name}/output.recovery_objectives`,
        reason: "it promises a latched failback, and no function's role allows cloudwatch:PutMetricData",
        remedy: `declare a watch in ${pair.standbyRegion}, or set the settings' failback to "automatic"`,
      },
    ],
  });
}

function watchSteps(watch: PrimaryWatch, path: RecoveryPath): Step[] {
  const { pair } = path;
  const region = watch.function.block.region ?? pair.standbyRegion;
  const roles = [watch.role, ...watch.schedules.flatMap(({ role }) => role ?? [])];
  return [
    ...(watch.schedules.length === 0 ? [neverStarted(watch, region)] : []),
    ...watch.schedules.map((schedule) => started(watch, schedule, path)),
    makeStep({
      what: "the schedule and the function get their roles' credentials",
      operation: OPERATIONS.credentials,
      region,
      from: roles,
    }),
    makeStep({
      what: `${watch.functionName} runs`,
      operation: OPERATIONS.invoking,
      region,
      from: [watch.function],
      faults: neverRuns(watch),
    }),
    ...asking(watch, path),
    makeStep({
      what: `${watch.functionName} puts ${switchMetric(path)} = 1`,
      operation: OPERATIONS.putMetricData,
      region,
      from: [watch.function, ...switchGrants(watch).map(({ policy }) => policy)],
      faults: path.switches.flatMap((entry) => reachFaults(watch, region, entry)),
    }),
    feedingStep(watch, region, switchMetric(path)),
    ...otherActions(watch, region, pair.primaryRegion),
  ];
}

function neverRuns({ function: lambda }: PrimaryWatch): Fault[] {
  if (lambda.block.body["reserved_concurrent_executions"] !== 0) return [];
  const reason = "its reserved concurrency is 0: Lambda refuses every run";
  return [{ resource: nameOf(lambda), reason, remedy: "take reserved_concurrent_executions away" }];
}

function switchMetric({ switches }: RecoveryPath): string {
  const [alarm] = switches.flatMap((entry) => entry.alarm ?? []);
  return alarm === undefined ? "the switch's metric" : (metricNames(alarm)[1] ?? "");
}

function neverStarted(watch: PrimaryWatch, region: string): Step {
  return makeStep({
    what: `nothing starts ${watch.functionName}`,
    operation: OPERATIONS.scheduling,
    region,
    from: [watch.function],
    faults: [
      {
        resource: nameOf(watch.function),
        reason: "no aws_scheduler_schedule starts the watch",
        remedy: "declare a schedule that starts it every minute",
      },
    ],
  });
}

function started(watch: PrimaryWatch, schedule: WatchSchedule, { pair, objectives }: RecoveryPath): Step {
  const resource = nameOf(schedule.schedule);
  const latch = schedule.input?.["latch"];
  const faults: Fault[] = [];
  if (!schedule.isEnabled) {
    faults.push({ resource, reason: "the watch's schedule is disabled", remedy: 'set its state to "ENABLED"' });
  }
  if (latch !== objectives.isLatched) {
    const promise = objectives.isLatched ? "a latched" : "an automatic";
    const reason = `${pair.stack.name} promises ${promise} failback, and the schedule's input says latch: ${JSON.stringify(latch) ?? "nothing"}`;
    faults.push({ resource, reason, remedy: "synthesize both from the settings' failback" });
  }
  return makeStep({
    what: `${watch.functionName} is started: ${schedule.expression}`,
    operation: OPERATIONS.scheduling,
    region: schedule.schedule.block.region ?? pair.standbyRegion,
    from: [schedule.schedule],
    faults,
  });
}

/** What the watch asks: name servers for the checkers' verdict, which decides, and the primary, whose answer is only reported. */
function asking(watch: PrimaryWatch, path: RecoveryPath): Step[] {
  const others = watch.urls.map((entry) => askingStep(watch, entry, path.pair));
  const { switches, checks } = path;
  // A missing switch or endpoint check is reported as a fault elsewhere.
  return switches.length === 0 || checks.endpoints.length === 0 ? others : [readingVerdict(watch, path), ...others];
}

function readingVerdict(watch: PrimaryWatch, path: RecoveryPath): Step {
  const records = watchedVerdicts(watch, path);
  const names = [...new Set(records.map((record) => literalText(record, "name")))];
  const fault: Fault = {
    resource: nameOf(watch.function),
    reason:
      "its environment names no TXT failover record with the health check of the primary's endpoint: it cannot see a failover",
    remedy: "declare such a pair of records, and name it",
  };
  return makeStep({
    what:
      names.length === 0
        ? `${watch.functionName} looks for the failover`
        : `reads Route 53's verdict for the primary's endpoint in DNS (${names.join(", ")})`,
    operation: OPERATIONS.answering,
    region: GLOBAL,
    from: records.length === 0 ? [watch.function] : records,
    faults: records.length === 0 ? [fault] : [],
  });
}

function askingStep(watch: PrimaryWatch, { variable, url, region }: WatchedUrl, pair: RecoveryPath["pair"]): Step {
  const from = [watch.function];
  const address = `${url.host}${url.pathname}`;
  if (region === "failover") {
    return makeStep({ what: `asks ${address}`, operation: OPERATIONS.serving, region: pair.standbyRegion, from });
  }
  if (region === pair.primaryRegion && !isAwsService(url.hostname)) {
    const what = `asks ${address}, and reports whether it answers`;
    return makeStep({ what, operation: OPERATIONS.serving, region, from, isNeeded: false });
  }
  const isKnown = region !== undefined;
  return makeStep({
    what: `asks ${address}`,
    operation: OPERATIONS.calling,
    region: region ?? GLOBAL,
    from,
    faults: isKnown
      ? []
      : [
          {
            resource: nameOf(watch.function),
            reason: `${variable} leads to ${url.host}, whose region these stacks do not tell`,
            remedy: "ask hosts that these stacks declare",
          },
        ],
  });
}
