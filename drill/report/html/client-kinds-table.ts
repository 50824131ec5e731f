import type { DrillResult } from "../../measure/result";
import { allowanceText, failuresText, kindName, lastAtPrimaryText, recoveredText } from "../client-kind-text";
import { clip } from "../plain-text";
import { html, type Markup } from "./markup";

const TEXT_LIMIT = 200;

/** How each kind of client fared while the fault lasted, and what is added to the measured recovery times. */
export function clientKindsTable({ measures }: DrillResult): Markup {
  const { byKind, allowances } = measures;
  const added = allowances.map(
    (allowance) => html`<p>Added before a recovery time is judged: ${clip(allowanceText(allowance), TEXT_LIMIT)}.</p>`,
  );
  if (byKind.length === 0) return html`<p>No request was under way while the fault lasted.</p>${added}`;
  const rows = byKind.map(
    (kind) =>
      html`<tr><th scope="row">${kindName(kind)}</th><td>${failuresText(kind)}</td><td>${recoveredText(kind)}</td><td>${lastAtPrimaryText(kind)}</td></tr>`,
  );
  return html`<table class="events"><thead><tr><th scope="col">Clients</th><th scope="col">Requests</th><th scope="col">Recovery, as measured</th><th scope="col">Primary</th></tr></thead><tbody>${rows}</tbody></table>
${added}`;
}
