import type { Check } from "../check/judge";
import type { Facts } from "../facts/facts";
import { cell, endpointWords } from "../facts/words";
import type { Intent } from "./intent";

/**
 * Why there is nothing to do; undefined when there is, or when it cannot be told. Verdict and alarm lag behind data points by a minute: the
 * newest data point must say the same, or another operator has just set the switch to the other value.
 */
export function alreadyDone({ action, primaryName, apiDomainName }: Intent, facts: Facts): string | undefined {
  const { verdict, alarm, lastDataPoint } = facts.switch;
  if (!verdict.isKnown || !alarm.isKnown || alarm.value === undefined || !lastDataPoint.isKnown) return undefined;
  const isLastDown = (lastDataPoint.value?.value ?? 0) >= 1;
  const isRinging = alarm.value.state === "ALARM";
  const answering = cell(facts.live, ({ status, region }) => region ?? `nobody (status ${status})`);
  const who = `${apiDomainName} is answered by ${facts.live.isKnown ? answering : `nobody (${answering})`}`;
  if (action === "stand-down" && verdict.value === "stood down" && isRinging && isLastDown) {
    return `${primaryName} is stood down already, and ${who}. Nothing was called.`;
  }
  if (action === "release" && verdict.value === "in service" && !isRinging && !isLastDown) {
    const health = cell(facts.endpointVerdict, String);
    return `${primaryName} is not stood down: there is nothing to release. Its health check: ${health}; ${who}. Nothing was called.`;
  }
  return undefined;
}

/** Why the alarm and Route 53 do not say the same, so that the data point is sent again. */
export function disagreement({ primaryName, wantedVerdict }: Intent, facts: Facts): string | undefined {
  const { verdict, alarm, lastDataPoint } = facts.switch;
  if (!verdict.isKnown || verdict.value !== wantedVerdict) return undefined;
  const point = lastDataPoint.isKnown ? (lastDataPoint.value?.value ?? "none") : `not known (${lastDataPoint.short})`;
  const state = alarm.isKnown
    ? `its alarm is ${alarm.value?.state ?? "not there"}`
    : `its alarm is not known (${alarm.short})`;
  return `DNS says that ${primaryName} is ${wantedVerdict}, but ${state}, and its last data point ${point}: the data point is sent again.`;
}

/** One reason not to go on, and the short name it has in the audit file when it is overridden. */
export interface Objection {
  readonly name: string;
  readonly reason: string;
}

/**
 * What speaks against it, from what is known.
 * @param checks - the checks before a release; empty for a stand-down, which must not wait for anything
 * @param expectedAccountId - undefined where accounts mean nothing, as in a drill
 */
export function objections(
  intent: Intent,
  facts: Facts,
  checks: readonly Check[],
  expectedAccountId: string | undefined,
): Objection[] {
  const failed = checks
    .filter(({ outcome }) => outcome === "failed")
    .map(({ name, measured, limit }) => ({ name, reason: `${name}: expected ${limit}; got ${measured}` }));
  return [...aboutTheAlarm(intent, facts, expectedAccountId), ...aboutTheStandby(intent, facts), ...failed];
}

/** CloudWatch takes a data point for any account that it has credentials of: only the alarm tells whether this one is it. */
function aboutTheAlarm(
  { calledRegion }: Intent,
  { switch: { alarm } }: Facts,
  expectedAccountId: string | undefined,
): Objection[] {
  const advice =
    "Are these the credentials of the right account, is DEPLOYMENT right, and is the failover-dns stack applied?";
  if (!alarm.isKnown) return []; // Not known is no reason to leave customers where they are.
  if (alarm.value === undefined) {
    return [
      { name: "switch's alarm", reason: `The switch's alarm: expected one in ${calledRegion}; got none. ${advice}` },
    ];
  }
  const { accountId } = alarm.value;
  if (expectedAccountId === undefined || accountId === undefined || accountId === expectedAccountId) return [];
  return [
    {
      name: "account",
      reason: `The switch's alarm in ${calledRegion}: expected account ${expectedAccountId}; got ${accountId}. ${advice}`,
    },
  ];
}

function aboutTheStandby({ action, secondaryName }: Intent, { secondary }: Facts): Objection[] {
  const { endpoint } = secondary;
  if (action !== "stand-down" || (endpoint.isKnown && endpoint.value.status === 200)) return [];
  const detail = endpoint.isKnown || endpoint.detail === undefined ? "" : ` ${endpoint.detail}.`;
  return [
    {
      name: `${secondaryName} endpoint`,
      reason:
        `${secondaryName}'s endpoint: expected status 200; got ${cell(endpoint, endpointWords)}.${detail} ` +
        "Customers would be moved to a region that does not serve them.",
    },
  ];
}
