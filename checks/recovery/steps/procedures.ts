import { endpointFaults, probedUrl } from "../declared/health-checks";
import type { RecoveryPath } from "../declared/recovery-path";
import type { Located } from "../declared/referred-blocks";
import { resourcesOf } from "../declared/referred-blocks";
import { customersMove, peopleHear } from "./customers-move";
import { failbackQuestions } from "./failback-questions";
import { latchSteps } from "./latch-steps";
import { OPERATIONS } from "./operations";
import { GLOBAL, makeStep, nameOf, type Procedure, type Step } from "./step";
import { throwSwitch, verdictIsRead } from "./throw-switch";

/** All procedures, in the order of an outage: from the loss of the primary to failback. */
export function procedures(path: RecoveryPath): Procedure[] {
  const { objectives } = path;
  return [
    { name: "automatic failover", steps: automaticFailover(path) },
    {
      name: objectives.isLatched ? "latch" : "latch: none wanted, since failback is automatic",
      steps: latchSteps(path),
    },
    { name: "failover by hand", steps: standDown(path) },
    {
      name: objectives.isLatched ? "failback" : "failback: automatic, or by hand after a stand-down",
      steps: failback(path),
    },
  ];
}

function automaticFailover(path: RecoveryPath): Step[] {
  const switchAlarms = new Set(alarmsOfSwitches(path).map(nameOf));
  const telling = resourcesOf("aws_cloudwatch_metric_alarm", [path.pair.stack]).filter(
    (alarm) => !switchAlarms.has(nameOf(alarm)),
  );
  return [
    endpointTurns(path, "unhealthy"),
    ...customersMove(path, "SECONDARY"),
    ...peopleHear("operators get the alarms about the primary and its watch", telling, "alarm_actions", path),
  ];
}

function standDown(path: RecoveryPath): Step[] {
  return [
    ...throwSwitch(path, 1, "an operator"),
    ...customersMove(path, "SECONDARY"),
    ...verdictIsRead(path, path.checks.switches, "the switch"),
    ...peopleHear(
      "operators are notified that the primary is stood down",
      alarmsOfSwitches(path),
      "alarm_actions",
      path,
    ),
  ];
}

function failback(path: RecoveryPath): Step[] {
  return [
    ...failbackQuestions(path),
    endpointTurns(path, "healthy"),
    ...throwSwitch(path, 0, "an operator"),
    ...customersMove(path, "PRIMARY"),
    ...verdictIsRead(path, path.checks.switches, "the switch"),
    ...peopleHear("operators are notified of the release", alarmsOfSwitches(path), "ok_actions", path),
  ];
}

function alarmsOfSwitches({ switches }: RecoveryPath): Located[] {
  return switches.flatMap(({ alarm }) => alarm ?? []);
}

/** Route 53's checkers probe from several regions. They observe whether the primary answers; they do not depend on it. */
function endpointTurns({ checks, records, stacks, pair }: RecoveryPath, verdict: "healthy" | "unhealthy"): Step {
  const { endpoints } = checks;
  if (endpoints.length > 0) {
    return makeStep({
      what: `checkers around the world find ${endpoints.map(probedUrl).join(", ")} ${verdict}`,
      operation: OPERATIONS.healthChecking,
      region: GLOBAL,
      from: endpoints,
      faults: endpoints.flatMap((check) => endpointFaults(check, stacks, pair)),
    });
  }
  const [record] = records.primaries as readonly [Located];
  return makeStep({
    what: "no health check probes the primary: nothing detects an outage",
    operation: OPERATIONS.nothing,
    region: GLOBAL,
    from: [record],
    faults: [
      {
        resource: nameOf(record),
        reason: "no health check behind the PRIMARY record probes the primary: an outage causes no failover",
        remedy: "calculate its check from an HTTPS check of the primary's own host name, too",
      },
    ],
  });
}
