import {
  automaticFailoverBudget,
  type BudgetItem,
  type RecoveryTimeBudget,
  type RecoveryTimeBudgetInput,
  standDownBudget,
} from "./recovery-time-budget";
import { wrappedLines } from "./wrapped-lines";

/** A terminal's width that a reason still fits in. */
const COLUMNS = 110;

const NUMBER_COLUMNS = 8;

/**
 * Renders the declared recovery time, item by item, against the objective: ✓ marks a time within it, ✗ a longer one. The objective counts
 * from an outage's start. Standing down counts from an operator's data point, so a longer time is only marked ·.
 * @param objectiveSeconds - recovery time that the deployment promises
 */
export function recoveryTimeLines(input: RecoveryTimeBudgetInput, objectiveSeconds: number): string[] {
  const automatic = automaticFailoverBudget(input);
  const byHand = standDownBudget(input);
  const nameColumns = Math.max(...[...automatic.items, ...byHand.items].map(({ name }) => name.length));
  const rows = (items: readonly BudgetItem[]) => items.flatMap((item) => itemLines(item, nameColumns));
  return [
    `  ${row("recovery time", nameColumns + 2, "typical", "worst", "why")}`,
    "  automatic failover, from the outage on",
    ...rows(automatic.items),
    total(automatic, objectiveSeconds, "✗"),
    "  standing down by hand, from the operator's data point on",
    ...rows(byHand.items),
    total(byHand, objectiveSeconds, "·"),
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

function total({ typicalSeconds, worstSeconds }: RecoveryTimeBudget, objectiveSeconds: number, beyond: string): string {
  const mark = worstSeconds <= objectiveSeconds ? "✓" : beyond;
  return `${mark} typical ${inSeconds(typicalSeconds)}, worst ${inSeconds(worstSeconds)} of ${inSeconds(objectiveSeconds)}`;
}
