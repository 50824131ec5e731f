import { OPERATIONS, operationOfAction } from "../steps/operations";
import { type Fault, makeStep, nameOf, type Step } from "../steps/step";
import { type Grant, matchesWildcards } from "./granted-actions";
import type { PrimaryWatch } from "./primary-watch";
import { metricNames, type StandDownSwitch } from "./stand-down-switch";

/** Grants by which the watch may put metric data. */
export function switchGrants({ grants }: PrimaryWatch): Grant[] {
  return grants.filter(({ action }) => matchesWildcards(action, "cloudwatch:PutMetricData"));
}

const GET_METRIC_STATISTICS = "cloudwatch:GetMetricStatistics";

/** Grants by which the watch may read the switch's metric. */
const readGrants = ({ grants }: PrimaryWatch): Grant[] =>
  grants.filter(({ action }) => matchesWildcards(action, GET_METRIC_STATISTICS));

/** The watch repeats the switch's state, so that it does not rest on the last known status for longer than some hours. */
export function feedingStep(watch: PrimaryWatch, region: string, metric: string): Step {
  const grants = readGrants(watch);
  const fault: Fault = {
    resource: nameOf(watch.function),
    reason: `its role does not allow ${GET_METRIC_STATISTICS}: the switch's state is not repeated, and Route 53 is not to remember it for more than some hours`,
    remedy: `allow ${GET_METRIC_STATISTICS}`,
  };
  return makeStep({
    what: `${watch.functionName} reads ${metric}, to repeat the switch's state`,
    operation: OPERATIONS.getMetricStatistics,
    region,
    from: grants.length === 0 ? [watch.function] : grants.map(({ policy }) => policy),
    isNeeded: false,
    faults: grants.length === 0 ? [fault] : [],
  });
}

/** Why the watch's data point would not reach the metric of the switch's alarm. */
export function reachFaults(watch: PrimaryWatch, region: string, { alarm }: StandDownSwitch): Fault[] {
  if (alarm === undefined) return [];
  const resource = nameOf(watch.function);
  const [namespace = "", ...names] = metricNames(alarm);
  const unnamed = [namespace, ...names].filter((name) => !watch.environment.includes(name));
  const isAllowed = switchGrants(watch).some(
    ({ namespaces }) => namespaces?.some((pattern) => matchesWildcards(pattern, namespace)) ?? true,
  );
  return [
    ...(region === alarm.block.region
      ? []
      : [
          {
            resource,
            reason: `it puts its data points in ${region}, and the switch's alarm is in ${alarm.block.region}`,
            remedy: "put the watch and the alarm into the standby",
          },
        ]),
    ...(unnamed.length === 0
      ? []
      : [
          {
            resource,
            reason: `its environment does not name the metric of ${nameOf(alarm)}: ${unnamed.join(", ")}`,
            remedy: "give it the alarm's namespace, metric name and dimensions",
          },
        ]),
    ...(isAllowed
      ? []
      : [
          {
            resource,
            reason: `its role does not allow data points in the namespace ${namespace}`,
            remedy: "allow cloudwatch:PutMetricData with the condition cloudwatch:namespace of the switch's metric",
          },
        ]),
  ];
}

/** Steps for the roles' other permissions. No run waits for a data-plane action; a run may wait for a control-plane action. */
export function otherActions(watch: PrimaryWatch, region: string, primaryRegion: string): Step[] {
  const grants = [...watch.grants, ...watch.schedules.flatMap((schedule) => schedule.grants)];
  const operations = grants
    .filter(
      ({ action }) => !/^(?:cloudwatch:(?:PutMetricData|GetMetricStatistics)|lambda:InvokeFunction)$/i.test(action),
    )
    .map((grant) => ({ grant, operation: operationOfAction(grant.action, region) }));
  const harmless = operations.filter(({ operation }) => operation.plane === "data");
  const steps = operations
    .filter(({ operation }) => operation.plane === "control")
    .map(({ grant, operation }) =>
      makeStep({
        what: `${watch.functionName} may call ${grant.action}`,
        operation,
        region: operation.region,
        from: [grant.policy],
        faults: [
          {
            resource: nameOf(grant.policy),
            reason: `${grant.action} is not on the list of data planes' actions, and counts as control plane`,
            remedy:
              "take it out of the role; if AWS calls it data plane, add it to checks/recovery/steps/operations.ts with the page",
          },
        ],
      }),
    );
  return [
    ...steps,
    ...grants.flatMap((grant) => awayFrom(watch, grant, primaryRegion)),
    ...(harmless.length === 0
      ? []
      : [
          makeStep({
            what: `${watch.functionName} may also call ${[...new Set(harmless.map(({ grant }) => grant.action))].join(", ")}`,
            operation: {
              ...OPERATIONS.invoking,
              service: [...new Set(harmless.map(({ operation }) => operation.service))].join(", "),
            },
            region,
            from: harmless.map(({ grant }) => grant.policy),
            isNeeded: false,
          }),
        ]),
  ];
}

/** A permission for a resource in the primary region counts as a call to that region. */
function awayFrom(watch: PrimaryWatch, grant: Grant, primaryRegion: string): Step[] {
  if (!grant.resources.some((arn) => arn.split(":")[3] === primaryRegion)) return [];
  const what = `${watch.functionName} may call ${grant.action} in ${primaryRegion}`;
  return [
    makeStep({
      what,
      operation: operationOfAction(grant.action, primaryRegion),
      region: primaryRegion,
      from: [grant.policy],
    }),
  ];
}
