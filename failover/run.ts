import { setMaxListeners } from "node:events";
import { type Deployment, describeDeployment } from "../config/deployment";
import { DEPLOYMENTS } from "../config/deployments";
import { InvalidSettingsError, validateSettings } from "../config/validate-settings";
import { SdkCloud } from "./adapters/aws";
import { CredentialsError, resolveCredentials } from "./adapters/credentials";
import { namesThrough, systemNames } from "./adapters/names";
import { directReach, reachThrough } from "./adapters/reach";
import { askWithin } from "./answer";
import { AuditError, type AuditLine } from "./audit/audit-file";
import { hasPassed, judge } from "./check/judge";
import { gatherReadiness } from "./check/readiness";
import { checkText } from "./check/table";
import { EXIT } from "./exit-codes";
import { answersIn, type Facts } from "./facts/facts";
import { gatherFacts } from "./facts/gather-facts";
import { type ActionOptions, parseCommand, type ReadOptions, UsageError } from "./options";
import type { Clock, Outside, Person } from "./ports";
import { runAction } from "./run-action";
import { headline } from "./status/headline";
import { statusText } from "./status/table";
import type { Waiting } from "./switch/announce";

/** Everything of the process that the command runs in. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly person: Person;
  readonly clock: Clock;
  /** Breaks a wait off. */
  readonly signal: AbortSignal;
  readonly user: string;
  readonly host: string;
  readonly newId: () => string;
  /** Milliseconds for one question. */
  readonly boundMs: number;
  readonly waiting: Omit<Waiting, "waitMs">;
}

/** Milliseconds, by this machine's clock. */
export const USUAL_TIMES = { boundMs: 3_000, waiting: { resendMs: 10_000, pollMs: 2_000 } };

/** It cannot run as it is set up: one line, exit code 2. */
export class SetUpError extends Error {
  override readonly name = "SetUpError";
}

/** @returns the exit code; whatever the user can mend is told in a line */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await runCommand(args, surroundings);
  } catch (error) {
    const expected = [UsageError, SetUpError, InvalidSettingsError, CredentialsError, AuditError];
    if (!expected.some((type) => error instanceof type)) throw error;
    surroundings.person.tell(`${(error as Error).message}\n`);
    return EXIT.couldNotRun;
  }
}

async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { person, env, signal } = surroundings;
  setMaxListeners(0, signal); // Every question under way listens to it.
  const command = parseCommand(args);
  if (command.kind === "print") {
    person.show(command.text);
    return EXIT.done;
  }
  if (command.kind === "action" && !command.options.isConfirmed && !person.isPresent) {
    throw new SetUpError(`${command.options.action}: expected a terminal to ask at, or --yes; got neither`);
  }
  const deploymentName = env["DEPLOYMENT"] ?? "example";
  const deployment = deploymentOf(deploymentName);
  const { endpoint } = command.options;
  refuseStrayEndpoints(env, endpoint, deployment.settings.emulator);
  const { credentials, accessKeyId } = await resolveCredentials(deployment.secondary.name, endpoint);
  const cloud = new SdkCloud({ accountId: deployment.settings.accountId, endpoint, credentials });
  const outside: Outside =
    endpoint === undefined
      ? { reach: directReach, names: systemNames, cloud }
      : { reach: reachThrough(endpoint), names: namesThrough(endpoint), cloud };
  const subject = { deployment, deploymentName, outside, surroundings };
  try {
    if (endpoint !== undefined) await refuseUnreachable(endpoint, subject);
    if (command.kind === "status") return await status(subject, command.options);
    if (command.kind === "check") return await check(subject, command.options);
    return await act(subject, command.options, { user: surroundings.user, accessKeyId });
  } finally {
    cloud.close();
  }
}

interface Subject {
  readonly deployment: Deployment;
  readonly deploymentName: string;
  readonly outside: Outside;
  readonly surroundings: Surroundings;
}

function deploymentOf(name: string): Deployment {
  if (!Object.hasOwn(DEPLOYMENTS, name)) {
    const expected = Object.keys(DEPLOYMENTS).join(", ");
    throw new SetUpError(`DEPLOYMENT: expected one of ${expected}; got ${JSON.stringify(name)}`);
  }
  return describeDeployment(validateSettings(name, DEPLOYMENTS[name]).settings);
}

/** The SDK would follow these silently, and the data point would go somewhere else. */
function refuseStrayEndpoints(env: Surroundings["env"], endpoint: string | undefined, isEmulator: boolean): void {
  const stray = Object.keys(env).find((name) => /^AWS_ENDPOINT_URL(?:_|$)/.test(name) && env[name] !== "");
  if (stray === undefined || endpoint !== undefined || isEmulator) return;
  throw new SetUpError(
    `${stray}: expected none, so that AWS is called; got ${env[stray]}; unset it, or use --endpoint for a drill`,
  );
}

/** A drill that is not there is one line, and not a page of questions without answers. */
async function refuseUnreachable(endpoint: string, { outside, deployment, surroundings }: Subject): Promise<void> {
  const { apiDomainName } = deployment.settings;
  const answer = await askWithin(surroundings.boundMs)((signal) =>
    outside.names.lookUp(apiDomainName, "CNAME", signal),
  );
  if (answer.isKnown) return;
  throw new SetUpError(
    `--endpoint ${endpoint}: expected a drill that answers; got ${answer.short}; is it running, and is this the URL that it printed?`,
  );
}

async function status(
  { deployment, deploymentName, outside, surroundings }: Subject,
  { json }: ReadOptions,
): Promise<number> {
  const { person, clock, boundMs, signal } = surroundings;
  const facts = await gatherFacts(deployment, outside, askWithin(boundMs, signal));
  if (signal.aborted) return brokenOff(person);
  person.show(
    json
      ? asJson({ deployment: deploymentName, at: clock.date(), headline: headline(facts), ...facts })
      : statusText(facts, deployment.namePrefix),
  );
  return anythingKnown(facts, person) ? EXIT.done : EXIT.couldNotRun;
}

function brokenOff(person: Person): number {
  person.tell("broken off\n");
  return EXIT.couldNotRun;
}

function anythingKnown(facts: Facts, person: Person): boolean {
  const isSomething = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  if (answersIn(facts).some((answer) => answer.isKnown && isSomething(answer.value))) return true;
  person.tell("Nothing answers at all: is this machine connected?\n");
  return false;
}

async function check(
  { deployment, deploymentName, outside, surroundings }: Subject,
  { json }: ReadOptions,
): Promise<number> {
  const { person, clock, boundMs, signal } = surroundings;
  const readiness = await gatherReadiness(deployment, outside, askWithin(boundMs, signal));
  if (signal.aborted) return brokenOff(person);
  const checks = judge(readiness, deployment.settings.objectives.recoveryPointSeconds);
  const passed = hasPassed(checks);
  person.show(
    json
      ? asJson({ deployment: deploymentName, at: clock.date(), passed, checks })
      : checkText(checks, deployment.primary.name),
  );
  return passed ? EXIT.done : EXIT.refused;
}

const asJson = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

function act(
  { deployment, deploymentName, outside, surroundings }: Subject,
  options: ActionOptions,
  who: AuditLine["who"],
): Promise<number> {
  const { person, clock, signal, host, newId, boundMs, waiting } = surroundings;
  return runAction({
    deployment,
    deploymentName,
    options,
    outside,
    ask: askWithin(boundMs, signal),
    clock,
    person,
    waiting,
    signal,
    who,
    host,
    newId,
  });
}
