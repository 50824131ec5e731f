import {
  automaticFailoverBudget,
  BROWSER_CACHE_SECONDS,
  type BudgetItem,
  type RecoveryTimeBudget,
  type RecoveryTimeBudgetInput,
  standDownBudget,
} from "./recovery-time-budget";
import { wrappedLines } from "./wrapped-lines";

/** A terminal's width that a reason still fits in. */
const COLUMNS = 110;

const NUMBER_COLUMNS = 8;

/** Recovery times that a deployment promises, in seconds from an outage's start. */
export interface PromisedTimes {
  /** To clients that honour TTLs. */
  readonly recoveryTimeSeconds: number;
  /** To browsers. */
  readonly browserRecoveryTimeSeconds: number;
}

const NOT_COVERED =
  "no promise: clients that keep an answer for longer, or a connection that still works (after standing down an answering primary)";

/**
 * Renders the declared recovery time, item by item, against the objectives: ✓ marks a time within its objective, ✗ a longer one. An objective
 * counts from an outage's start. Standing down counts from an operator's data point, so a longer time is only marked ·.
 */
export function recoveryTimeLines(input: RecoveryTimeBudgetInput, promised: PromisedTimes): string[] {
  const { recoveryTimeSeconds, browserRecoveryTimeSeconds } = promised;
  const automatic = automaticFailoverBudget(input);
  const byHand = standDownBudget(input);
  const nameColumns = Math.max(...[...automatic.items, ...byHand.items].map(({ name }) => name.length));
  const rows = (items: readonly BudgetItem[]) => items.flatMap((item) => itemLines(item, nameColumns));
  return [
    `  ${row("recovery time", nameColumns + 2, "typical", "worst", "why")}`,
    "  automatic failover, from the outage on",
    ...rows(automatic.items),
    total(automatic, recoveryTimeSeconds, "✗", "clients that honour TTLs"),
    total(
      automaticFailoverBudget(input, "browser"),
      browserRecoveryTimeSeconds,
      "✗",
      `browsers, which keep answers for ${BROWSER_CACHE_SECONDS} s more`,
    ),
    "  standing down by hand, from the operator's data point on",
    ...rows(byHand.items),
    total(byHand, recoveryTimeSeconds, "·", "clients that honour TTLs"),
    ...wrappedLines(NOT_COVERED, COLUMNS - 2).map((line) => `  ${line}`),
  ];
}

/** Whole seconds without a fraction, others with a tenth. */
export function inSeconds(seconds: number): string {
  return `${Number(seconds.toFixed(1))} s`;
}

function itemLines({ name, typicalSeconds, worstSeconds, reason }: BudgetItem, nameColumns: number): string[] {
  const start = row(name, nameColumns, inSeconds(typicalSeconds), inSeconds(worstSeconds), "");
  const indent = " ".repeat(start.length + 4);
  const [first = "", ...rest] = wrappedLines(reason, COLUMNS - indent.length);
  return [`    ${start}${first}`, ...rest.map((line) => indent + line)];
}

function row(name: string, nameColumns: number, typical: string, worst: string, why: string): string {
  return `${name.padEnd(nameColumns)}  ${typical.padStart(NUMBER_COLUMNS)} ${worst.padStart(NUMBER_COLUMNS)}  ${why}`;
}

function total(
  { typicalSeconds, worstSeconds }: RecoveryTimeBudget,
  objectiveSeconds: number,
  beyond: string,
  clients: string,
): string {
  const mark = worstSeconds <= objectiveSeconds ? "✓" : beyond;
  return `${mark} typical ${inSeconds(typicalSeconds)}, worst ${inSeconds(worstSeconds)} of ${inSeconds(objectiveSeconds)}: ${clients}`;
}
