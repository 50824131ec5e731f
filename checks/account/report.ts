import { paragraph, toWidth } from "../../failover/terminal/columns";
import type { Finding, Outcome } from "./finding";

const MARKS: Readonly<Record<Outcome, string>> = { passed: "✓", failed: "✗", information: "·", unknown: "?" };
const SUBJECT_COLUMNS = 44;
const PLACE_COLUMNS = 15;

/** One row for each finding, and a verdict that says what was not asked. */
export function accountText(findings: readonly Finding[]): string {
  const rows = findings.map(
    ({ subject, place, outcome, found, advice }) =>
      `${`${MARKS[outcome]} ${toWidth(subject, SUBJECT_COLUMNS)} ${toWidth(place, PLACE_COLUMNS)} ${found}`.trimEnd()}\n` +
      (advice === "" ? "" : paragraph(advice, "    ")),
  );
  return `${rows.join("")}\n${verdict(findings)}\n`;
}

function verdict(findings: readonly Finding[]): string {
  const count = (outcome: Outcome) => findings.filter((each) => each.outcome === outcome).length;
  const asked = findings.length - count("unknown");
  if (asked === 0) return `? NOTHING COULD BE ASKED: each of the ${findings.length} rows says why`;
  const lines = [
    count("failed") === 0
      ? `✓ nothing stands against a deployment in the ${asked} checks that were asked`
      : `✗ ${count("failed")} of ${asked} checks failed: mend them before the next apply`,
    ...(count("unknown") === 0
      ? []
      : [
          `? ${count("unknown")} checks COULD NOT BE ASKED; each row with ? says why. What they would have found is unknown`,
        ]),
  ];
  return lines.join("\n");
}

/** 0: all asked and well; 1: a check failed; 2: none failed, but something could not be asked. */
export function exitCode(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ outcome }) => outcome === "failed")) return 1;
  return findings.some(({ outcome }) => outcome === "unknown") ? 2 : 0;
}
