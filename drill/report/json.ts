import type { DrillResult } from "../measure/result";

/** Raised when a field changes its meaning or goes away; new fields leave it as it is. */
export const SCHEMA_VERSION = 1;

/**
 * The result for machines. The same result always gives the same text; each record of the history is on a line of its own, so that the file
 * can be compared and searched by line. A measure that never came is absent.
 */
export function jsonReport(result: DrillResult): string {
  const { fault, options, topology, objectives, notJudged, measures, wallMs, history } = result;
  const ordered = {
    schemaVersion: SCHEMA_VERSION,
    isMet: objectives.every(({ isMet }) => isMet),
    ...{ fault, options, topology, objectives, notJudged, measures, wallMs, history },
  };
  const lines = Object.entries(ordered).map(([key, value]) => `  ${JSON.stringify(key)}: ${pretty(value, "  ")}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

function pretty(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return inline(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => deeper + inline(item)).join(",\n")}\n${indent}]`;
  }
  const entries = presentEntries(value);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${pretty(item, deeper)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function inline(value: unknown): string {
  if (typeof value === "number") return JSON.stringify(Math.round(value * 1000) / 1000); // Finer digits are only noise.
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${presentEntries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`)
      .join(", ")} }`;
  }
  return JSON.stringify(value) ?? "null";
}

function presentEntries(value: object): [string, unknown][] {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
