import { parseArgs } from "node:util";
import type { Action } from "./switch/intent";

export interface CommonOptions {
  /** URL of a running drill's endpoint without a final slash; undefined for AWS. */
  readonly endpoint: string | undefined;
}

export interface ReadOptions extends CommonOptions {
  readonly json: boolean;
}

export interface ActionOptions extends CommonOptions {
  readonly action: Action;
  /** Nobody is asked. */
  readonly isConfirmed: boolean;
  readonly auditFile: string;
  readonly reason: string;
  readonly isOverridden: boolean;
  /** 0 sends once and does not look. */
  readonly waitSeconds: number;
}

export type Command =
  | { readonly kind: "status"; readonly options: ReadOptions }
  | { readonly kind: "check"; readonly options: ReadOptions }
  | { readonly kind: "action"; readonly options: ActionOptions }
  | { readonly kind: "print"; readonly text: string };

/** A mistake on the command line: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const DEFAULTS = { audit: "failover-audit.jsonl", wait: "240" };

export const HELP = `npm run failover -- status | stand-down | release | check [options]

  status       where everything stands: endpoints, health check, switch, replication, queues, alarms
  stand-down   moves customers to the standby and keeps them there, however healthy the primary is
  release      gives the primary back to its health check; refuses while a check fails
  check        whether the primary may be released, and why not

The deployment is DEPLOYMENT's (example): names come from its settings, credentials from the AWS
SDK's default chain. Stand-down and release call CloudWatch's data plane in the standby region
alone; neither the primary region nor a control plane is needed.

  --reason TEXT    why, for the audit file                       (stand-down and release need one)
  --yes            asks nobody
  --override       goes on against a refusal
  --wait SECONDS   how long the effect is waited for, 1 to 3600   (${DEFAULTS.wait})
  --no-wait        sends once and does not look
  --audit FILE     where it is written down, before it is called  (${DEFAULTS.audit})
  --json           status and check as JSON
  --endpoint URL   a running drill on this machine, such as http://127.0.0.1:4599
  --help

Exit code 0: done. 1: refused, a check failed, or no effect in time. 2: it could not run.
`;

const COMMANDS = ["status", "stand-down", "release", "check"] as const;
const FOR_ACTIONS = ["yes", "audit", "reason", "override", "wait", "no-wait"] as const;
const LONGEST_REASON = 500;

/** @throws {UsageError} */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = readArgs(args);
  if (values.help === true) return { kind: "print", text: HELP };
  const [name, ...rest] = positionals;
  const command = COMMANDS.find((candidate) => candidate === name);
  if (command === undefined || rest.length > 0) {
    const got = positionals.length === 0 ? "nothing" : positionals.join(" ");
    throw new UsageError(`expected one of ${COMMANDS.join(", ")}; got ${got}; --help explains them`);
  }
  const endpoint = values.endpoint === undefined ? undefined : loopbackUrl(values.endpoint);
  if (command === "status" || command === "check") {
    const wrong = FOR_ACTIONS.find((option) => values[option] !== undefined);
    if (wrong !== undefined)
      throw new UsageError(`--${wrong}: only for stand-down and release; got it with ${command}`);
    return { kind: command, options: { endpoint, json: values.json === true } };
  }
  if (values.json === true) throw new UsageError(`--json: only for status and check; got it with ${command}`);
  return {
    kind: "action",
    options: {
      action: command,
      endpoint,
      isConfirmed: values.yes === true,
      auditFile: values.audit ?? DEFAULTS.audit,
      reason: reason(command, values.reason),
      isOverridden: values.override === true,
      waitSeconds: waitSeconds(values.wait, values["no-wait"] === true),
    },
  };
}

function readArgs(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        endpoint: text,
        yes: flag,
        audit: text,
        reason: text,
        override: flag,
        wait: text,
        "no-wait": flag,
        json: flag,
        help: flag,
      },
    });
  } catch (error) {
    const [sentence = ""] = String((error as Error).message).split(/\.\s/);
    throw new UsageError(`${sentence}; --help lists the options`);
  }
}

function reason(command: Action, value: string | undefined): string {
  const text = value?.trim() ?? "";
  if (text !== "" && text.length <= LONGEST_REASON) return text;
  const got = text === "" ? "nothing" : `${text.length} characters`;
  throw new UsageError(
    `--reason: ${command} expects why, in 1 to ${LONGEST_REASON} characters, for the audit file; got ${got}`,
  );
}

function waitSeconds(value: string | undefined, isNotWaited: boolean): number {
  if (isNotWaited) {
    if (value !== undefined) throw new UsageError("--wait, --no-wait: expected one of them; got both");
    return 0;
  }
  const text = value ?? DEFAULTS.wait;
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 1 && seconds <= 3_600) return seconds;
  throw new UsageError(`--wait: expected a whole number of seconds from 1 to 3600; got ${text}`);
}

/** A drill is on this machine: credentials and commands are sent nowhere else by mistake. */
export function loopbackUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isLoopback =
    url !== undefined &&
    url.protocol === "http:" &&
    /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname) &&
    url.pathname === "/" &&
    [url.search, url.hash, url.username, url.password].every((part) => part === "");
  if (isLoopback) return url.origin;
  throw new UsageError(
    `--endpoint: expected the http:// URL of a drill on this machine, such as http://127.0.0.1:4599; got ${value}; ` +
      "leave it out for AWS",
  );
}
