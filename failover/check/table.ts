import { paragraph, toWidth } from "../terminal/columns";
import type { Check } from "./judge";

const MARKS = { passed: "✓", failed: "✗", information: "·" } as const;
const NAME_COLUMNS = 30;
const MEASURED_COLUMNS = 36;

export function checkText(checks: readonly Check[], primaryName: string): string {
  const lines = checks.map(({ name, outcome, measured, limit, reason }) => {
    const row =
      `${MARKS[outcome]} ${toWidth(name, NAME_COLUMNS)} ${toWidth(measured, MEASURED_COLUMNS)} ${limit}`.trimEnd();
    return `${row}\n${reason === "" ? "" : paragraph(reason, "    ")}`;
  });
  const judged = checks.filter(({ outcome }) => outcome !== "information");
  const failed = judged.filter(({ outcome }) => outcome === "failed").length;
  const verdict =
    failed === 0
      ? `${primaryName} may be released: ${judged.length} of ${judged.length} checks passed.`
      : `${primaryName} should not be released: ${failed} of ${judged.length} checks failed.`;
  return `${lines.join("")}\n${verdict}\n`;
}
