import { inspect } from "node:util";
import type { z } from "zod";
import { type Settings, settingsSchema } from "./settings";
import { type Fault, SETTINGS_RULES } from "./settings-rules";

const LONGEST_VALUE_SHOWN = 80;

/** Every fault of one deployment's settings, one a line. */
export class InvalidSettingsError extends Error {
  constructor(
    deploymentName: string,
    readonly faults: readonly Fault[],
  ) {
    const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
    super([`Deployment "${deploymentName}" has ${count} in its settings:`, ...faults.map(describeFault)].join("\n"));
    this.name = "InvalidSettingsError";
  }
}

export interface ValidatedSettings {
  readonly settings: Settings;
  readonly warnings: readonly Fault[];
}

/**
 * Checks one deployment's settings: the shape of every field, then the rules across fields whose fields are well-formed.
 * @throws {InvalidSettingsError} naming all faults at once
 */
export function validateSettings(deploymentName: string, input: unknown): ValidatedSettings {
  const parsed = settingsSchema.safeParse(input);
  const issues = parsed.success ? [] : parsed.error.issues;
  const malformed = new Set(issues.map((issue) => issue.path[0]));
  // Rules read only well-formed fields, so the input stands in for the settings while others are still faulty.
  const subject = parsed.success ? parsed.data : (input as Settings);
  const isObject = issues.every((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys");
  const applicable = SETTINGS_RULES.filter(({ reads }) => isObject && reads.every((field) => !malformed.has(field)));
  const found = applicable.flatMap((rule) => {
    const fault = rule.check(subject);
    return fault === undefined ? [] : [{ fault, severity: rule.severity }];
  });
  const faults = distinct([
    ...issues.flatMap((issue) => issueFaults(issue, input)),
    ...found.filter(({ severity }) => severity === "error").map(({ fault }) => fault),
  ]);
  if (faults.length > 0 || !parsed.success) throw new InvalidSettingsError(deploymentName, faults);
  return { settings: parsed.data, warnings: found.map(({ fault }) => fault) };
}

/** Reports a value that is both too long and malformed as one fault. */
function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [describeFault(fault), fault])).values()];
}

/** One fault as one line: where, what was expected, what came. */
export function describeFault(fault: Fault): string {
  return `  ${fault.path}: expected ${fault.expected}; got ${fault.got}`;
}

function issueFaults(issue: z.core.$ZodIssue, input: unknown): Fault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return {
        path: renderPath(path),
        expected: "no such field; check its spelling",
        got: renderValue(valueAt(input, path)),
      };
    });
  }
  const expected = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return [{ path: renderPath(issue.path), expected, got: renderValue(valueAt(input, issue.path)) }];
}

function renderPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "settings";
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const name = String(part);
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `[${JSON.stringify(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    input,
  );
}

function renderValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = asText(value);
  return text.length <= LONGEST_VALUE_SHOWN
    ? text
    : `${text.slice(0, LONGEST_VALUE_SHOWN)}… (${text.length} characters)`;
}

/** Shows a value as JSON, or as Node does when JSON cannot: a function, a bigint, a cyclic object. */
function asText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 1 });
  } catch {
    return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 1 });
  }
}
