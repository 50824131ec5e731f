import { APIGatewayClient, GetAccountCommand } from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client, GetDomainNameCommand } from "@aws-sdk/client-apigatewayv2";
import {
  DescribeLimitsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
} from "@aws-sdk/client-dynamodb";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type AwsProps, clientOptions } from "../../../failover/adapters/aws";
import { awsFailure } from "../../../failover/adapters/aws-failures";
import { QuestionError } from "../../../failover/answer";
import type { Account, RegionalAccount } from "../ports";

/** Route 53's API has one endpoint, which is in us-east-1; nothing of a failover asks it. */
const ROUTE_53_REGION = "us-east-1";

const MISSING = /^(?:NotFoundException|ResourceNotFoundException|NotFound)$/;

/** One call: its service and operation as IAM writes them, and on what. */
interface Call {
  readonly action: `${string}:${string}`;
  readonly region: string;
  readonly resource: string;
}

async function answered<T>(call: Call, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw failure(call, error);
  }
}

/** Undefined where AWS knows no such resource. */
async function ifExists<T>(call: Call, send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    if (MISSING.test(String((error as Partial<Error>).name))) return undefined;
    throw failure(call, error);
  }
}

function failure({ action, region, resource }: Call, error: unknown): QuestionError {
  const [service = "", name = ""] = action.split(":");
  return awsFailure({ operation: { service, name, action }, region, resource }, error);
}

/** @throws {QuestionError} when an answer lacks what was asked for */
function required<T>(value: T | null | undefined, what: string, { action, region }: Call): T {
  if (value !== undefined && value !== null) return value;
  throw new QuestionError(
    "no figure",
    `${action} in ${region}: expected ${what}; got none; is this an emulator that lacks it?`,
  );
}

/** An account by the SDK's clients; every call only reads. */
export function sdkAccount(props: AwsProps, stsRegion: string): Account {
  const route53 = new Route53Client(clientOptions(ROUTE_53_REGION, props));
  const sts = new STSClient(clientOptions(stsRegion, props));
  const inRoute53 = (action: Call["action"], resource: string): Call => ({ action, region: ROUTE_53_REGION, resource });
  return {
    async id(abortSignal) {
      const call: Call = { action: "sts:GetCallerIdentity", region: stsRegion, resource: "*" };
      const { Account: id } = await answered(call, () => sts.send(new GetCallerIdentityCommand({}), { abortSignal }));
      return required(id, "an account", call);
    },
    async hostedZones(name, abortSignal) {
      const command = new ListHostedZonesByNameCommand({ DNSName: name });
      const { HostedZones = [] } = await answered(inRoute53("route53:ListHostedZonesByName", "*"), () =>
        route53.send(command, { abortSignal }),
      );
      return HostedZones.filter((zone) => zone.Name === `${name}.`).map(({ Id = "", Config }) => ({
        id: Id.replace(/^\/hostedzone\//, ""),
        isPrivate: Config?.PrivateZone === true,
      }));
    },
    async nameServers(zoneId, abortSignal) {
      const call = inRoute53("route53:GetHostedZone", `arn:aws:route53:::hostedzone/${zoneId}`);
      const { DelegationSet } = await answered(call, () =>
        route53.send(new GetHostedZoneCommand({ Id: zoneId }), { abortSignal }),
      );
      return required(DelegationSet?.NameServers, "name servers", call);
    },
    async records(zoneId, name, abortSignal) {
      const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: 20 });
      const call = inRoute53("route53:ListResourceRecordSets", `arn:aws:route53:::hostedzone/${zoneId}`);
      const { ResourceRecordSets = [] } = await answered(call, () => route53.send(command, { abortSignal }));
      return ResourceRecordSets.filter((record) => record.Name === `${name}.`).map(({ Type = "", SetIdentifier }) => ({
        type: Type,
        setIdentifier: SetIdentifier,
      }));
    },
    region: (region) => sdkRegion(region, props),
  };
}

