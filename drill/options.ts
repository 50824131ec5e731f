import { parseArgs } from "node:util";
import type { ReplicationLag } from "../local-aws/dynamodb/replication";
import { USUAL_LAG } from "../local-aws/local-aws";
import { FAULTS } from "./faults/faults";

export interface DrillOptions {
  readonly faultName: string;
  readonly speed: number;
  /** How long the fault lasts, in declared seconds. */
  readonly durationSeconds: number;
  readonly clients: number;
  readonly seed: number;
  /** Absolute or relative path of the folder for the reports. */
  readonly out: string;
  /** A synthesized folder; undefined to synthesize first. */
  readonly cdktfOut: string | undefined;
  readonly json: boolean;
  /** Assumed lag of replication, in wall milliseconds. */
  readonly replicationLag: ReplicationLag;
  /** Port on 127.0.0.1 for operators; 0 for any free port. */
  readonly operatorPort: number;
  /** Objectives in seconds that replace those of the synthesized stacks. */
  readonly recoveryTimeSeconds: number | undefined;
  readonly recoveryPointSeconds: number | undefined;
}

export type Command =
  | { readonly kind: "drill"; readonly options: DrillOptions }
  | { readonly kind: "print"; readonly text: string };

/** A mistake on the command line. It is shown in one line; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const DEFAULTS = {
  fault: "primary-region-blackholed",
  speed: "10",
  duration: "90",
  clients: "24",
  out: "drill-report",
  lagP50: String(USUAL_LAG.medianMs / 1_000),
  lagP99: String(USUAL_LAG.p99Ms / 1_000),
};

export const HELP = `npm run drill -- [options]

Runs on this machine what the synthesized Terraform declares, sends client requests to it, breaks it, and compares
recovery time and lost writes with the deployment's objectives.

  --fault NAME        what breaks; --list names them all           (${DEFAULTS.fault})
  --duration SECONDS  how long the fault lasts, 10 to 3600          (${DEFAULTS.duration}; 150 where it judges recovery)
  --speed N           declared times run N times as fast, 1 to 20   (${DEFAULTS.speed}; 1 is real time)
  --clients N         concurrent clients, 1 to 500                  (${DEFAULTS.clients})
  --seed N            repeats lags, phases and choices              (random, and printed)
  --out DIR           where index.html and result.json go           (${DEFAULTS.out})
  --cdktf-out DIR     drill this folder instead of synthesizing
  --rto SECONDS       recovery time objective                       (the stacks' own)
  --rpo SECONDS       recovery point objective                      (the stacks' own)
  --replication-lag-p50 SECONDS, --replication-lag-p99 SECONDS
                      assumed lag of the tables' replication        (${DEFAULTS.lagP50} and ${DEFAULTS.lagP99})
  --operator-port N   port on 127.0.0.1 for operators               (any free port; printed on stderr)
  --json              the result as JSON on stdout
  --list              the faults, and the required outcome of each
  --help

Exit code 0: every objective is met. 1: an objective is missed. 2: the drill could not run.
`;

/** @throws {UsageError} */
export function parseCommand(args: readonly string[], drawSeed: () => number): Command {
  const { values } = readArgs(args);
  if (values.help === true) return { kind: "print", text: HELP };
  if (values.list === true) return { kind: "print", text: listOfFaults() };
  const faultName = values.fault ?? DEFAULTS.fault;
  if (!FAULTS.some(({ name }) => name === faultName)) {
    throw new UsageError(`--fault: expected one of ${FAULTS.map(({ name }) => name).join(", ")}; got ${faultName}`);
  }
  return {
    kind: "drill",
    options: {
      faultName,
      speed: number("--speed", values.speed ?? DEFAULTS.speed, 1, 20),
      durationSeconds: number("--duration", values.duration ?? usualDuration(faultName), 10, 3_600),
      clients: wholeNumber("--clients", values.clients ?? DEFAULTS.clients, 1, 500),
      seed: values.seed === undefined ? drawSeed() : wholeNumber("--seed", values.seed, 0, 2 ** 32 - 1),
      out: values.out ?? DEFAULTS.out,
      cdktfOut: values["cdktf-out"],
      json: values.json === true,
      replicationLag: replicationLag(values["replication-lag-p50"], values["replication-lag-p99"]),
      operatorPort: wholeNumber("--operator-port", values["operator-port"] ?? "0", 0, 65_535),
      recoveryTimeSeconds: values.rto === undefined ? undefined : number("--rto", values.rto, 1, 86_400),
      recoveryPointSeconds: values.rpo === undefined ? undefined : number("--rpo", values.rpo, 0, 86_400),
    },
  };
}

function replicationLag(p50 = DEFAULTS.lagP50, p99 = DEFAULTS.lagP99): ReplicationLag {
  const medianSeconds = number("--replication-lag-p50", p50, 0.001, 3_600);
  const p99Seconds = number("--replication-lag-p99", p99, 0.001, 3_600);
  if (p99Seconds > medianSeconds) return { medianMs: medianSeconds * 1_000, p99Ms: p99Seconds * 1_000 };
  throw new UsageError(`--replication-lag-p99: expected more than the median of ${medianSeconds} s; got ${p99Seconds}`);
}

function usualDuration(faultName: string): string {
  const { usualDurationSeconds } = FAULTS.find(({ name }) => name === faultName) ?? {};
  return usualDurationSeconds === undefined ? DEFAULTS.duration : String(usualDurationSeconds);
}

function readArgs(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        fault: text,
        duration: text,
        speed: text,
        clients: text,
        seed: text,
        out: text,
        "cdktf-out": text,
        rto: text,
        rpo: text,
        "replication-lag-p50": text,
        "replication-lag-p99": text,
        "operator-port": text,
        json: flag,
        list: flag,
        help: flag,
      },
    });
  } catch (error) {
    const [sentence = ""] = String((error as Error).message).split(/\.\s/);
    throw new UsageError(`${sentence}; --help lists the options`);
  }
}

function number(name: string, value: string, minimum: number, maximum: number): number {
  const parsed = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (parsed >= minimum && parsed <= maximum) return parsed;
  throw new UsageError(`${name}: expected a number from ${minimum} to ${maximum}; got ${value}`);
}

function wholeNumber(name: string, value: string, minimum: number, maximum: number): number {
  const parsed = number(name, value, minimum, maximum);
  if (Number.isInteger(parsed)) return parsed;
  throw new UsageError(`${name}: expected a whole number; got ${value}`);
}

function listOfFaults(): string {
  return FAULTS.map(({ name, description, expectation }) => `${name.padEnd(28)} ${description}; ${expectation}\n`).join(
    "",
  );
}
