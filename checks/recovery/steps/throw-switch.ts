import { type RecoveryPath, verdictRecords } from "../declared/recovery-path";
import { type Located, literalText } from "../declared/referred-blocks";
import { metricNames } from "../declared/stand-down-switch";
import { GLOBAL_CONTROL_REGION, OPERATIONS } from "./operations";
import { GLOBAL, makeStep, nameOf, type Step } from "./step";

/** The steps from a data point to the switch's health check: 1 stands the primary down, 0 releases it. */
export function throwSwitch(path: RecoveryPath, value: 0 | 1, who: string): Step[] {
  if (path.switches.length === 0) return [editRecords(path, value)];
  return path.switches.flatMap(({ region, alarm, check }) => [
    makeStep({
      what: `${who} puts ${alarm === undefined ? "the switch's metric" : metricNames(alarm)[1]} = ${value}`,
      operation: OPERATIONS.putMetricData,
      region,
      from: [alarm ?? check],
    }),
    ...switchTurns(path, value).filter(({ resources }) => resources.includes(nameOf(check))),
  ]);
}

/** The steps that CloudWatch and Route 53 take after the data point. */
export function switchTurns(path: RecoveryPath, value: 0 | 1): Step[] {
  return path.switches.map(({ region, alarm, check, faults }) =>
    makeStep({
      what: `the alarm ${value === 1 ? "goes into ALARM" : "returns to OK"}, and the switch's check turns ${value === 1 ? "un" : ""}healthy`,
      operation: OPERATIONS.evaluatingAlarms,
      region,
      from: [...(alarm === undefined ? [] : [alarm]), check],
      faults,
    }),
  );
}

/** Without a switch, an operator has to edit the records. */
function editRecords({ records }: RecoveryPath, value: 0 | 1): Step {
  const [record] = records.primaries as readonly [Located];
  return makeStep({
    what: value === 1 ? "an operator edits the records" : "an operator edits the records back",
    operation: OPERATIONS.editingRecords,
    region: GLOBAL_CONTROL_REGION,
    from: records.primaries,
    faults: [
      {
        resource: nameOf(record),
        reason: "no health check of the PRIMARY record follows an alarm: a failover by hand means editing records",
        remedy: "calculate its check from the endpoint's and from one that follows a stand-down alarm in the standby",
      },
    ],
  });
}

/** How an operator reads Route 53's verdict for a check: from a TXT record, or else from Route 53's API. */
export function verdictIsRead(path: RecoveryPath, checks: readonly Located[], of: string): Step[] {
  if (checks.length === 0) return [];
  const records = verdictRecords(checks, path.stacks);
  const [check] = checks as readonly [Located];
  if (records.length > 0) {
    const names = [...new Set(records.map((record) => literalText(record, "name")))].join(", ");
    const what = `an operator reads Route 53's verdict for ${of} in DNS (${names})`;
    return [makeStep({ what, operation: OPERATIONS.answering, region: GLOBAL, from: records })];
  }
  return [
    makeStep({
      what: `an operator asks Route 53's API for its verdict for ${of}`,
      operation: OPERATIONS.readingHealthChecks,
      region: GLOBAL_CONTROL_REGION,
      from: checks,
      faults: [
        {
          resource: nameOf(check),
          reason: `Route 53's verdict for ${of} cannot be read in DNS`,
          remedy: "declare a pair of TXT failover records with this health check",
        },
      ],
    }),
  ];
}