function sdkRegion(region: string, props: AwsProps): RegionalAccount {
  const options = clientOptions(region, props);
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${props.accountId}:${rest}`;
  const call = (action: Call["action"], resource = "*"): Call => ({ action, region, resource });
  const lambda = new LambdaClient(options);
  const kms = new KMSClient(options);
  const sns = new SNSClient(options);
  return {
    ...gatewayQuestions(region, props),
    ...tableQuestions(region, props),
    async lambdaLimits(abortSignal) {
      const asked = call("lambda:GetAccountSettings");
      const { AccountLimit: limit } = await answered(asked, () =>
        lambda.send(new GetAccountSettingsCommand({}), { abortSignal }),
      );
      return {
        concurrentExecutions: required(limit?.ConcurrentExecutions, "ConcurrentExecutions", asked),
        unreservedExecutions: required(limit?.UnreservedConcurrentExecutions, "UnreservedConcurrentExecutions", asked),
      };
    },
    async reservedExecutions(functionName, abortSignal) {
      const command = new GetFunctionConcurrencyCommand({ FunctionName: functionName });
      const asked = call("lambda:GetFunctionConcurrency", arn("lambda", `function:${functionName}`));
      const answer = await ifExists(asked, () => lambda.send(command, { abortSignal }));
      return answer?.ReservedConcurrentExecutions ?? 0;
    },
    async keyState(alias, abortSignal) {
      const asked = call("kms:DescribeKey", arn("kms", "key/*"));
      const answer = await ifExists(asked, () => kms.send(new DescribeKeyCommand({ KeyId: alias }), { abortSignal }));
      return answer === undefined ? undefined : required(answer.KeyMetadata?.KeyState, "KeyState", asked);
    },
    async subscriptions(topicName, abortSignal) {
      const TopicArn = arn("sns", topicName);
      const asked = call("sns:GetTopicAttributes", TopicArn);
      const answer = await ifExists(asked, () =>
        sns.send(new GetTopicAttributesCommand({ TopicArn }), { abortSignal }),
      );
      if (answer === undefined) return undefined;
      const count = (name: string) => Number(required(answer.Attributes?.[name], name, asked));
      return { confirmed: count("SubscriptionsConfirmed"), pending: count("SubscriptionsPending") };
    },
  };
}

function gatewayQuestions(region: string, props: AwsProps): Pick<RegionalAccount, "gatewayLimits" | "domain"> {
  const gateway = new APIGatewayClient(clientOptions(region, props));
  const gatewayV2 = new ApiGatewayV2Client(clientOptions(region, props));
  return {
    async gatewayLimits(abortSignal) {
      const asked: Call = { action: "apigateway:GET", region, resource: `arn:aws:apigateway:${region}::/account` };
      const { throttleSettings } = await answered(asked, () =>
        gateway.send(new GetAccountCommand({}), { abortSignal }),
      );
      return {
        rateLimitPerSecond: required(throttleSettings?.rateLimit, "throttleSettings.rateLimit", asked),
        burstLimit: required(throttleSettings?.burstLimit, "throttleSettings.burstLimit", asked),
      };
    },
    async domain(name, abortSignal) {
      const resource = `arn:aws:apigateway:${region}::/domainnames/${name}`;
      const command = new GetDomainNameCommand({ DomainName: name });
      const answer = await ifExists({ action: "apigateway:GET", region, resource }, () =>
        gatewayV2.send(command, { abortSignal }),
      );
      return answer === undefined ? undefined : (answer.Tags ?? {});
    },
  };
}

function tableQuestions(region: string, props: AwsProps): Pick<RegionalAccount, "tableLimits" | "table"> {
  const dynamoDb = new DynamoDBClient(clientOptions(region, props));
  return {
    async tableLimits(abortSignal) {
      const asked: Call = { action: "dynamodb:DescribeLimits", region, resource: "*" };
      const limits = await answered(asked, () => dynamoDb.send(new DescribeLimitsCommand({}), { abortSignal }));
      return {
        tableReadUnits: required(limits.TableMaxReadCapacityUnits, "TableMaxReadCapacityUnits", asked),
        tableWriteUnits: required(limits.TableMaxWriteCapacityUnits, "TableMaxWriteCapacityUnits", asked),
      };
    },
    async table(name, abortSignal) {
      const ResourceArn = `arn:aws:dynamodb:${region}:${props.accountId}:table/${name}`;
      const describe: Call = { action: "dynamodb:DescribeTable", region, resource: ResourceArn };
      const list: Call = { action: "dynamodb:ListTagsOfResource", region, resource: ResourceArn };
      const described = await ifExists(describe, () =>
        dynamoDb.send(new DescribeTableCommand({ TableName: name }), { abortSignal }),
      );
      if (described?.Table === undefined) return undefined;
      const { KeySchema = [], GlobalSecondaryIndexes = [] } = described.Table;
      const { Tags = [] } = await answered(list, () =>
        dynamoDb.send(new ListTagsOfResourceCommand({ ResourceArn }), { abortSignal }),
      );
      return {
        partitionKey: KeySchema.find(({ KeyType }) => KeyType === "HASH")?.AttributeName ?? "",
        indexNames: GlobalSecondaryIndexes.map(({ IndexName = "" }) => IndexName),
        tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
      };
    },
  };
}
