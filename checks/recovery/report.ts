import { SWITCH_EVALUATION_SECONDS } from "../../config/recovery-time-budget";
import { inSeconds, recoveryTimeLines } from "../../config/recovery-time-lines";
import { wrappedLines } from "../../config/wrapped-lines";
import { brokenPromises, type RecoveryResult, worstSeconds } from "./check";
import type { Problem } from "./judge";
import type { Procedure, Step } from "./steps/step";
import { measuredLine } from "./time/drill-report";
import type { LatchTime } from "./time/recovery-time";

const COLUMNS = 110;
const WHAT_COLUMNS = 60;

const NOT_DECLARED =
  "· not in these stacks: an operator's credentials. Create them beforehand: IAM and STS authorize existing roles in every region, but " +
  "creating a user, role or policy needs a control plane in us-east-1. No step of a recovery needs Terraform or its state.";

/** Renders the result: each step with its region and its resources, then faults, times and the verdict. */
export function renderRecovery(result: RecoveryResult): string {
  const { pair, procedures, problems } = result;
  return [
    `Recovery of ${pair.primaryRegion} by ${pair.standbyRegion}, step by step`,
    "· marks a step that recovery does not wait for",
    ...procedures.flatMap((procedure) => procedureLines(procedure, serviceColumns(procedures))),
    "",
    ...problems.flatMap(problemLines),
    ...(problems.length === 0 ? [] : [""]),
    ...timeLines(result),
    "",
    verdict(result),
  ].join("\n");
}

function serviceColumns(procedures: readonly Procedure[]): number {
  return Math.max(...procedures.flatMap(({ steps }) => steps.map(({ service }) => service.length)));
}

function procedureLines({ name, steps }: Procedure, columns: number): string[] {
  const heading = row(" ", "", name, "service", columns, "region", "plane");
  return ["", heading, ...steps.flatMap((step, index) => stepLines(step, String(index + 1), columns))];
}

function stepLines(step: Step, number: string, columns: number): string[] {
  const mark = step.faults.length > 0 ? "✗" : step.isNeeded ? "✓" : "·";
  const [first = "", ...rest] = wrappedLines(step.what, WHAT_COLUMNS);
  return [
    row(mark, number, first, step.service, columns, step.region, step.plane),
    ...rest.map((line) => `     ${line}`),
    ...step.resources.map((resource) => `       ${resource}`),
  ];
}

function row(
  mark: string,
  number: string,
  what: string,
  service: string,
  columns: number,
  region: string,
  plane: string,
) {
  return `${mark} ${number.padStart(2)} ${what.padEnd(WHAT_COLUMNS)} ${service.padEnd(columns)} ${region.padEnd(14)} ${plane}`;
}

function problemLines({ resource, region, reason, remedy, steps }: Problem): string[] {
  const text = `${steps.join("; ")} (${region}): ${reason}; ${remedy}`;
  return [`✗ ${resource}`, ...wrappedLines(text, COLUMNS - 5).map((line) => `     ${line}`)];
}

function timeLines(result: RecoveryResult): string[] {
  const { budgetInput, objectives, latch, measured } = result;
  const declared =
    budgetInput === undefined
      ? ["✗ recovery time: without an endpoint check there is no automatic failover"]
      : recoveryTimeLines(budgetInput, objectives);
  return [
    ...declared,
    ...noteLines(measuredLine(measured, worstSeconds(result))),
    ...(latch === undefined ? [] : noteLines(latchNote(latch))),
    ...noteLines(NOT_DECLARED),
  ];
}

/** The limits of the latch. */
function latchNote({
  lookSeconds,
  failoverSeenSeconds,
  inForceSeconds,
  returnSeconds,
  windowSeconds,
}: LatchTime): string {
  return (
    `· latch: in force within ${inSeconds(inForceSeconds)} of the outage's start: the watch has read the checkers' verdict, and read it again, within ` +
    `${inSeconds(failoverSeenSeconds)}, and the switch shows it within ${inSeconds(SWITCH_EVALUATION_SECONDS)}; Route 53's propagation adds to that. ` +
    `Traffic cannot return earlier than ${inSeconds(returnSeconds)} after the outage's end; an outage that fails over and ends within ` +
    `${inSeconds(windowSeconds)} may still bring customers back once, and for good if the verdict lasts less than ${inSeconds(lookSeconds)}.`
  );
}

function noteLines(text: string): string[] {
  return wrappedLines(text, COLUMNS - 2).map((line, index) => (index === 0 ? line : `  ${line}`));
}

function verdict(result: RecoveryResult): string {
  const { pair, procedures, problems } = result;
  if (problems.length > 0) {
    return `✗ ${problems.length} ${problems.length === 1 ? "problem" : "problems"}: recovery without ${pair.primaryRegion} and control planes would not work as promised`;
  }
  const [broken] = brokenPromises(result);
  if (broken !== undefined) {
    return `✗ a failover may take ${inSeconds(broken.worstSeconds)} for ${broken.clients}, longer than the promised ${inSeconds(broken.promisedSeconds)}; lower the threshold, interval or TTL, or raise the objective`;
  }
  const steps = procedures.flatMap((procedure) => procedure.steps);
  const needed = steps.filter(({ isNeeded }) => isNeeded).length;
  return `✓ ${steps.length} steps: none of the ${needed} that recovery needs is in ${pair.primaryRegion}, a third region or a control plane`;
}
