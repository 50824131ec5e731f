import type { DrillResult } from "../../measure/result";
import { allowanceText, failuresText, kindName, lastAtPrimaryText, recoveredText } from "../client-kind-text";
import type { Ink } from "./ink";
import { labelled } from "./lines";

/** How each kind of client fared while the fault lasted; no line where none sent a request. */
export function clientKindLines(ink: Ink, { measures }: DrillResult): string[] {
  return measures.byKind.flatMap((kind, index) =>
    labelled(
      ink,
      index === 0 ? "Clients" : "",
      `${kindName(kind)}: ${failuresText(kind)}, ${recoveredText(kind)}, ${lastAtPrimaryText(kind)}`,
    ),
  );
}

/** The headline's allowances; no line without any. */
export function allowanceLines(ink: Ink, { measures }: DrillResult): string[] {
  const { allowances } = measures;
  return allowances.length === 0 ? [] : labelled(ink, "Allowances", allowances.map(allowanceText).join("; "));
}
