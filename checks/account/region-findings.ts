import type { Asking } from "../../failover/answer";
import { type Finding, failed, finding, type Judged, noted, passed } from "./finding";
import type { AccountNeeds, RegionNeeds, TableNeed, TopicNeed } from "./needs";
import type { Existing, ExistingTable, LambdaLimits, RegionalAccount, Subscriptions, TableLimits, Tags } from "./ports";

/**
 * Lambda keeps so many executions for functions that reserve none.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const LEAST_UNRESERVED_EXECUTIONS = 100;

/** Concurrency is asked of Lambda, rates of API Gateway: Service Quotas knows neither a new account's quota nor a small region's. */
export async function regionFindings(
  needs: RegionNeeds,
  { ownTags }: AccountNeeds,
  account: RegionalAccount,
  ask: Asking,
): Promise<Finding[]> {
  const { region } = needs;
  const check = <T>(subject: string, question: (signal: AbortSignal) => Promise<T>, judge: (value: T) => Judged) =>
    finding(ask, subject, region, question, judge);
  const concurrency = async (signal: AbortSignal) => {
    const [limits, ...reserved] = await Promise.all([
      account.lambdaLimits(signal),
      ...[...needs.reservedExecutions.keys()].map((name) => account.reservedExecutions(name, signal)),
    ]);
    return { limits, reservedByUs: reserved.reduce((sum, each) => sum + each, 0) };
  };
  return Promise.all([
    check("Lambda concurrency", concurrency, (found) => judgeConcurrency(found.limits, found.reservedByUs, needs)),
    check("API Gateway throttle", account.gatewayLimits, ({ rateLimitPerSecond, burstLimit }) =>
      rateLimitPerSecond >= needs.rateLimitPerSecond && burstLimit >= needs.burstLimit
        ? passed(`${rateLimitPerSecond} a second, burst ${burstLimit}`)
        : failed(
            `${rateLimitPerSecond} a second, burst ${burstLimit}`,
            `the settings let ${needs.rateLimitPerSecond} a second and a burst of ${needs.burstLimit} through, and all APIs of the ` +
              "region share the quota: ask for a higher rate, which raises the burst, or lower throttling",
          ),
    ),
    check("DynamoDB table quota", account.tableLimits, (limits) => judgeTableLimits(limits, needs.tables)),
    ...needs.tables.map((table) =>
      check(
        `table ${table.name}`,
        (signal) => account.table(table.name, signal),
        (found) => judgeTable(table, found, ownTags),
      ),
    ),
    ...needs.domainNames.map((name) =>
      check(
        `API domain ${name}`,
        (signal) => account.domain(name, signal),
        (tags) => judgeDomain(tags, ownTags),
      ),
    ),
    ...needs.keyAliases.map((alias) => check(`key ${alias}`, (signal) => account.keyState(alias, signal), judgeKey)),
    ...needs.topics.map((topic) =>
      check(
        `topic ${topic.name}`,
        (signal) => account.subscriptions(topic.name, signal),
        (found) => judgeTopic(topic, found),
      ),
    ),
  ]);
}

function judgeConcurrency(limits: LambdaLimits, reservedByUs: number, { reservedExecutions }: RegionNeeds): Judged {
  const { concurrentExecutions, unreservedExecutions } = limits;
  const reservedByOthers = concurrentExecutions - unreservedExecutions - reservedByUs;
  const wanted = [...reservedExecutions.values()].reduce((sum, each) => sum + each, 0);
  const least = reservedByOthers + wanted + LEAST_UNRESERVED_EXECUTIONS;
  const left = concurrentExecutions - reservedByOthers - wanted;
  if (concurrentExecutions >= least) return passed(`${concurrentExecutions}, of which ${left} stay unreserved`);
  return failed(
    String(concurrentExecutions),
    `at least ${least} are needed: ${wanted} reserved for ${[...reservedExecutions.keys()].join(", ")}, ${reservedByOthers} for other ` +
      `functions, and ${LEAST_UNRESERVED_EXECUTIONS} that Lambda keeps unreserved; ask Service Quotas for more (lambda, L-B99A9384)`,
  );
}

function judgeTableLimits({ tableReadUnits, tableWriteUnits }: TableLimits, tables: readonly TableNeed[]): Judged {
  const found = `${tableReadUnits} reads, ${tableWriteUnits} writes`;
  const tooWarm = tables.find(
    ({ warmReadUnits, warmWriteUnits }) => warmReadUnits > tableReadUnits || warmWriteUnits > tableWriteUnits,
  );
  if (tooWarm === undefined) return passed(found);
  return failed(
    found,
    `warmThroughput asks for ${tooWarm.warmReadUnits} and ${tooWarm.warmWriteUnits} of ${tooWarm.name}: ask for a higher quota, or lower it`,
  );
}

function judgeTable(need: TableNeed, table: Existing<ExistingTable>, ownTags: Tags): Judged {
  if (table === undefined) return passed("free");
  const missing = need.indexNames.filter((name) => !table.indexNames.includes(name));
  if (table.partitionKey !== need.partitionKey) {
    return failed(
      `keyed by ${table.partitionKey}`,
      `the handlers' key is ${need.partitionKey}: choose another name (tableNames)`,
    );
  }
  if (missing.length > 0) {
    return failed(
      `without index ${missing.join(", ")}`,
      "make the index first: Terraform leaves an existing table's indexes alone",
    );
  }
  if (isOurs(table.tags, ownTags)) return passed("ours");
  return failed("somebody's", "import it (docs/deploying.md, Taking over), or choose another name (tableNames)");
}

function judgeDomain(tags: Existing<Tags>, ownTags: Tags): Judged {
  if (tags === undefined) return passed("free");
  if (isOurs(tags, ownTags)) return passed("ours");
  return failed(
    "somebody's",
    "a region holds a domain name once: import it (docs/deploying.md, Taking over), or remove it",
  );
}

function judgeKey(state: Existing<string>): Judged {
  if (state === undefined) return passed("free");
  if (state === "Enabled") return passed("enabled");
  return failed(state, "tables and the secret cannot be read without it: enable it, or cancel its deletion");
}

function judgeTopic({ isOurs: isMade }: TopicNeed, found: Existing<Subscriptions>): Judged {
  if (found === undefined) {
    return isMade
      ? noted("not made yet", "the first apply makes it and sends a mail: confirm that, and check again")
      : failed("none", "make it and subscribe to it: the plan of this region fails without it");
  }
  const { confirmed, pending } = found;
  if (confirmed > 0) return passed(`${confirmed} confirmed${pending === 0 ? "" : `, ${pending} pending`}`);
  return failed(
    pending === 0 ? "no subscription" : `${pending} pending, none confirmed`,
    "its alarms reach nobody: confirm a subscription; one that is not confirmed is deleted after 48 hours",
  );
}

function isOurs(tags: Tags, ownTags: Tags): boolean {
  const own = Object.entries(ownTags);
  return own.length > 0 && own.every(([key, value]) => tags[key] === value);
}
