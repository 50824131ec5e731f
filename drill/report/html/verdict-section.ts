import type { DrillResult, ObjectiveResult } from "../../measure/result";
import { count, seconds, share, typeset } from "../figures";
import { clip } from "../plain-text";
import { requestTotals } from "../requests-over-time";
import { closingLine, failoverSentence, notJudgedOn, objectiveOn, recoveryPoint, recoveryTime } from "../verdict";
import { html, type Markup, NOTHING } from "./markup";

const SIGNS = { met: "✓", missed: "✗", neutral: "" } as const;
const CARDS = ["recovery time", "recovery point"];
const MISSED_LIMIT = 12;

/** Met or missed, in large, before anything else. */
export function verdictSection(result: DrillResult): Markup {
  const { fault, objectives } = result;
  const isMet = objectives.every((objective) => objective.isMet);
  const outcome = objectives.length === 0 ? "neutral" : isMet ? "met" : "missed";
  return html`<header class="verdict ${outcome}">
<p class="eyebrow">Region-outage drill: ${clip(fault.name, 100)}</p>
<h1><span class="sign">${SIGNS[outcome]}</span> ${closingLine(result)}</h1>
<p class="lead">${typeset(sentence(fault.description))} ${failoverSentence(result)}</p>
${misses(objectives)}
<div class="cards">
${card(result, "Recovery time", recoveryTime(result))}
${card(result, "Recovery point", recoveryPoint(result))}
</div>
<dl class="facts">${facts(result).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

/** What else was missed, since the large figures below may all be good. */
function misses(objectives: readonly ObjectiveResult[]): Markup {
  const missed = objectives
    .filter(({ isMet, name }) => !isMet && !CARDS.includes(name.toLowerCase()))
    .slice(0, MISSED_LIMIT);
  if (missed.length === 0) return NOTHING;
  return html`<ul class="misses">${missed.map(
    ({ name, measured, objective }) =>
      html`<li><b>✗ ${clip(name, 80)}</b>: ${typeset(clip(measured, 80))}, objective ${typeset(clip(objective, 80))}</li>`,
  )}</ul>`;
}

function card(result: DrillResult, name: string, measured: string): Markup {
  const objective = objectiveOn(result, name.toLowerCase());
  const unjudged = notJudgedOn(result, name.toLowerCase());
  if (unjudged !== undefined) {
    return html`<section class="card"><h2>${name}</h2><p class="large words">not judged</p>
<p>objective ${typeset(clip(unjudged.objective, 80))}: ${typeset(unjudged.reason)}</p></section>`;
  }
  if (objective === undefined) {
    return html`<section class="card"><h2>${name}</h2><p class="${largeClass(measured)}">${measured}</p><p>no objective was set</p></section>`;
  }
  return html`<section class="card ${objective.isMet ? "met" : "missed"}"><h2>${name}</h2>
<p class="${largeClass(objective.measured)}">${typeset(clip(objective.measured, 40))}</p>
<p><b>${objective.isMet ? "✓ met" : "✗ missed"}</b>, objective ${typeset(clip(objective.objective, 80))}</p></section>`;
}

/** Words are longer than figures and need not be as large. */
function largeClass(text: string): string {
  return /^\D*\d[\d.,\s]*\D{0,4}$/.test(text) ? "large" : "large words";
}

function facts({ measures }: DrillResult): [string, string][] {
  const totals = requestTotals(measures.perSecond);
  const acknowledged = totals.all - totals.failed - totals.indeterminate;
  return [
    ["Fault detected after", seconds(measures.detectionTimeMs, "never detected")],
    ["DNS answer switched after", seconds(measures.switchTimeMs, "never switched")],
    [
      "Requests acknowledged",
      acknowledged > 0 ? `${count(acknowledged)} (${share(acknowledged, totals.all)})` : "none at all",
    ],
    ["Orders lost", lost(measures.ordersLost, measures.ordersAcknowledged, "acknowledged")],
    ["Orders left unpaid", lost(measures.ordersUnpaid, measures.ordersPaid + measures.ordersUnpaid, "due")],
    [
      "Orders charged twice",
      lost(measures.ordersChargedTwice, measures.ordersPaid + measures.ordersChargedUntold, "paid"),
    ],
  ];
}

function lost(part: number, whole: number, what: string): string {
  if (!(whole > 0)) return part > 0 ? count(part) : `no order was ${what}`;
  return part === 0 ? `none of ${count(whole)}` : `${count(part)} of ${count(whole)}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) || text === "" ? text : `${text}.`;
}
