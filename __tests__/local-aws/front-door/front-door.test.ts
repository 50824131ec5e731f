import { request } from "node:http";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type DecodedPacket, decode, encode, type RecordType } from "dns-packet";
import { OperatorPortError } from "../../../local-aws/front-door/front-door";
import { QUIET_SDK } from "../../handlers/local-dynamodb";
import { declaredAlarm } from "../cloudwatch/declared-alarm";
import { API, EAST, SPEED, smallAws, smallTopology, WEST } from "../small-topology";

Object.assign(process.env, QUIET_SDK);

const notes: string[] = [];
const aws = smallAws(smallTopology(), { note: (region, text) => notes.push(`${region}: ${text}`) });
const clients: { destroy(): void }[] = [];
beforeAll(async () => {
  await aws.start();
  aws.open();
}, 30_000);
afterAll(async () => {
  for (const client of clients) client.destroy();
  await aws.stop();
});
afterEach(() => {
  for (const region of [EAST, WEST]) {
    aws.returnRegion(region);
    aws.returnCloudWatch(region);
  }
});

const config = (region: string) => ({
  region,
  endpoint: aws.operatorUrl,
  credentials: { accessKeyId: "anybody", secretAccessKey: "something" },
  maxAttempts: 1,
});
function made<T extends { destroy(): void }>(client: T): T {
  clients.push(client);
  return client;
}
const cloudWatch = (region: string) => made(new CloudWatchClient(config(region)));
const get = (path: string) => fetch(`${aws.operatorUrl}${path}`);
const hangs = (promise: Promise<unknown>) =>
  Promise.race([
    promise.then(
      () => false,
      () => false,
    ),
    new Promise((resolve) => setTimeout(() => resolve(true), 400)),
  ]);

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not so after fifteen seconds: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function dns(name: string, type: RecordType): Promise<string[]> {
  const packet = encode({ type: "query", id: 7, questions: [{ name, type }] });
  const response = await get(`/dns-query?dns=${packet.toString("base64url")}`);
  const { answers = [] }: DecodedPacket = decode(Buffer.from(await response.arrayBuffer()));
  return answers.map((answer) => String("data" in answer ? answer.data : ""));
}

describe("by name, /https/<host><path>", () => {
  test("status, type and body come from the region that the name leads to", async () => {
    const live = await get(`/https/${API}/live?a=b`);
    expect([live.status, live.headers.get("content-type"), await live.json()]).toEqual([
      200,
      "application/json",
      { status: "ok", region: EAST, query: "a=b" },
    ]);
    expect(await (await get(`/https/${WEST}.${API}/live`)).json()).toMatchObject({ region: WEST });
    expect((await get(`/https/${API}/broken`)).status).toBe(503);
  });

  test("a region that refuses, and a name that leads nowhere, close the connection", async () => {
    aws.loseRegion(EAST, "refuse");
    await expect(get(`/https/${EAST}.${API}/live`)).rejects.toThrow("fetch failed");
    await expect(get("/https/nowhere.example.com/")).rejects.toThrow("fetch failed");
    expect(notes).toContain("outside: https://nowhere.example.com/: the name leads nowhere");
  });

  test("a region that is blackholed hangs", async () => {
    aws.loseRegion(EAST, "blackhole");
    expect(await hangs(get(`/https/${EAST}.${API}/live`))).toBe(true);
  });
});

describe("names, /dns-query", () => {
  test("TXT and CNAME records are answered as the name servers do", async () => {
    expect(await dns(`switch.${EAST}.${API}`, "TXT")).toEqual(["in service"]);
    expect(await dns(API, "CNAME")).toEqual([`d-${API}.execute-api.${EAST}.amazonaws.com`]);
  });

  test("a query may be posted", async () => {
    const body = new Uint8Array(encode({ type: "query", id: 0, questions: [{ name: API, type: "CNAME" }] }));
    const headers = { "content-type": "application/dns-message" };
    const response = await fetch(`${aws.operatorUrl}/dns-query`, { method: "POST", body, headers });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/dns-message"]);
    expect(decode(Buffer.from(await response.arrayBuffer())).answers).toHaveLength(1);
  });

  test.each([
    ["GET", "/dns-query", undefined, 400],
    ["GET", "/dns-query?dns=!", undefined, 400],
    ["GET", "/dns-query?dns=AAAA", undefined, 400],
    ["POST", "/dns-query", "text/plain", 415],
    ["PUT", "/dns-query", "application/dns-message", 405],
  ])("%s %s of type %s: %i", async (method, path, type, status) => {
    const headers = type === undefined ? {} : { "content-type": type };
    const body = method === "GET" ? null : "x";
    expect((await fetch(`${aws.operatorUrl}${path}`, { method, headers, body })).status).toBe(status);
  });
});

