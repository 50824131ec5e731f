import type { Deployment } from "../config/deployment";
import type { Asking } from "./answer";
import { type AuditLine, appendAuditLine } from "./audit/audit-file";
import { type Check, judge } from "./check/judge";
import { gatherReadiness } from "./check/readiness";
import { checkText } from "./check/table";
import { EXIT } from "./exit-codes";
import type { Facts } from "./facts/facts";
import { gatherFacts } from "./facts/gather-facts";
import type { ActionOptions } from "./options";
import type { Clock, Outside, Person } from "./ports";
import { announcement, type Waiting } from "./switch/announce";
import { alreadyDone, disagreement, objections } from "./switch/decide";
import { type Intent, intentOf } from "./switch/intent";
import { outcomeText, outcomeWords } from "./switch/outcome";
import { type Thrown, throwSwitch } from "./switch/throw-switch";
import { paragraph } from "./terminal/columns";

export interface ActionProps {
  readonly deployment: Deployment;
  readonly deploymentName: string;
  readonly options: ActionOptions;
  readonly outside: Outside;
  readonly ask: Asking;
  readonly clock: Clock;
  readonly person: Person;
  readonly waiting: Omit<Waiting, "waitMs">;
  readonly signal: AbortSignal;
  readonly who: AuditLine["who"];
  readonly host: string;
  readonly newId: () => string;
}

/**
 * Throws the switch: looks first, says what it will do, asks, writes it down, does it, and looks whether it worked.
 * @returns the exit code
 * @throws {AuditError} before anything is called, when it cannot be written down
 */
export async function runAction(props: ActionProps): Promise<number> {
  const { deployment, options, person } = props;
  const intent = intentOf(options.action, deployment);
  const { facts, checks } = await look(props);
  if (props.signal.aborted) return brokenOff(person);
  const done = alreadyDone(intent, facts);
  if (done !== undefined) {
    person.show(paragraph(done));
    return EXIT.done;
  }
  const doubt = disagreement(intent, facts);
  if (doubt !== undefined) person.tell(paragraph(doubt));
  if (checks.length > 0) person.show(`${checkText(checks, intent.primaryName)}\n`);
  const accountId = options.endpoint === undefined ? deployment.settings.accountId : undefined;
  const against = objections(intent, facts, checks, accountId);
  if (against.length > 0) {
    const refused = !options.isOverridden;
    person.tell(
      `${refused ? "Refused" : "Overridden"}: ${intent.phrase}\n${against.map(({ reason }) => paragraph(`- ${reason}`)).join("")}`,
    );
    if (refused) {
      person.tell(paragraph("Nothing was called. --override goes on against this; its --reason is written down."));
      return EXIT.refused;
    }
  }
  const waiting: Waiting = { ...props.waiting, waitMs: options.waitSeconds * 1_000 };
  person.show(
    `${announcement(intent, facts, { where: whereWords(props), writtenDown: auditWords(props) }, waiting)}\n`,
  );
  const isGoing = await isConfirmed(props, intent);
  if (props.signal.aborted) return brokenOff(person);
  if (!isGoing) {
    person.tell("Not confirmed: nothing was called.\n");
    return EXIT.refused;
  }
  return throwAndWriteDown(
    props,
    intent,
    waiting,
    against.map(({ name }) => name),
  );
}

function brokenOff(person: Person): number {
  person.tell("Broken off: nothing was called.\n");
  return EXIT.couldNotRun;
}

/** A release is judged by the whole of the checks; a stand-down must not wait for them. */
async function look({ deployment, outside, ask, options }: ActionProps): Promise<{ facts: Facts; checks: Check[] }> {
  if (options.action === "stand-down") return { facts: await gatherFacts(deployment, outside, ask), checks: [] };
  const readiness = await gatherReadiness(deployment, outside, ask);
  return { facts: readiness.facts, checks: judge(readiness, deployment.settings.objectives.recoveryPointSeconds) };
}

const endpointWords = ({ options }: ActionProps) => options.endpoint ?? "AWS";

function whereWords(props: ActionProps): string {
  const { accountId } = props.deployment.settings;
  const where =
    props.options.endpoint === undefined ? `AWS account ${accountId}` : `the drill at ${endpointWords(props)}`;
  return `deployment "${props.deploymentName}", ${where}`;
}

function auditWords({ options, who }: ActionProps): string {
  return `${options.auditFile}: by ${who.user} with ${who.accessKeyId}: ${options.reason}`;
}

async function isConfirmed({ options, person }: ActionProps, { phrase }: Intent): Promise<boolean> {
  if (options.isConfirmed) return true;
  return (await person.ask(`Type "${phrase}" to go on: `)).trim() === phrase;
}

async function throwAndWriteDown(
  props: ActionProps,
  intent: Intent,
  waiting: Waiting,
  overridden: readonly string[],
): Promise<number> {
  const { outside, ask, clock, person, signal, options } = props;
  const common = {
    id: props.newId(),
    who: props.who,
    host: props.host,
    deployment: props.deploymentName,
    action: options.action,
    reason: options.reason,
    endpoint: endpointWords(props),
    overridden,
    calls: [intent.call],
  };
  appendAuditLine(options.auditFile, { at: clock.date(), ...common, outcome: "began" });
  const thrown = await throwSwitch({
    intent,
    outside,
    ask,
    clock,
    waiting,
    signal,
    onStep: (atMs, text) => person.tell(`${(atMs / 1_000).toFixed(1).padStart(7)} s  ${text}\n`),
  });
  person[thrown.outcome.kind === "effective" || thrown.outcome.kind === "sent" ? "show" : "tell"](
    outcomeText(intent, thrown, waiting),
  );
  writeOutcome(props, { at: clock.date(), ...common, ...outcomeFields(thrown) });
  return exitCodeOf(thrown);
}

const outcomeFields = ({ outcome, timesSent, tookMs }: Thrown) => ({
  outcome: outcomeWords(outcome),
  timesSent,
  measuredSeconds: Math.round(tookMs / 100) / 10,
});

/** What is done is done: a disk that is full by now is told, and changes nothing. */
function writeOutcome({ options, person }: ActionProps, line: AuditLine): void {
  try {
    appendAuditLine(options.auditFile, line);
  } catch (error) {
    person.tell(paragraph(`The outcome is not in the audit file: ${(error as Error).message}`));
  }
}

function exitCodeOf({ outcome }: Thrown): number {
  switch (outcome.kind) {
    case "effective":
    case "sent":
      return EXIT.done;
    case "not effective":
    case "countermanded":
      return EXIT.refused;
    case "not sent":
    case "broken off":
      return EXIT.couldNotRun;
  }
}
