import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { decode, encode, type Packet } from "dns-packet";

/** A call of AWS as it came in. */
export interface ReceivedCall {
  readonly region: string;
  readonly service: string;
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the SDK sends.
  readonly parameters: any;
}

export interface RegionState {
  /** Nothing of it answers: its host, its endpoints. */
  isDark: boolean;
  healthStatus: number;
  /** Milliseconds of replication to the other region, by table; nothing means no data. */
  replicationMs: Record<string, number>;
  payments: { visible: number; inFlight: number };
  deadLetters: number;
  unpaid: Record<string, number>;
  ringing: string[];
  /** Quotas that were changed: GetServiceQuota finds no others. */
  quotas: Record<string, number>;
}

const DEFAULT_QUOTAS: Record<string, number> = { "L-B99A9384": 1_000, "L-8A5B8E43": 10_000 };

const PRIMARY = "us-east-1";
const SECONDARY = "us-west-2";

const healthyRegion = (): RegionState => ({
  isDark: false,
  healthStatus: 200,
  replicationMs: { "shop-example-checkout": 640, "shop-example-orders": 810 },
  payments: { visible: 0, inFlight: 1 },
  deadLetters: 0,
  unpaid: { [PRIMARY]: 2, [SECONDARY]: 0 },
  ringing: [],
  quotas: {},
});