describe("signed calls", () => {
  test("metrics and alarms are those of the region that the call is signed for", async () => {
    const { namespace: Namespace, metricName: MetricName } = declaredAlarm();
    const Dimensions = [{ Name: "PrimaryRegion", Value: EAST }];
    const MetricData = [{ MetricName, Dimensions, Value: 0, Timestamp: new Date() }];
    const statistics = {
      ...{ Namespace, MetricName, Dimensions, Period: 60, Statistics: ["Maximum" as const] },
      StartTime: new Date(Date.now() - 600_000),
      EndTime: new Date(Date.now() + 60_000),
    };
    await cloudWatch(WEST).send(new PutMetricDataCommand({ Namespace, MetricData }));
    const [here, there] = await Promise.all(
      [WEST, EAST].map((region) => cloudWatch(region).send(new GetMetricStatisticsCommand(statistics))),
    );
    expect([here?.Datapoints?.[0]?.Maximum, there?.Datapoints]).toEqual([0, []]);
    const { MetricAlarms } = await cloudWatch(WEST).send(new DescribeAlarmsCommand({ AlarmNames: ["stood-down"] }));
    expect(MetricAlarms).toMatchObject([{ AlarmName: "stood-down", TreatMissingData: "ignore" }]);
  });

  test("a queue is found by name, and tells what waits in it", async () => {
    const sqs = made(new SQSClient(config(EAST)));
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "payments" }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "one" }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "two" }));
    aws.regions.get(EAST)?.queues.all()[0]?.receive(1);
    const of = async (...AttributeNames: QueueAttributeName[]) =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;
    const counts = {
      ApproximateNumberOfMessages: "1",
      ApproximateNumberOfMessagesNotVisible: "1",
      ApproximateNumberOfMessagesDelayed: "0",
    };
    expect(await of("All")).toMatchObject(counts);
    expect(await of("ApproximateNumberOfMessages")).toEqual({ ApproximateNumberOfMessages: "1" });
    const gone = sqs.send(new GetQueueUrlCommand({ QueueName: "another" }));
    await expect(gone).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });

  test("tables answer counts of their indexes, and replication's latency is measured where it was written", async () => {
    const dynamoDb = made(new DynamoDBClient(config(EAST)));
    const Item = { orderId: { S: "1" }, unpaidRegion: { S: EAST } };
    await dynamoDb.send(new PutItemCommand({ TableName: "orders", Item }));
    const { Count } = await dynamoDb.send(
      new QueryCommand({
        TableName: "orders",
        IndexName: "unpaid",
        KeyConditionExpression: "unpaidRegion = :region",
        ExpressionAttributeValues: { ":region": { S: EAST } },
        Select: "COUNT",
      }),
    );
    expect(Count).toBe(1);
    const latency = new GetMetricStatisticsCommand({
      Namespace: "AWS/DynamoDB",
      MetricName: "ReplicationLatency",
      Dimensions: [
        { Name: "TableName", Value: "orders" },
        { Name: "ReceivingRegion", Value: WEST },
      ],
      StartTime: new Date(Date.now() - 300_000),
      EndTime: new Date(Date.now() + 300_000),
      Period: 60,
      Statistics: ["Average", "SampleCount"],
    });
    await eventually(async () => ((await cloudWatch(EAST).send(latency)).Datapoints ?? []).length > 0);
    expect((await cloudWatch(EAST).send(latency)).Datapoints).toMatchObject([{ SampleCount: 1 }]);
    expect((await cloudWatch(WEST).send(latency)).Datapoints).toEqual([]);
  });

  test("a quota has an applied value in the region where it was changed, and AWS's default everywhere", async () => {
    const input = { ServiceCode: "lambda", QuotaCode: "L-B99A9384" };
    const applied = async (region: string) =>
      (await made(new ServiceQuotasClient(config(region))).send(new GetServiceQuotaCommand(input))).Quota?.Value;
    const usual = async (region: string) =>
      (await made(new ServiceQuotasClient(config(region))).send(new GetAWSDefaultServiceQuotaCommand(input))).Quota
        ?.Value;
    await expect(applied(WEST)).rejects.toMatchObject({ name: "NoSuchResourceException" });
    aws.setQuota(WEST, "lambda", "L-B99A9384", 10);
    expect(await applied(WEST)).toBe(10);
    await expect(applied(EAST)).rejects.toMatchObject({ name: "NoSuchResourceException" });
    expect([await usual(EAST), await usual(WEST)]).toEqual([1_000, 1_000]);
    const unknown = made(new ServiceQuotasClient(config(EAST))).send(
      new GetServiceQuotaCommand({ ServiceCode: "sqs", QuotaCode: "L-1" }),
    );
    await expect(unknown).rejects.toMatchObject({ name: "NoSuchResourceException" });
  });

  test("a region's services are gone with it, CloudWatch also by itself", async () => {
    const alarms = (region: string) => cloudWatch(region).send(new DescribeAlarmsCommand({}));
    aws.loseCloudWatch(WEST);
    expect(await hangs(alarms(WEST))).toBe(true);
    aws.returnCloudWatch(WEST);
    aws.loseRegion(EAST, "blackhole");
    expect(await hangs(alarms(EAST))).toBe(true);
    aws.loseRegion(EAST, "refuse");
    await expect(alarms(EAST)).rejects.toThrow();
    expect((await alarms(WEST)).MetricAlarms).toHaveLength(1);
  });

  test("a region or service that the drill does not have is named", async () => {
    await expect(cloudWatch("eu-west-1").send(new DescribeAlarmsCommand({}))).rejects.toThrow(
      "the drill has the regions us-east-1 and us-west-2; got eu-west-1",
    );
    const headers = { authorization: credential("iam") };
    const answer = await fetch(aws.operatorUrl, { method: "POST", headers, body: "{}" });
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { __type: "UnknownEndpointException", message: expect.stringContaining("got iam") },
    ]);
  });

  test.each([undefined, "Bearer x", "AWS4-HMAC-SHA256 Credential=x/y"])(
    "authorization %p: 403",
    async (authorization) => {
      const headers = authorization === undefined ? {} : { authorization };
      const answer = await fetch(aws.operatorUrl, { method: "POST", headers, body: "{}" });
      expect([answer.status, await answer.json()]).toEqual([
        403,
        { __type: "MissingAuthenticationTokenException", message: "Missing Authentication Token" },
      ]);
    },
  );
});

