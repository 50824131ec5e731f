import { paragraph } from "../terminal/columns";
import type { Waiting } from "./announce";
import type { Intent } from "./intent";
import type { Outcome, Thrown } from "./throw-switch";

const dataPoints = (count: number) => `${count} data ${count === 1 ? "point" : "points"}`;
const seconds = (durationMs: number) => `${(durationMs / 1_000).toFixed(1)} s`;

/** What became of it, for the audit file. */
export function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case "effective":
      return `effective: switch after ${seconds(outcome.switchedMs)}, API after ${seconds(outcome.answeredMs)}`;
    case "sent":
      return `sent, ${outcome.why}`;
    case "not effective":
      return `not effective in time: switch ${outcome.verdict}, API ${outcome.answered}`;
    case "not sent":
      return `not sent: ${outcome.why}`;
    case "countermanded":
      return "countermanded: a data point of 1 came in meanwhile";
    case "broken off":
      return "broken off";
  }
}

/** What became of it, for people, and what to do next where it did not work. */
export function outcomeText(intent: Intent, { outcome, timesSent }: Thrown, { waitMs }: Waiting): string {
  const { primaryName, wantedVerdict, apiDomainName, wantedRegion, calledRegion } = intent;
  const status = "npm run failover -- status";
  switch (outcome.kind) {
    case "effective":
      return paragraph(
        `${primaryName} is ${wantedVerdict}, ${seconds(outcome.switchedMs)} after the first call; ` +
          `${apiDomainName} is answered by ${wantedRegion}, after ${seconds(outcome.answeredMs)}.`,
      );
    case "sent":
      return paragraph(
        `Sent once, and not looked at: a data point counts for nothing in a minute that holds a greater one. ${status} tells whether it took effect.`,
      );
    case "not effective":
      return paragraph(
        `Not effective within ${waitMs / 1_000} s, though ${calledRegion} took ${dataPoints(timesSent)}: the switch is ${outcome.verdict} ` +
          `(expected ${wantedVerdict}), ${apiDomainName}: ${outcome.answered} (expected ${wantedRegion}). It may still come: ${status}. ` +
          "If the switch shows it and the name does not follow, look at both regions' health; if the switch does not, at its alarm.",
      );
    case "not sent":
      return paragraph(`Nothing was changed: ${outcome.why}.`);
    case "countermanded":
      return paragraph(
        `Stopped after ${dataPoints(timesSent)}: somebody has put a 1 into the switch meanwhile, another operator or the primary's watch in ` +
          `${calledRegion}. ${primaryName} stays stood down. Talk to each other; the watch's log tells whether it was the watch.`,
      );
    case "broken off":
      return paragraph(`Broken off after ${dataPoints(timesSent)}: it may still take effect. ${status} tells.`);
  }
}
