import type { DnsRecord } from "../../topology/topology";

export interface Zone {
  /** Names at and below which we are the authority, lower case, without a final dot. */
  readonly zoneNames: readonly string[];
  readonly records: readonly DnsRecord[];
  /** Addresses of regions' own host names, as AWS's own DNS has them: `d-….execute-api.<region>.amazonaws.com`. */
  readonly targets: ReadonlyMap<string, string>;
  readonly isHealthy: (healthCheckId: string) => boolean;
}

export interface AnswerRecord {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly value: string;
}

/** `NOERROR` without answers is NODATA: the name exists, but not with that type. */
export interface ZoneAnswer {
  readonly status: "NOERROR" | "NXDOMAIN" | "REFUSED";
  /** In the order of the chain: each CNAME before its target. */
  readonly answers: readonly AnswerRecord[];
  /** The zone that the name is in; undefined when it is refused. */
  readonly zoneName?: string;
}

const TARGET_TTL_SECONDS = 60;
/** Longest chain of names that is followed; it ends circles. */
const MAX_HOPS = 8;

/**
 * The answer of Route 53, given every health check's state.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
 * @param name - in upper or lower case, with or without a final dot
 */
export function answersTo(zone: Zone, name: string, type: string): ZoneAnswer {
  const key = keyOf(name);
  if (zone.targets.has(key)) {
    return { status: "NOERROR", answers: targetAnswers(zone, key, type), zoneName: key };
  }
  const zoneName = zoneOf(zone, key);
  if (zoneName === undefined) return { status: "REFUSED", answers: [] };
  const answers = follow(zone, key, type);
  const isThere = answers.length > 0 || exists(zone, key) || key === zoneName;
  return { status: isThere ? "NOERROR" : "NXDOMAIN", answers, zoneName };
}

/**
 * The zone of the records, which they do not name: the longest name that all of them are at or below.
 * @returns one name; or each record's own where they share no more than a top-level domain
 */
export function zonesOf(records: readonly DnsRecord[]): readonly string[] {
  const names = [...new Set(records.map(({ name }) => keyOf(name)))];
  const [first] = names;
  if (first === undefined) return [];
  const labels = first.split(".");
  const ancestors = labels.map((_, index) => labels.slice(index).join(".")).filter((name) => name.includes("."));
  const shared = ancestors.find((ancestor) => names.every((name) => isWithin(name, ancestor)));
  return shared === undefined ? names : [shared];
}

const keyOf = (name: string) => name.toLowerCase().replace(/\.$/, "");
const isWithin = (name: string, ancestor: string) => name === ancestor || name.endsWith(`.${ancestor}`);

function zoneOf({ zoneNames }: Zone, key: string): string | undefined {
  const enclosing = zoneNames.map(keyOf).filter((zoneName) => isWithin(key, zoneName));
  return enclosing.sort((one, other) => other.length - one.length)[0];
}

/** A name also exists when there is something below it. */
const exists = ({ records }: Zone, key: string) => records.some(({ name }) => isWithin(keyOf(name), key));

function targetAnswers({ targets }: Zone, key: string, type: string): AnswerRecord[] {
  const address = targets.get(key);
  if (address === undefined || type !== addressType(address)) return [];
  return [{ name: key, type, ttlSeconds: TARGET_TTL_SECONDS, value: address }];
}

const addressType = (address: string) => (address.includes(":") ? "AAAA" : "A");

/** Follows CNAMEs within our zones; the resolver follows the rest. */
function follow(zone: Zone, key: string, type: string): AnswerRecord[] {
  const answers: AnswerRecord[] = [];
  const seen = new Set<string>();
  for (let current = key; seen.size < MAX_HOPS && !seen.has(current); ) {
    seen.add(current);
    const found = recordsAt(zone, current, type);
    if (found.length > 0 || type === "CNAME") return [...answers, ...found];
    const [cname] = recordsAt(zone, current, "CNAME");
    if (cname === undefined) return answers;
    answers.push(cname);
    current = keyOf(cname.value);
  }
  return answers;
}

function recordsAt(zone: Zone, key: string, type: string, hops = 0): AnswerRecord[] {
  const record = chosen(zone, key, type);
  if (record === undefined) return [];
  if (!record.isAlias) {
    return record.values.map((value) => ({ name: key, type, ttlSeconds: record.ttlSeconds, value }));
  }
  if (hops >= MAX_HOPS) return [];
  // An alias answers in its own name with what its target has, TTL included.
  return record.values
    .map(keyOf)
    .flatMap((target) =>
      zone.targets.has(target) ? targetAnswers(zone, target, type) : recordsAt(zone, target, type, hops + 1),
    )
    .map((answer) => ({ ...answer, name: key }));
}

/**
 * Primary when healthy, else secondary; primary when neither is. A simple record always answers.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-failover.html
 */
function chosen(zone: Zone, key: string, type: string): DnsRecord | undefined {
  const records = recordsOf(zone, key, type);
  const primary = records.find(({ failover }) => failover === "PRIMARY");
  const secondary = records.find(({ failover }) => failover === "SECONDARY");
  if (primary === undefined || secondary === undefined) return primary ?? secondary ?? records[0];
  return !isRecordHealthy(zone, primary) && isRecordHealthy(zone, secondary) ? secondary : primary;
}

const recordsOf = ({ records }: Zone, key: string, type: string) =>
  records.filter((record) => keyOf(record.name) === key && record.type === type);

/**
 * A record without a health check is healthy. Evaluating an alias's target looks at the health of records in our zones. At AWS an alias to
 * API Gateway also fails while that service is unavailable in its region; how soon is not documented, so here only health checks decide,
 * and a failover can come later than at AWS, never earlier.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html
 */
function isRecordHealthy(zone: Zone, record: DnsRecord, hops = 0): boolean {
  if (record.healthCheckId !== undefined && !zone.isHealthy(record.healthCheckId)) return false;
  if (!record.isAlias || !record.evaluateTargetHealth || hops >= MAX_HOPS) return true;
  const targets = record.values.flatMap((value) => recordsOf(zone, keyOf(value), record.type));
  return targets.length === 0 || targets.some((target) => isRecordHealthy(zone, target, hops + 1));
}
