import type { DrillResult } from "../../measure/result";
import { count, counted, roundSeconds, seconds, typeset } from "../figures";
import { clip } from "../plain-text";
import type { EventMark } from "./event-marks";
import { html, type Markup } from "./markup";

/** A flapping check causes thousands of events; `result.json` holds them all. */
const EVENT_LIMIT = 200;
const OBJECTIVE_LIMIT = 60;
const FIGURE_LIMIT = 30;
const SUMMARY_LIMIT = 40;

export function objectivesTable({ objectives, notJudged }: DrillResult): Markup {
  if (objectives.length + notJudged.length === 0) return html`<p>No objectives were set.</p>`;
  const rows = objectives.slice(0, OBJECTIVE_LIMIT).map(
    ({ name, isMet, measured, objective, explanation }) => html`<tr class="${isMet ? "met" : "missed"}">
<td data-label="Verdict"><b class="sign">${isMet ? "✓ met" : "✗ missed"}</b></td><th scope="row" data-label="Objective">${clip(name, 120)}</th>
<td class="figure" data-label="Measured">${typeset(clip(measured, FIGURE_LIMIT))}</td><td class="figure" data-label="Asked for">${typeset(clip(objective, FIGURE_LIMIT))}</td><td data-label="Explanation">${typeset(explanation)}</td></tr>`,
  );
  return html`<table class="stacking"><thead><tr><th scope="col">Verdict</th><th scope="col">Objective</th><th scope="col" class="figure">Measured</th><th scope="col" class="figure">Asked for</th><th scope="col">Explanation</th></tr></thead>
<tbody>${rows}${notJudged.map(
    ({ name, objective, reason }) => html`<tr>
<td data-label="Verdict"><b class="sign">not judged</b></td><th scope="row" data-label="Objective">${clip(name, 120)}</th>
<td class="figure" data-label="Measured"></td><td class="figure" data-label="Asked for">${typeset(clip(objective, FIGURE_LIMIT))}</td><td data-label="Explanation">${typeset(reason)}</td></tr>`,
  )}</tbody></table>`;
}

export function eventsTable({ history: { events } }: DrillResult, marks: readonly EventMark[]): Markup {
  if (events.length === 0) return html`<p>No events were recorded.</p>`;
  const shown = events.slice(0, EVENT_LIMIT);
  const numbers = new Map(marks.map(({ index, number }) => [index, number]));
  const rows = shown.map(
    ({ atMs, kind, text }, index) =>
      html`<tr><td class="figure number">${numbers.get(index) ?? ""}</td><td class="figure">${seconds(atMs)}</td><th scope="row">${kind}</th><td>${typeset(text)}</td></tr>`,
  );
  const left = events.length - shown.length;
  return html`<table class="events"><thead><tr><th scope="col" class="figure number">Mark</th><th scope="col" class="figure">Time</th><th scope="col">Event</th><th scope="col">What happened</th></tr></thead>
<tbody>${rows}</tbody></table>${left > 0 ? html`<p>And ${count(left)} more, in result.json.</p>` : ""}`;
}

/** What was drilled and how, so that it can be done again. */
export function drilledTable({ topology, options, fault, measures, wallMs }: DrillResult): Markup {
  const { clients, durationMs, seed, speed } = options;
  const facts: [string, string][] = [
    ["Scenario", fault.name],
    ["Fault", `${seconds(measures.faultBeganAtMs)} to ${seconds(measures.faultEndedAtMs, "the end of the drill")}`],
    ["Failover expected", fault.expectsFailover === undefined ? "left open" : fault.expectsFailover ? "yes" : "no"],
    ["Topology", topology.source],
    ["Name of the API", topology.apiName],
    ["Primary region", topology.primaryRegion],
    ["Secondary region", topology.secondaryRegion],
    ["Resources", topology.summary.slice(0, SUMMARY_LIMIT).join(", ") || "none were found"],
    ["Clients", count(clients)],
    ["Duration", roundSeconds(durationMs)],
    ["Seed", String(seed)],
    ["Speed", `${String(speed)} declared seconds per wall second`],
    ["Requests per wall second", count(measures.requestsPerWallSecond)],
    ["Took", `${seconds(wallMs.total)}, ${seconds(wallMs.coldStart)} of it to start`],
  ];
  return html`<dl class="drilled">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p class="quiet">The same seed, speed, duration and ${counted(clients, "client")} repeat this drill.</p>`;
}
