import type { Answer } from "../answer";
import { answersIn, type Facts, type RegionFacts } from "../facts/facts";
import { cell, countWords, durationWords, endpointWords, queueWords, timeWords } from "../facts/words";
import { COLUMNS, paragraph, toWidth } from "../terminal/columns";
import { headline } from "./headline";

const LABEL_COLUMNS = 26;
const REGION_COLUMNS = (COLUMNS - LABEL_COLUMNS) / 2;

/** The facts for people: a sentence, a column a region, and below it why something is not known. */
export function statusText(facts: Facts, namePrefix: string): string {
  const { primary, secondary } = facts;
  const rows: [string, string, string][] = [
    ["", `${primary.name} (primary)`, `${secondary.name} (secondary)`],
    ["own endpoint", cell(primary.endpoint, endpointWords), cell(secondary.endpoint, endpointWords)],
    ["health check", cell(facts.endpointVerdict, String), "none; counts as healthy"],
    ...primary.replication.map((outgoing, index): [string, string, string] => [
      `replication, ${shortName(outgoing.tableName, namePrefix)}`,
      replicationCell(primary, index),
      replicationCell(secondary, index),
    ]),
    ["payments queue", cell(primary.payments, queueWords), cell(secondary.payments, queueWords)],
    ["dead letters", cell(primary.deadLetters, queueWords), cell(secondary.deadLetters, queueWords)],
    ...primary.unpaid.map(({ unpaidRegion, count }, index): [string, string, string] => [
      `unpaid, of ${unpaidRegion}`,
      cell(count, countWords),
      secondary.unpaid[index] === undefined ? "" : cell(secondary.unpaid[index].count, countWords),
    ]),
    ["alarms ringing", ringing(primary, namePrefix), ringing(secondary, namePrefix)],
  ];
  const table = rows.map(([label, first, second]) =>
    `${toWidth(label, LABEL_COLUMNS)}${toWidth(first, REGION_COLUMNS - 1)} ${toWidth(second, REGION_COLUMNS)}`.trimEnd(),
  );
  const lines = [
    `${toWidth("switch", LABEL_COLUMNS)}${switchWords(facts)}`,
    `${toWidth(facts.apiDomainName, LABEL_COLUMNS)}${apiWords(facts)}`,
  ];
  return `${paragraph(headline(facts))}\n${table.join("\n")}\n\n${lines.map(hanging).join("")}${footnotes(facts)}`;
}

/** A labelled line that goes on below its text, not below its label. */
function hanging(line: string): string {
  const label = line.slice(0, LABEL_COLUMNS);
  return paragraph(line.slice(LABEL_COLUMNS), " ".repeat(LABEL_COLUMNS)).replace(" ".repeat(LABEL_COLUMNS), label);
}

function shortName(name: string, namePrefix: string): string {
  return name.startsWith(`${namePrefix}-`) ? name.slice(namePrefix.length + 1) : name;
}

function replicationCell({ replication }: RegionFacts, index: number): string {
  const facts = replication[index];
  if (facts === undefined) return "";
  return cell(facts.latencyMs, (latencyMs) =>
    latencyMs === undefined ? "no data in 5 min" : `${durationWords(latencyMs)} to ${facts.toRegion}`,
  );
}

function ringing({ ringingAlarms }: RegionFacts, namePrefix: string): string {
  return cell(ringingAlarms, (names) =>
    names.length === 0 ? "none" : `${names.length}: ${names.map((name) => shortName(name, namePrefix)).join(", ")}`,
  );
}

function switchWords({ switch: { verdict, alarm, lastDataPoint } }: Facts): string {
  const alarmWords = cell(alarm, (value) => {
    if (value === undefined) return "alarm not found";
    return `alarm ${value.state}${value.changedAt === undefined ? "" : ` since ${timeWords(value.changedAt)}`}`;
  });
  const pointWords = cell(lastDataPoint, (point) =>
    point === undefined
      ? "no data point in 23 h"
      : `last data point ${point.value} in the minute of ${timeWords(point.at)}`,
  );
  return [
    cell(verdict, String),
    labelled("alarm: ", alarm, alarmWords),
    labelled("data points: ", lastDataPoint, pointWords),
  ].join("; ");
}

/** Names what could not be asked; an answer speaks for itself. */
const labelled = (label: string, answer: Answer<unknown>, words: string) => (answer.isKnown ? words : label + words);

function apiWords({ live, canonicalName, addresses }: Facts): string {
  const who = cell(
    live,
    ({ region, status, tookMs }) => `${region ?? "no region named"} (${endpointWords({ status, tookMs })})`,
  );
  const names = cell(canonicalName, (name) => (name === undefined ? "no CNAME" : `CNAME ${name}`));
  const where = cell(addresses, (list) => (list.length === 0 ? "no addresses" : list.join(" ")));
  return [who, labelled("CNAME: ", canonicalName, names), labelled("addresses: ", addresses, where)].join("; ");
}

/** Why something is not known, each reason once. */
function footnotes(facts: Facts): string {
  const details = answersIn(facts).flatMap((answer) =>
    answer.isKnown || answer.detail === undefined ? [] : [answer.detail],
  );
  const distinct = [...new Set(details)];
  return distinct.length === 0 ? "" : `\n${distinct.map((detail) => paragraph(`- ${detail}`)).join("")}`;
}
