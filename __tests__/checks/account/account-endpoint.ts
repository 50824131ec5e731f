import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decode, encode, type Packet } from "dns-packet";

/** One region of the account; tests change what they are about. */
export interface AccountRegion {
  concurrentExecutions: number;
  unreservedExecutions: number;
  /** By function. */
  reserved: Record<string, number>;
  rateLimit: number;
  burstLimit: number;
  tableUnits: number;
  tables: Record<string, { key: string; indexes: string[]; tags: Record<string, string> }>;
  domains: Record<string, Record<string, string>>;
  /** State by alias. */
  keys: Record<string, string>;
  topics: Record<string, { confirmed: number; pending: number }>;
  /** Services that break every connection off. */
  broken: string[];
  /** Services that deny. */
  denied: string[];
}

/** As a new account is, but for a concurrency quota that has been raised, and for the topics that must be there. */
const newRegion = (): AccountRegion => ({
  concurrentExecutions: 1_000,
  unreservedExecutions: 1_000,
  reserved: {},
  rateLimit: 10_000,
  burstLimit: 5_000,
  tableUnits: 40_000,
  tables: {},
  domains: {},
  keys: {},
  topics: { oncall: { confirmed: 2, pending: 0 } },
  broken: [],
  denied: [],
});

export interface ReceivedCall {
  readonly service: string;
  readonly region: string;
  readonly method: string;
  readonly operation: string;
}

const xml = (name: string, inside: string) => `<${name}>${inside}</${name}>`;

/** A stand-in for the services that the check asks, in their own protocols, and for a drill's `/https/` and `/dns-query`. */
export class AccountEndpoint {
  readonly calls: ReceivedCall[] = [];
  accountId = "123456789012";
  readonly regions: Record<string, AccountRegion> = { "us-east-1": newRegion(), "us-west-2": newRegion() };
  /** Hosted zones of the name that is asked for: whether each is private. */
  zones: boolean[] = [false];
  /** Records of the API's name: type and set identifier. */
  records: [type: string, setIdentifier?: string][] = [];
  /** JSON documents by host and path. */
  documents: Record<string, unknown> = {
    "login.example.com/.well-known/openid-configuration": {
      issuer: "https://login.example.com/",
      jwks_uri: "https://keys.example.com/jwks.json",
    },
    "keys.example.com/jwks.json": { keys: [{ kty: "RSA", kid: "1" }] },
  };
  aliases: Record<string, string> = {};
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  static async start(): Promise<AccountEndpoint> {
    const endpoint = new AccountEndpoint();
    await new Promise<void>((resolve) => endpoint.server.listen(0, "127.0.0.1", resolve));
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  region(name: string): AccountRegion {
    const region = this.regions[name];
    if (region === undefined) throw new Error(`no region ${name}`);
    return region;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const url = new URL(request.url ?? "/", "http://endpoint");
    if (url.pathname === "/dns-query") return this.answerDns(url.searchParams.get("dns") ?? "", response);
    if (url.pathname.startsWith("/https/")) {
      const document = this.documents[url.pathname.slice("/https/".length)];
      response.writeHead(document === undefined ? 502 : 200).end(JSON.stringify(document ?? {}));
      return;
    }
    this.answerCall(request, url, body, response);
  }

  private answerDns(query: string, response: ServerResponse): void {
    const { questions: [question] = [] } = decode(Buffer.from(query, "base64url"));
    const { name = "" } = question ?? {};
    const data = this.aliases[name];
    const answers = data === undefined ? [] : [{ name, type: "CNAME", ttl: 10, data }];
    response.writeHead(200, { "content-type": "application/dns-message" });
    response.end(
      encode({
        type: "response",
        id: 0,
        flags: data === undefined ? 3 : 0,
        questions: [{ name, type: "CNAME" }],
        answers,
      } as Packet),
    );
  }

  private answerCall(request: IncomingMessage, url: URL, body: string, response: ServerResponse): void {
    const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? "");
    const [, region = "", service = ""] = scope ?? [];
    const target = String(request.headers["x-amz-target"] ?? "")
      .split(".")
      .at(-1);
    const operation = target || new URLSearchParams(body).get("Action") || url.pathname;
    this.calls.push({ service, region, method: request.method ?? "", operation });
    const { broken, denied } = this.region(region);
    if (broken.includes(service)) return void request.socket.destroy();
    const refuse = (status: number, code: string) =>
      response
        .writeHead(status, { "x-amzn-errortype": code })
        .end(
          ["route53", "sts", "sns"].includes(service)
            ? xml("ErrorResponse", xml("Error", `<Type>Sender</Type><Code>${code}</Code><Message>no</Message>`))
            : JSON.stringify({ __type: code, message: "no" }),
        );
    if (denied.includes(service)) return void refuse(403, "AccessDeniedException");
    const answer = this.answerOf(service, region, operation, url, body);
    if (answer === undefined)
      return void refuse(404, service === "sns" ? "NotFound" : (NOT_FOUND[service] ?? "NotFoundException"));
    response.writeHead(200).end(typeof answer === "string" ? answer : JSON.stringify(answer));
  }

