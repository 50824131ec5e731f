import type { DrillResult } from "../measure/result";
import { count, counted, roundSeconds, seconds } from "./figures";
import { displayWidth, wrap } from "./plain-text";
import { allowanceLines, clientKindLines } from "./terminal/client-kinds";
import { Ink } from "./terminal/ink";
import { labelled, timed } from "./terminal/lines";
import { lostWriteLines } from "./terminal/lost-writes";
import { objectiveLines } from "./terminal/objectives";
import { recoveryLines } from "./terminal/recovery";
import { requestsStrip } from "./terminal/requests-strip";
import { closingLine, failoverSentence } from "./verdict";

export interface TerminalReportOptions {
  /**
   * Width that no line exceeds, save that of the report's path.
   * @default 80
   */
  readonly columns?: number;
  /**
   * Whether the terminal shows more than ASCII.
   * @default true
   */
  readonly isUtf8?: boolean;
  /**
   * Whether to add colours; everything can be read without.
   * @default false
   */
  readonly useColour?: boolean;
  /**
   * Where the HTML report is, for the last line.
   * @default - no such line
   */
  readonly htmlPath?: string;
}

/** More would push the verdict's explanation off the screen; all of them are in the HTML report. */
const EVENT_LIMIT = 40;

/** The drill's outcome as text: what was drilled, what happened, and the verdict. */
export function terminalReport(result: DrillResult, options: TerminalReportOptions = {}): string {
  const { columns = 80, isUtf8 = true, useColour = false, htmlPath } = options;
  const ink = new Ink({ columns, isUtf8, useColour });
  const isMet = result.objectives.every((objective) => objective.isMet);
  const closing = wrap(ink.text(closingLine(result)), ink.columns);
  const sections = [
    headLines(ink, result),
    eventLines(ink, result),
    requestsStrip(ink, result),
    recoveryLines(ink, result),
    clientKindLines(ink, result),
    objectiveLines(ink, result),
    lostWriteLines(ink, result),
    [
      ...closing.map(isMet ? ink.good : ink.bad),
      ...(htmlPath === undefined ? [] : [`Report     ${ink.whole(htmlPath)}`]), // Never cut: users copy it.
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function headLines(ink: Ink, result: DrillResult): string[] {
  const { fault, topology, options, wallMs } = result;
  const { clients, durationMs, seed, speed } = options;
  const drill =
    `${counted(clients, "client")} for ${roundSeconds(durationMs)} at speed ${speed}, seed ${seed}; ` +
    `took ${seconds(wallMs.total)}, ${seconds(wallMs.coldStart)} of it to start`;
  return [
    ...labelled(ink, "Scenario", `${fault.name}: ${fault.description}`),
    ...labelled(ink, "Topology", `${topology.source}: ${topology.summary.join(", ")}`),
    ...labelled(
      ink,
      "",
      `${topology.apiName} resolves to ${topology.primaryRegion}, after failover to ${topology.secondaryRegion}`,
    ),
    ...labelled(ink, "Drill", drill),
    ...labelled(ink, "Failover", failoverSentence(result)),
    ...allowanceLines(ink, result),
  ];
}

function eventLines(ink: Ink, { history: { events } }: DrillResult): string[] {
  const shown = events.slice(0, EVENT_LIMIT);
  const figures = shown.map(({ atMs }) => ink.text(seconds(atMs)));
  const width = Math.max(8, ...figures.map(displayWidth));
  const lines = shown.flatMap(({ text }, index) => timed(ink, figures[index] ?? "", width, text));
  const left = events.length - shown.length;
  return left > 0 ? [...lines, ...timed(ink, "", width, `and ${count(left)} more, in the HTML report`)] : lines;
}
