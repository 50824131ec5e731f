import type { DrillResult } from "../../measure/result";
import { count, seconds } from "../figures";
import { lostWritesSummary, lostWriteText } from "../lost-write-text";
import { displayWidth } from "../plain-text";
import type { Ink } from "./ink";
import { labelled, timed } from "./lines";

/** Enough to look into; the HTML report has more, `result.json` all of them. */
const SHOWN_LIMIT = 10;

/** Writes that were lost, with user, line, region and time; no line where none was. */
export function lostWriteLines(ink: Ink, { measures }: DrillResult): string[] {
  const { writesLost } = measures;
  const shown = writesLost.slice(0, SHOWN_LIMIT);
  const figures = shown.map(({ acknowledgedAtMs }) => ink.text(seconds(acknowledgedAtMs)));
  const width = Math.max(8, ...figures.map(displayWidth));
  const left = writesLost.length - shown.length;
  return [
    ...lostWritesSummary(measures, SHOWN_LIMIT).flatMap((sentence, index) =>
      labelled(ink, index === 0 ? "Lost" : "", sentence),
    ),
    ...shown.flatMap((write, index) => {
      const whose = write.user === undefined ? "" : `${write.user}: `;
      return timed(
        ink,
        figures[index] ?? "",
        width,
        `${whose}${lostWriteText(write)}, acknowledged by ${write.region}`,
      );
    }),
    ...(left > 0 ? timed(ink, "", width, `and ${count(left)} more, in result.json`) : []),
  ];
}
