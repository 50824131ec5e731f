import path from "node:path";
import { checkRecovery, type RecoveryResult } from "../../../checks/recovery/check";
import { type AnyJson, exampleSettings, parsed, type Synthesized, scratchFolder, synthesize } from "../../synthesize";

/** An alias's minute does not fit the example's objective. */
export const ALIAS = {
  failoverRecord: { type: "ALIAS" },
  objectives: { recoveryTimeSeconds: 130, recoveryPointSeconds: 5 },
};

const synthesizedBySettings = new Map<string, Synthesized>();

/** A copy of what settings synthesize to, made once a test file. */
function freshCopy(settings: unknown): Synthesized {
  const key = JSON.stringify(settings);
  const synthesized = synthesizedBySettings.get(key) ?? synthesize(settings);
  synthesizedBySettings.set(key, synthesized);
  return { ...synthesized, stacks: structuredClone(synthesized.stacks) };
}

/** The check over a deployment's JSON after a change to it, with no drill's report. */
export function recoveryAfter(
  change: (stacks: AnyJson) => void,
  settings: unknown = exampleSettings(),
): RecoveryResult {
  const synthesized = freshCopy(settings);
  change(synthesized.stacks);
  return checkRecovery(parsed(synthesized), path.join(scratchFolder(), "absent"));
}

/** One line for each problem: where, which region, what, and what to do. */
export function problemsAfter(change: (stacks: AnyJson) => void, settings?: unknown): string[] {
  const { problems } = recoveryAfter(change, settings);
  return problems.map(
    ({ resource, region, reason, remedy, steps }) =>
      `${resource} (${region}) ${reason}; ${remedy} [${steps.join(", ")}]`,
  );
}

/** The steps of one procedure: mark, what, service, region and plane. */
export function stepsOf({ procedures }: RecoveryResult, name: string): string[] {
  const procedure = procedures.find((candidate) => candidate.name.startsWith(name));
  if (procedure === undefined)
    throw new Error(`expected a procedure ${name}, got ${procedures.map((p) => p.name).join(", ")}`);
  return procedure.steps.map(({ what, service, region, plane, isNeeded, faults }) => {
    const mark = faults.length > 0 ? "✗" : isNeeded ? "✓" : "·";
    return `${mark} ${what} | ${service} | ${region} | ${plane}`;
  });
}

const blocks = (stacks: AnyJson, type: string): Record<string, AnyJson> => stacks["failover-dns"].resource[type];

/** The failover stack's block of a type whose id begins so. */
export function failoverBlock(stacks: AnyJson, type: string, id: string): AnyJson {
  const [found] = Object.entries(blocks(stacks, type)).filter(([key]) => key.startsWith(id));
  if (found === undefined)
    throw new Error(`expected ${type}.${id}…, got ${Object.keys(blocks(stacks, type)).join(", ")}`);
  return found[1];
}

export function removeFailoverBlock(stacks: AnyJson, type: string, id: string): void {
  const all = blocks(stacks, type);
  const key = Object.keys(all).find((candidate) => candidate.startsWith(id));
  if (key === undefined) throw new Error(`expected ${type}.${id}…`);
  delete all[key];
}

/** Adds a provider for another region to the failover stack, as `aws.elsewhere`. */
export function addProvider(stacks: AnyJson, region: string): void {
  stacks["failover-dns"].provider.aws.push({ alias: "elsewhere", region });
}

/** Changes the statements of the watch's policy. */
export function changeWatchPolicy(stacks: AnyJson, change: (statements: AnyJson[]) => void): void {
  const policy = failoverBlock(stacks, "aws_iam_role_policy", "PrimaryWatch_Function");
  const document = JSON.parse(policy.policy);
  change(document.Statement);
  policy.policy = JSON.stringify(document);
}

/** Changes the event that the watch's schedule hands over. */
export function changeWatchInput(stacks: AnyJson, change: AnyJson): void {
  const { target } = failoverBlock(stacks, "aws_scheduler_schedule", "PrimaryWatch");
  target.input = JSON.stringify({ ...JSON.parse(target.input), ...change });
}

export const healthCheck = (stacks: AnyJson, id: string) => failoverBlock(stacks, "aws_route53_health_check", id);
export const record = (stacks: AnyJson, id: string) => failoverBlock(stacks, "aws_route53_record", id);
export const alarm = (stacks: AnyJson, id: string) => failoverBlock(stacks, "aws_cloudwatch_metric_alarm", id);
export const watchSchedule = (stacks: AnyJson) => failoverBlock(stacks, "aws_scheduler_schedule", "PrimaryWatch");
export const watchFunction = (stacks: AnyJson) => failoverBlock(stacks, "aws_lambda_function", "PrimaryWatch");

/** One problem, of which the line reads so. */
export function expectOne(problems: readonly string[], pattern: RegExp): void {
  expect(problems).toEqual([expect.stringMatching(pattern)]);
}