const credential = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=AKID/20260101/${WEST}/${service}/aws4_request, SignedHeaders=host, Signature=0`;

test("a data point stands the primary down, and DNS tells it; another one releases it", async () => {
  const reads = async () => [await dns(`switch.${EAST}.${API}`, "TXT"), await aws.regionAnsweredFor(API)];
  const put = (Value: number) => {
    const { namespace: Namespace, metricName: MetricName } = declaredAlarm();
    const Dimensions = [{ Name: "PrimaryRegion", Value: EAST }];
    return cloudWatch(WEST).send(
      new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Dimensions, Value }] }),
    );
  };
  const turned = (verdict: string) => async () => {
    await put(verdict === "stood down" ? 1 : 0);
    await new Promise((resolve) => setTimeout(resolve, 10_000 / SPEED));
    return (await reads())[0]?.[0] === verdict;
  };
  await eventually(turned("stood down"));
  expect(await reads()).toEqual([["stood down"], WEST]);
  await eventually(turned("in service"));
  expect(await reads()).toEqual([["in service"], EAST]);
}, 30_000);

test("a port that is taken is refused in one line", async () => {
  const port = Number(new URL(aws.operatorUrl).port);
  const other = smallAws(smallTopology(), { operatorPort: port });
  const starting = other.start();
  await expect(starting).rejects.toThrow(OperatorPortError);
  await expect(starting).rejects.toThrow(
    new RegExp(`^--operator-port: port ${port} of 127.0.0.1 must be free, got EADDRINUSE`),
  );
  await other.stop();
});

test("a caller that gives up leaves nothing behind", async () => {
  aws.loseRegion(EAST, "blackhole");
  const outgoing = request(`${aws.operatorUrl}/https/${EAST}.${API}/live`);
  outgoing.on("error", () => {});
  outgoing.end();
  await new Promise((resolve) => setTimeout(resolve, 200));
  outgoing.destroy();
  aws.returnRegion(EAST);
  expect((await get(`/https/${EAST}.${API}/live`)).status).toBe(200);
});
