import type { Answer } from "../answer";
import type { EndpointAnswer, ReplicationFacts } from "../facts/facts";
import { REPLICATION_MINUTES } from "../facts/gather-facts";
import { cell, countWords, durationWords, queueWords } from "../facts/words";
import type { QueueDepth } from "../ports";
import { PROBES_IN_A_ROW, type QuotaFacts, type Readiness } from "./readiness";

/** One thing that must hold before customers go back to the primary. */
export interface Check {
  readonly name: string;
  /** Information alone is neither passed nor failed. */
  readonly outcome: "passed" | "failed" | "information";
  readonly measured: string;
  /** Empty for information. */
  readonly limit: string;
  /** Why it failed and what to do; empty unless it failed. */
  readonly reason: string;
}

/** What could not be asked has failed: not knowing is no ground to move customers. */
export function judge(
  { facts, primaryProbes, secondaryProbes, quotas }: Readiness,
  recoveryPointSeconds: number,
): Check[] {
  const { primary, secondary } = facts;
  return [
    judgeProbes(
      `${primary.name} endpoint`,
      primaryProbes,
      "Mend the primary first: customers would go back to a region that does not serve.",
    ),
    judgeHealthCheck(facts.endpointVerdict),
    judgeProbes(
      `${secondary.name} endpoint`,
      secondaryProbes,
      "Without a standby that serves there is no way back: mend it first.",
    ),
    judgeReplication(`replication to ${primary.name}`, secondary.replication, recoveryPointSeconds),
    judgeStoodDown(`replication to ${secondary.name}`, primary.replication, recoveryPointSeconds),
    judgeQueue(
      `payments queue, ${primary.name}`,
      primary.payments,
      "Wait until the primary's payment worker has caught up: npm run failover -- status shows how far it is.",
    ),
    judgeQueue(
      `dead letters, ${primary.name}`,
      primary.deadLetters,
      "Look at the messages, then redrive or purge them; the orders themselves are safe in the table.",
    ),
    ...quotas.map(judgeQuota),
    ...secondary.unpaid
      .filter(({ unpaidRegion }) => unpaidRegion === secondary.name)
      .map(({ unpaidRegion, count }) => information(`unpaid orders of ${unpaidRegion}`, cell(count, countWords))),
  ];
}

export const hasPassed = (checks: readonly Check[]) => checks.every(({ outcome }) => outcome !== "failed");

const information = (name: string, measured: string): Check => ({
  name,
  outcome: "information",
  measured,
  limit: "",
  reason: "",
});

function check(name: string, isMet: boolean, measured: string, limit: string, reason: string): Check {
  return { name, outcome: isMet ? "passed" : "failed", measured, limit, reason: isMet ? "" : reason };
}

const NOT_ASKED = "Not known: wait until the region answers, or find out why it does not.";

/** Why an answer is missing and what to do; nothing where it is there. */
const whyUnknown = (answer: Answer<unknown>) => (answer.isKnown ? [] : [answer.detail ?? NOT_ASKED]);

/** Sentences without repeats. */
const sentences = (parts: readonly string[]) =>
  [...new Set(parts)].map((part) => (part.endsWith(".") ? part : `${part}.`)).join(" ");

function judgeProbes(name: string, probes: readonly Answer<EndpointAnswer>[], advice: string): Check {
  const good = probes.filter((probe) => probe.isKnown && probe.value.status === 200);
  return check(
    name,
    good.length >= PROBES_IN_A_ROW,
    probes.map((probe) => cell(probe, ({ status }) => String(status))).join(", "),
    `200, ${PROBES_IN_A_ROW} times in a row`,
    sentences([...probes.flatMap((probe) => (probe.isKnown ? [] : (probe.detail ?? []))), advice]),
  );
}

function judgeHealthCheck(verdict: Answer<string>): Check {
  const advice = "Wait until the checkers find the primary healthy: until then Route 53 would not answer with it.";
  return check(
    "Route 53 health check",
    verdict.isKnown && verdict.value === "healthy",
    cell(verdict, String),
    "healthy",
    verdict.isKnown ? advice : sentences(whyUnknown(verdict)),
  );
}

/** Writes that customers have been told are kept must be where customers are sent. */
function judgeReplication(name: string, tables: readonly ReplicationFacts[], recoveryPointSeconds: number): Check {
  const limitMs = recoveryPointSeconds * 1_000;
  const measured = tables.map(({ latencyMs }) =>
    cell(latencyMs, (value) => (value === undefined ? "no data" : durationWords(value))),
  );
  const silent = tables.filter(({ latencyMs }) => latencyMs.isKnown && latencyMs.value === undefined);
  const late = tables.filter(({ latencyMs }) => latencyMs.isKnown && (latencyMs.value ?? 0) > limitMs);
  const reasons = [
    ...tables.flatMap(({ latencyMs }) => whyUnknown(latencyMs)),
    ...(silent.length === 0
      ? []
      : [
          `${namesOf(silent)}: no data in ${REPLICATION_MINUTES} minutes. Either nothing was written, or replication stands still: compare ` +
            "the unpaid orders in both regions' tables (status), or write something. A quiet shop is released with --override.",
        ]),
    ...(late.length === 0
      ? []
      : [
          `${namesOf(late)}: later than the recovery point objective. Wait until replication has caught up; the figure is the longest of ` +
            `the last ${REPLICATION_MINUTES} minutes.`,
        ]),
  ];
  return check(
    name,
    reasons.length === 0 && tables.length > 0,
    [...new Set(measured)].join(", "),
    `≤ ${recoveryPointSeconds} s`,
    sentences(reasons),
  );
}

/**
 * The other direction, once customers have left: nobody writes in the primary, and a metric of copies has no data without copies. Where
 * it has some, they must have arrived in time.
 */
function judgeStoodDown(name: string, tables: readonly ReplicationFacts[], recoveryPointSeconds: number): Check {
  const isSilent =
    tables.length > 0 && tables.every(({ latencyMs }) => latencyMs.isKnown && latencyMs.value === undefined);
  if (isSilent) return information(name, "no data: nobody writes there");
  const written = tables.filter(({ latencyMs }) => !latencyMs.isKnown || latencyMs.value !== undefined);
  return judgeReplication(name, written, recoveryPointSeconds);
}

const namesOf = (tables: readonly ReplicationFacts[]) => tables.map(({ tableName }) => tableName).join(", ");

function judgeQueue(name: string, depth: Answer<QueueDepth>, advice: string): Check {
  const isEmpty = depth.isKnown && depth.value.visible === 0;
  return check(
    name,
    isEmpty,
    cell(depth, queueWords),
    "0 waiting",
    depth.isKnown ? advice : sentences(whyUnknown(depth)),
  );
}

function judgeQuota({ name, primary, secondary }: QuotaFacts): Check {
  const unknown = [primary, secondary].flatMap(whyUnknown);
  const isEqual = primary.isKnown && secondary.isKnown && primary.value === secondary.value;
  return check(
    name,
    isEqual,
    `${cell(primary, String)} / ${cell(secondary, String)}`,
    "equal in both regions",
    unknown.length > 0 ? sentences(unknown) : "Ask for the lower one to be raised in Service Quotas, in that region.",
  );
}