/** A stand-in for a drill's operator endpoint: signed calls by credential scope, `/https/<host><path>` and `/dns-query`. */
export class OperatorEndpoint {
  readonly calls: ReceivedCall[] = [];
  readonly regions: Record<string, RegionState> = { [PRIMARY]: healthyRegion(), [SECONDARY]: healthyRegion() };
  endpointVerdict: string | undefined = "healthy";
  switchVerdict: string | undefined = "in service";
  alarmState: string | undefined = "OK";
  /** Operations that are denied. */
  denied: string[] = [];
  /** Data points that are swallowed before one takes effect. */
  swallowed = 0;
  /** DNS names nothing but this from now on. */
  rcode = "NOERROR";
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));
  private readonly sockets = new Set<Socket>();

  static async start(): Promise<OperatorEndpoint> {
    const endpoint = new OperatorEndpoint();
    endpoint.server.on("connection", (socket) => {
      endpoint.sockets.add(socket);
      socket.once("close", () => endpoint.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => endpoint.server.listen(0, "127.0.0.1", resolve));
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** As after a stand-down that took effect. */
  standDown(): void {
    Object.assign(this, { switchVerdict: "stood down", alarmState: "ALARM" });
  }

  get puts(): ReceivedCall[] {
    return this.calls.filter(({ operation }) => operation === "PutMetricData");
  }

  state(region: string): RegionState {
    const state = this.regions[region];
    if (state === undefined) throw new Error(`no region ${region}`);
    return state;
  }

  private answeringRegion(): string {
    return this.switchVerdict === "in service" && this.endpointVerdict === "healthy" ? PRIMARY : SECONDARY;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", "http://endpoint");
    if (url.pathname === "/dns-query") return this.answerDns(url.searchParams.get("dns") ?? "", response);
    if (url.pathname.startsWith("/https/")) return this.answerHttps(url.pathname.slice("/https/".length), response);
    this.answerCall(request, Buffer.concat(chunks).toString("utf8"), response);
  }

  private answerDns(query: string, response: ServerResponse): void {
    const { questions: [question] = [] } = decode(Buffer.from(query, "base64url"));
    const { name = "", type = "A" } = question ?? {};
    const answers = this.records(name, type).map((data) => ({ name, type, ttl: 10, data }));
    const flags = this.rcode === "SERVFAIL" ? 2 : answers.length === 0 ? 3 : 0;
    response.writeHead(200, { "content-type": "application/dns-message" });
    response.end(encode({ type: "response", id: 0, flags, questions: [{ name, type }], answers } as Packet));
  }

  private records(name: string, type: string): string[] {
    const answering = this.answeringRegion();
    const known: Record<string, string | undefined> = {
      "TXT health.us-east-1.api.example.com": this.endpointVerdict,
      "TXT switch.us-east-1.api.example.com": this.switchVerdict,
      "CNAME api.example.com": `d-${answering}.execute-api.${answering}.amazonaws.com`,
      "A api.example.com": answering === PRIMARY ? "192.0.2.10" : "198.51.100.10",
    };
    const record = known[`${type} ${name}`];
    return record === undefined ? [] : [record];
  }

  private answerHttps(target: string, response: ServerResponse): void {
    const [host = "", ...rest] = target.split("/");
    const region = host === "api.example.com" ? this.answeringRegion() : host.replace(/\.api\.example\.com$/, "");
    const state = this.state(region);
    if (state.isDark) return;
    const isLive = rest.join("/") === "live";
    response.writeHead(isLive ? 200 : state.healthStatus, { "content-type": "application/json" });
    response.end(JSON.stringify(isLive ? { status: "ok", region } : { status: "ok" }));
  }

  private answerCall(request: IncomingMessage, body: string, response: ServerResponse): void {
    const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? "");
    const [, region = "", service = ""] = scope ?? [];
    const operation =
      String(request.headers["x-amz-target"] ?? "")
        .split(".")
        .at(-1) ?? "";
    const call: ReceivedCall = { region, service, operation, parameters: JSON.parse(body || "{}") };
    this.calls.push(call);
    if (this.state(region).isDark) return;
    const error = this.errorOf(call);
    response.writeHead(error === undefined ? 200 : 400, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(error ?? this.resultOf(call)));
  }

  private errorOf({ region, operation, parameters }: ReceivedCall): object | undefined {
    if (this.denied.includes(operation)) return { __type: "AccessDeniedException", message: "no" };
    const isUnchanged =
      operation === "GetServiceQuota" && this.state(region).quotas[parameters.QuotaCode] === undefined;
    return isUnchanged ? { __type: "NoSuchResourceException", message: "no applied value" } : undefined;
  }

  private resultOf({ region, operation, parameters }: ReceivedCall): object {
    const state = this.state(region);
    switch (operation) {
      case "PutMetricData":
        this.take(parameters.MetricData[0].Value);
        return {};
      case "DescribeAlarms":
        return this.alarms(region, parameters);
      case "GetMetricStatistics":
        return { Datapoints: this.dataPoints(state, parameters) };
      case "GetQueueUrl":
        return { QueueUrl: `${this.url}/123456789012/${parameters.QueueName}` };
      case "GetQueueAttributes": {
        const isDead = parameters.QueueUrl.endsWith("-dead-letters");
        return {
          Attributes: {
            ApproximateNumberOfMessages: String(isDead ? state.deadLetters : state.payments.visible),
            ApproximateNumberOfMessagesNotVisible: String(isDead ? 0 : state.payments.inFlight),
            ApproximateNumberOfMessagesDelayed: "0",
          },
        };
      }
      case "Query":
        return { Count: state.unpaid[parameters.ExpressionAttributeValues[":region"].S] ?? 0 };
      case "GetServiceQuota":
        return { Quota: { Value: state.quotas[parameters.QuotaCode] } };
      case "GetAWSDefaultServiceQuota":
        return { Quota: { Value: DEFAULT_QUOTAS[parameters.QuotaCode] } };
      default:
        throw new Error(`${operation} is not modelled`);
    }
  }

  private take(value: number): void {
    if (this.swallowed > 0) {
      this.swallowed -= 1;
      return;
    }
    this.alarmState = value === 1 ? "ALARM" : "OK";
    this.switchVerdict = value === 1 ? "stood down" : "in service";
  }

  private alarms(region: string, { AlarmNames }: { AlarmNames?: string[] }): object {
    if (AlarmNames === undefined) {
      return { MetricAlarms: this.state(region).ringing.map((AlarmName) => ({ AlarmName, StateValue: "ALARM" })) };
    }
    if (this.alarmState === undefined || region !== SECONDARY) return { MetricAlarms: [] };
    const [AlarmName] = AlarmNames;
    return {
      MetricAlarms: [
        {
          AlarmName,
          AlarmArn: `arn:aws:cloudwatch:${region}:123456789012:alarm:${AlarmName}`,
          StateValue: this.alarmState,
          StateTransitionedTimestamp: 1_795_398_357,
        },
      ],
    };
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever the SDK sends.
  private dataPoints(state: RegionState, { MetricName, Dimensions }: any): object[] {
    const Timestamp = 1_795_398_300;
    if (MetricName === "PrimaryStoodDown") {
      const value = this.alarmState === "ALARM" ? 1 : 0;
      return [
        { Timestamp, Maximum: value },
        { Timestamp: Timestamp - 60, Maximum: 1 - value },
      ];
    }
    const table = Dimensions.find(({ Name }: { Name: string }) => Name === "TableName")?.Value;
    const latencyMs = state.replicationMs[table];
    // In no order, as CloudWatch does.
    return latencyMs === undefined
      ? []
      : [
          { Timestamp: Timestamp + 60, Maximum: latencyMs },
          { Timestamp, Maximum: latencyMs / 2 },
        ];
  }
}
