import type { Facts } from "../facts/facts";
import { cell, durationWords } from "../facts/words";
import { paragraph } from "../terminal/columns";
import type { Intent } from "./intent";

/** How often the data point is sent, and for how long its effect is waited for. */
export interface Waiting {
  /** Milliseconds between two sendings. */
  readonly resendMs: number;
  /** Milliseconds between two looks. */
  readonly pollMs: number;
  /** Milliseconds until it is given up; 0 sends once and does not look. */
  readonly waitMs: number;
}

/** What will be called and what becomes of customers, before anybody is asked. */
export function announcement(
  intent: Intent,
  facts: Facts,
  { where, writtenDown }: { readonly where: string; readonly writtenDown: string },
  { resendMs, waitMs }: Waiting,
): string {
  const { call } = intent;
  const dimensions = Object.entries(call.parameters.dimensions).map(([name, value]) => `${name}=${value}`);
  const repeats = waitMs === 0 ? "once" : `every ${resendMs / 1_000} s until it shows, for ${waitMs / 1_000} s at most`;
  const watched =
    waitMs === 0
      ? ""
      : `\nWill be looked at (data planes)
  DNS    TXT ${intent.verdictName}, until it says "${intent.wantedVerdict}"
  HTTPS  GET https://${intent.apiDomainName}/live, until ${intent.wantedRegion} answers
`;
  return `${intent.phrase}, ${where}

Will be called: ${call.service} ${call.operation} in ${call.region} (${call.plane})
  ${repeats}
  namespace   ${call.parameters.namespace}
  metric      ${call.parameters.metric}
  dimensions  ${dimensions.join(" ")}
  value       ${call.parameters.value}
${watched}
For customers
${consequences(intent, facts)
  .map((sentence) => paragraph(sentence, "  "))
  .join("")}
Written down
${paragraph(writtenDown, "  ")}`;
}

function consequences(intent: Intent, facts: Facts): string[] {
  const { primaryName, secondaryName, wantedRegion, ttlSeconds, action } = intent;
  const source = action === "stand-down" ? facts.primary : facts.secondary;
  const latencies = source.replication.map(({ latencyMs }) =>
    cell(latencyMs, (value) => (value === undefined ? "no data" : durationWords(value))),
  );
  const delay =
    action === "stand-down"
      ? "Within two minutes of the call"
      : "Within three minutes of the call (a 0 counts for nothing in a minute that holds a 1)";
  const moved = `${delay} ${wantedRegion} answers them, plus ${ttlSeconds} s for which their resolvers keep the old answer. Connections that stand may stay for longer.`;
  const unreplicated = `What they have written in ${source.name} and is not replicated yet is missing in ${wantedRegion} until it is; the longest replication of the last minutes: ${latencies.join(", ")}.`;
  return action === "stand-down"
    ? [
        moved,
        unreplicated,
        `They stay in ${secondaryName} until somebody releases ${primaryName}; orders in ${primaryName}'s payments queue are charged there, or by ${secondaryName}'s sweep later.`,
      ]
    : [moved, unreplicated, `From then on ${primaryName}'s health check alone decides where they go.`];
}
