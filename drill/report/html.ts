import type { DrillResult } from "../measure/result";
import { bandChart } from "./html/band-chart";
import type { ChartFrame } from "./html/chart";
import { clientKindsTable } from "./html/client-kinds-table";
import { type EventMark, eventLane, eventMarks } from "./html/event-marks";
import { fillDefinitions } from "./html/fills";
import { lostWritesTable } from "./html/lost-writes-table";
import { html, Markup } from "./html/markup";
import { queueChart } from "./html/queue-chart";
import { recoveryBar } from "./html/recovery-bar";
import { requestChart } from "./html/request-chart";
import { STYLE } from "./html/style";
import { drilledTable, eventsTable, objectivesTable } from "./html/tables";
import { TimeAxis } from "./html/time-axis";
import { verdictSection } from "./html/verdict-section";
import { writesTable } from "./html/writes-table";
import { clip } from "./plain-text";
import { spanMs } from "./requests-over-time";
import { closingLine } from "./verdict";

/** The drill's outcome as one self-contained page, without script or network. */
export function htmlReport(result: DrillResult): string {
  return `<!doctype html>\n${page(result).text}\n`;
}

function page(result: DrillResult): Markup {
  const marks = eventMarks(result);
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${closingLine(result)} ${clip(result.fault.name, 100)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${fillDefinitions()}
<main>
${verdictSection(result)}
${section("Where the recovery time went", recoveryBar(result))}
${section("Clients by kind", clientKindsTable(result))}
${section("What happened", charts(result, marks))}
${section("Objectives", objectivesTable(result))}
${section("Events", eventsTable(result, marks))}
${section("Writes lost", lostWritesTable(result))}
${section("Acknowledged writes", writesTable(result))}
${section("What was drilled", drilledTable(result))}
</main>
</body>
</html>`;
}

function section(heading: string, content: Markup): Markup {
  return html`<section class="part"><h2>${heading}</h2>
${content}
</section>`;
}

function charts(result: DrillResult, marks: readonly EventMark[]): Markup {
  const { faultBeganAtMs, faultEndedAtMs } = result.measures;
  const axis = new TimeAxis(spanMs(result));
  const frame: ChartFrame = { axis, faultBeganAtMs, faultEndedAtMs, marksAtMs: marks.map(({ atMs }) => atMs) };
  return html`<p class="quiet">All charts share one time axis, in declared time since the drill began. The shaded stretch is the fault; numbered lines are events.</p>
${eventLane(marks, result.history.events.length, axis)}
${requestChart(result, frame)}
${bandChart(result, frame)}
${queueChart(result, frame)}`;
}
