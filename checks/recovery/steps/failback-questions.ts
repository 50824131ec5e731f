import type { Json, JsonObject } from "../../../terraform-json/json";
import { probedUrl } from "../declared/health-checks";
import type { RecoveryPath } from "../declared/recovery-path";
import { type Located, literalText, resourcesOf } from "../declared/referred-blocks";
import { hostRegion } from "./hosts";
import { OPERATIONS } from "./operations";
import { makeStep, type Step } from "./step";
import { verdictIsRead } from "./throw-switch";

/**
 * What `npm run failover -- check` asks before a release. Probing the primary is no dependency, since a missing answer is an answer
 * too. The release itself waits for none of these questions.
 */
export function failbackQuestions(path: RecoveryPath): Step[] {
  const { checks, pair, stacks } = path;
  const regions = [pair.standbyRegion, pair.primaryRegion];
  const tables = resourcesOf("aws_dynamodb_table", stacks).filter((table) => blocksIn(table, "replica").length > 0);
  const indexed = tables.filter((table) => blocksIn(table, "global_secondary_index").some(isUnpaidIndex));
  const ask = (what: string, operation: keyof typeof OPERATIONS, region: string, from: readonly Located[]) =>
    from.length === 0 ? [] : [makeStep({ what, operation: OPERATIONS[operation], region, from, isNeeded: false })];
  return [
    ...verdictIsRead(path, checks.endpoints, "the primary's endpoint").map((step) => ({ ...step, isNeeded: false })),
    ...checks.endpoints.flatMap((check) =>
      ask(`asked: does ${probedUrl(check)} answer?`, "serving", pair.primaryRegion, hostRecords(check, path)),
    ),
    ...ask("asked: is replication to the primary fast?", "getMetricStatistics", pair.standbyRegion, tables),
    ...ask("asked: how many orders are unpaid?", "querying", pair.standbyRegion, indexed),
    ...regions.flatMap((region) =>
      ask("asked: are the queues drained?", "readingQueues", region, inRegion("aws_sqs_queue", region, path)),
    ),
    ...regions.flatMap((region) =>
      ask(
        "asked: are the regions' quotas equal?",
        "readingQuotas",
        region,
        inRegion("aws_apigatewayv2_api", region, path),
      ),
    ),
  ];
}

function inRegion(type: string, region: string, { stacks }: RecoveryPath): Located[] {
  return resourcesOf(type, stacks).filter(({ block }) => block.region === region);
}

function blocksIn({ block }: Located, name: string): Json[] {
  return [block.body[name] ?? []].flat();
}

const isUnpaidIndex = (index: Json) => /unpaid/i.test(String((index as JsonObject)["name"]));

/** Finds the records of the host that an endpoint check probes. */
function hostRecords(check: Located, { stacks }: RecoveryPath): Located[] {
  const host = literalText(check, "fqdn");
  if (hostRegion(host, stacks) === undefined) return [];
  return resourcesOf("aws_route53_record", stacks).filter(({ block }) => block.body["name"] === host);
}
