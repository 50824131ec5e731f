import { DeclarationError } from "../../terraform-json/errors";
import { firstBlock, isObject, type Json, type JsonObject } from "../../terraform-json/json";
import type { Block, Stack } from "../../terraform-json/stack";
import { ADDRESS_TYPES, failoverType, findFailoverPair } from "../independence/failover-pair";
import { literalNumber, literalText, resourcesOf } from "../recovery/declared/referred-blocks";

export interface TableNeed {
  readonly name: string;
  readonly partitionKey: string;
  readonly indexNames: readonly string[];
  /** Request units a second that the settings warm it with; 0 when they leave that to DynamoDB. */
  readonly warmReadUnits: number;
  readonly warmWriteUnits: number;
}

export interface TopicNeed {
  readonly name: string;
  /** Made by the deployment, or expected to be there. */
  readonly isOurs: boolean;
}

/** What a deployment takes from its account in one region. */
export interface RegionNeeds {
  readonly region: string;
  /** Concurrent executions set aside, by function. */
  readonly reservedExecutions: ReadonlyMap<string, number>;
  /** Requests that the API's stage lets through; 0 in a region without an API. */
  readonly rateLimitPerSecond: number;
  readonly burstLimit: number;
  readonly tables: readonly TableNeed[];
  readonly domainNames: readonly string[];
  readonly keyAliases: readonly string[];
  readonly topics: readonly TopicNeed[];
}

/** What a deployment takes from its account, as its stacks declare it. */
export interface AccountNeeds {
  /** Undefined when the providers allow any account, as in an emulator. */
  readonly accountId: string | undefined;
  readonly primaryRegion: string;
  readonly standbyRegion: string;
  readonly hostedZoneNames: readonly string[];
  /** Names that customers call. */
  readonly apiRecordNames: readonly string[];
  readonly issuers: readonly string[];
  /** Tags on whatever is the deployment's own. */
  readonly ownTags: Readonly<Record<string, string>>;
  /** Primary first. */
  readonly regions: readonly RegionNeeds[];
}

/** Tags that tell one deployment's resources from another's. */
const OWN_TAGS = ["Project", "Environment"];

/**
 * Reads what the stacks need of an account before, and after, they are applied.
 * @throws {DeclarationError} if the stacks do not say
 */
export function accountNeeds(stacks: readonly Stack[]): AccountNeeds {
  const { primaryRegion, standbyRegion } = findFailoverPair(stacks);
  const providers = stacks.flatMap(({ providers: all }) => all);
  const texts = (type: string, attribute: string) =>
    unique(resourcesOf(type, stacks).map((each) => literalText(each, attribute)));
  const apiRecords = resourcesOf("aws_route53_record", stacks).filter(
    ({ block: { body } }) => failoverType(body) !== undefined && ADDRESS_TYPES.has(String(body["type"])),
  );
  const authorizers = resourcesOf("aws_apigatewayv2_authorizer", stacks);
  return {
    accountId: unique(providers.flatMap(({ settings }) => stringsIn(settings["allowed_account_ids"])))[0],
    primaryRegion,
    standbyRegion,
    hostedZoneNames: texts("aws_route53_zone", "name"),
    apiRecordNames: unique(apiRecords.map((record) => literalText(record, "name"))),
    issuers: unique(authorizers.flatMap(({ block }) => issuerOf(block))),
    ownTags: ownTagsIn(providers.map(({ settings }) => settings)),
    regions: [primaryRegion, standbyRegion].map((region) => regionNeeds(region, stacks)),
  };
}

function regionNeeds(region: string, stacks: readonly Stack[]): RegionNeeds {
  const here = (type: string) => resourcesOf(type, stacks).filter(({ block }) => block.region === region);
  const functions = here("aws_lambda_function").filter(
    ({ block }) => block.body["reserved_concurrent_executions"] !== undefined,
  );
  const stages = here("aws_apigatewayv2_stage").map(
    ({ block }) => firstBlock(block.body["default_route_settings"]) ?? {},
  );
  const copiesHere = resourcesOf("aws_dynamodb_table", stacks).filter(
    ({ block }) => block.region === region || replicaRegions(block).includes(region),
  );
  const topics = here("aws_sns_topic").map((topic) => ({
    name: literalText(topic, "name"),
    isOurs: topic.block.kind === "resource",
  }));
  return {
    region,
    reservedExecutions: new Map(
      functions.map((each) => [
        literalText(each, "function_name"),
        literalNumber(each, "reserved_concurrent_executions"),
      ]),
    ),
    rateLimitPerSecond: Math.max(0, ...stages.map((stage) => Number(stage["throttling_rate_limit"] ?? 0))),
    burstLimit: Math.max(0, ...stages.map((stage) => Number(stage["throttling_burst_limit"] ?? 0))),
    tables: copiesHere.map(({ stack, block }) => tableNeed(literalText({ stack, block }, "name"), block.body)),
    domainNames: unique(here("aws_apigatewayv2_domain_name").map((each) => literalText(each, "domain_name"))),
    keyAliases: unique(here("aws_kms_alias").map((each) => literalText(each, "name"))),
    // A stack may look up a topic that another one makes.
    topics: unique(topics.map(({ name }) => name)).map((name) => ({
      name,
      isOurs: topics.some((topic) => topic.name === name && topic.isOurs),
    })),
  };
}

function tableNeed(name: string, body: JsonObject): TableNeed {
  const warm = firstBlock(body["warm_throughput"]) ?? {};
  return {
    name,
    partitionKey: String(body["hash_key"]),
    indexNames: blocksIn(body["global_secondary_index"]).map((index) => String(index["name"])),
    warmReadUnits: Number(warm["read_units_per_second"] ?? 0),
    warmWriteUnits: Number(warm["write_units_per_second"] ?? 0),
  };
}

function replicaRegions({ body }: Block): string[] {
  return blocksIn(body["replica"]).map((replica) => String(replica["region_name"]));
}

function issuerOf(block: Block): string[] {
  const issuer = firstBlock(block.body["jwt_configuration"])?.["issuer"];
  if (issuer === undefined) return [];
  if (typeof issuer === "string" && /^https:\/\/[^\s$]+$/.test(issuer)) return [issuer];
  throw new DeclarationError(
    `${block.stack}: ${block.address}.jwt_configuration.issuer: expected a literal https:// URL, got ${JSON.stringify(issuer)}`,
  );
}

function ownTagsIn(settings: readonly JsonObject[]): Record<string, string> {
  const tags = settings.flatMap(({ default_tags: all }) => firstBlock(all)?.["tags"] ?? []).filter(isObject);
  const entries = OWN_TAGS.map(
    (tag) => [tag, tags.map((each) => each[tag]).find((value) => value !== undefined)] as const,
  );
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function blocksIn(value: Json | undefined): JsonObject[] {
  return (Array.isArray(value) ? value : [value ?? []]).flat().filter(isObject);
}

function stringsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