  private answerOf(
    service: string,
    region: string,
    operation: string,
    url: URL,
    body: string,
  ): object | string | undefined {
    const state = this.region(region);
    switch (service) {
      case "sts":
        return xml("GetCallerIdentityResponse", xml("GetCallerIdentityResult", xml("Account", this.accountId)));
      case "route53":
        return this.route53(url);
      case "lambda":
        return lambdaAnswer(state, url.pathname);
      case "apigateway": {
        if (url.pathname === "/account") {
          return { throttleSettings: { rateLimit: state.rateLimit, burstLimit: state.burstLimit } };
        }
        const tags = state.domains[decodeURIComponent(url.pathname.split("/").at(-1) ?? "")];
        return tags === undefined ? undefined : { tags };
      }
      case "dynamodb":
        return tableAnswer(state, operation, JSON.parse(body));
      case "kms": {
        const keyState = state.keys[JSON.parse(body).KeyId];
        return keyState === undefined ? undefined : { KeyMetadata: { KeyId: "k", KeyState: keyState } };
      }
      case "sns": {
        const topic = state.topics[new URLSearchParams(body).get("TopicArn")?.split(":").at(-1) ?? ""];
        return topic === undefined ? undefined : topicAnswer(topic);
      }
      default:
        throw new Error(`${service} ${operation} is not modelled`);
    }
  }

  private route53(url: URL): string {
    const name = url.searchParams.get("dnsname") ?? url.searchParams.get("name") ?? "";
    if (url.pathname.endsWith("/hostedzonesbyname")) {
      const zones = this.zones.map((isPrivate, index) =>
        xml(
          "HostedZone",
          `<Id>/hostedzone/Z${index}</Id><Name>${name}.</Name><CallerReference>x</CallerReference>` +
            xml("Config", xml("PrivateZone", String(isPrivate))),
        ),
      );
      return xml(
        "ListHostedZonesByNameResponse",
        `${xml("HostedZones", zones.join(""))}<IsTruncated>false</IsTruncated>`,
      );
    }
    if (url.pathname.endsWith("/rrset")) {
      const records = this.records.map(([type, id]) =>
        xml(
          "ResourceRecordSet",
          `<Name>${name}.</Name><Type>${type}</Type>${id === undefined ? "" : xml("SetIdentifier", id)}<TTL>10</TTL>`,
        ),
      );
      return xml(
        "ListResourceRecordSetsResponse",
        `${xml("ResourceRecordSets", records.join(""))}<IsTruncated>false</IsTruncated>`,
      );
    }
    return xml(
      "GetHostedZoneResponse",
      xml("DelegationSet", xml("NameServers", xml("NameServer", "ns-1.example.com"))),
    );
  }
}

const NOT_FOUND: Readonly<Record<string, string>> = {
  lambda: "ResourceNotFoundException",
  dynamodb: "ResourceNotFoundException",
};

function lambdaAnswer(state: AccountRegion, pathname: string): object | undefined {
  if (pathname.endsWith("/account-settings")) {
    return {
      AccountLimit: {
        ConcurrentExecutions: state.concurrentExecutions,
        UnreservedConcurrentExecutions: state.unreservedExecutions,
      },
    };
  }
  const reserved = state.reserved[pathname.split("/").at(-2) ?? ""];
  return reserved === undefined ? undefined : { ReservedConcurrentExecutions: reserved };
}

function tableAnswer(
  state: AccountRegion,
  operation: string,
  { TableName = "", ResourceArn = "" }: { TableName?: string; ResourceArn?: string },
): object | undefined {
  if (operation === "DescribeLimits") {
    return { TableMaxReadCapacityUnits: state.tableUnits, TableMaxWriteCapacityUnits: state.tableUnits };
  }
  const table = state.tables[TableName || (ResourceArn.split("/").at(-1) ?? "")];
  if (table === undefined) return undefined;
  if (operation === "ListTagsOfResource") {
    return { Tags: Object.entries(table.tags).map(([Key, Value]) => ({ Key, Value })) };
  }
  return {
    Table: {
      KeySchema: [{ AttributeName: table.key, KeyType: "HASH" }],
      GlobalSecondaryIndexes: table.indexes.map((IndexName) => ({ IndexName })),
    },
  };
}

function topicAnswer({ confirmed, pending }: { confirmed: number; pending: number }): string {
  const entry = (key: string, value: number) => xml("entry", `<key>${key}</key><value>${value}</value>`);
  const attributes = entry("SubscriptionsConfirmed", confirmed) + entry("SubscriptionsPending", pending);
  return xml("GetTopicAttributesResponse", xml("GetTopicAttributesResult", xml("Attributes", attributes)));
}
