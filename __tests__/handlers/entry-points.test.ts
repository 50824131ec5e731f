import { promises as dns } from "node:dns";
import { DynamoDbOrderStore } from "../../handlers/adapters/dynamodb-order-store";
import { orderIdOf } from "../../handlers/domain/order-id";
import type {
  CartEnvironment,
  CheckoutEnvironment,
  DynamoDbEnvironment,
  HealthEnvironment,
  HeartbeatEnvironment,
  LiveEnvironment,
  OperationsEnvironment,
  OrderEnvironment,
  PaymentWorkerEnvironment,
  SweepEnvironment,
} from "../../handlers/environment";
import { EnvironmentReader } from "../../handlers/environment-reader";
import { bodyOf, httpRequest, line, pendingOrder, sqsEvent } from "./events";
import { CARTS, type LocalDynamoDb, ORDERS, QUIET_SDK, startDynamoDb } from "./local-dynamodb";
import { acceptMessages, answer, type LocalServer, md5, startServer, stopServers } from "./local-server";

const QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/111122223333/payments";

/** What the infrastructure code passes on: every environment must fit. */
type Variables = Readonly<Record<string, string | undefined>>;

const dynamoDbEnvironment: DynamoDbEnvironment = {
  DYNAMODB_CONNECTION_TIMEOUT_MS: "300",
  DYNAMODB_REQUEST_TIMEOUT_MS: "800",
  DYNAMODB_MAX_ATTEMPTS: "2",
};
const health: HealthEnvironment = {
  ...dynamoDbEnvironment,
  CHECKOUT_TABLE_NAME: CARTS,
  DYNAMODB_DEADLINE_MS: "1500",
};
const live: LiveEnvironment = {};
const operations: OperationsEnvironment = { METRICS_NAMESPACE: "shop-test" };
const cart: CartEnvironment = {
  ...dynamoDbEnvironment,
  ...operations,
  CHECKOUT_TABLE_NAME: CARTS,
  CART_TTL_DAYS: "90",
  PEER_REGIONS: "us-west-2",
};
const checkout: CheckoutEnvironment = {
  ...dynamoDbEnvironment,
  ...operations,
  CART_TTL_DAYS: "90",
  PEER_REGIONS: "us-west-2",
  CHECKOUT_TABLE_NAME: CARTS,
  ORDERS_TABLE_NAME: ORDERS,
  PAYMENT_QUEUE_URL: QUEUE_URL,
  SQS_REQUEST_TIMEOUT_MS: "500",
};
const order: OrderEnvironment = { ...dynamoDbEnvironment, ORDERS_TABLE_NAME: ORDERS };
const sweep: SweepEnvironment = {
  ...dynamoDbEnvironment,
  ...operations,
  ORDERS_TABLE_NAME: ORDERS,
  PAYMENT_QUEUE_URL: QUEUE_URL,
  SQS_REQUEST_TIMEOUT_MS: "500",
  PEER_REGIONS: "us-west-2,eu-west-1",
  SWEEP_OWN_AGE_SECONDS: "300",
  SWEEP_TAKEOVER_AGE_SECONDS: "1800",
  SWEEP_MAX_ORDERS: "100",
};

const heartbeat: HeartbeatEnvironment = {
  ...dynamoDbEnvironment,
  ...operations,
  CHECKOUT_TABLE_NAME: CARTS,
  ORDERS_TABLE_NAME: ORDERS,
  PEER_REGIONS: "us-west-2",
  STANDBY_VERDICT_NAME: "health..example.com", // No valid name: nobody is asked.
};

let dynamoDb: LocalDynamoDb;
let sqs: LocalServer;
let secrets: LocalServer;
let vendor: LocalServer;
const originalEnvironment = process.env;
const written: string[] = [];

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  sqs = await startServer(acceptMessages);
  secrets = await startServer((_, response) => answer(response, 200, { SecretString: "key-1" }));
  vendor = await startServer(({ body }, response) => answer(response, 200, body));
});
afterAll(() => Promise.all([dynamoDb.stop(), stopServers()]));
beforeEach(() => {
  written.length = 0;
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, "write").mockImplementation((text) => written.push(String(text)) > 0);
  }
});
afterEach(() => {
  process.env = originalEnvironment;
  jest.restoreAllMocks();
});

/** Loads an entry point as a cold start does, with nothing in its environment but what it declares and what Lambda sets. */
// biome-ignore lint/suspicious/noExplicitAny: handlers take different events
function coldStart(name: string, environment: Variables): { handler: (event?: unknown) => Promise<any> } {
  process.env = {
    ...QUIET_SDK,
    AWS_REGION: "us-east-1",
    AWS_LAMBDA_FUNCTION_NAME: `shop-test-${name}`,
    AWS_LAMBDA_FUNCTION_VERSION: "7",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    ...environment,
  };
  jest.resetModules();
  return require(`../../handlers/${name}`);
}

test("every entry point does its part with the environment it declares", async () => {
  const worker: PaymentWorkerEnvironment = {
    ...dynamoDbEnvironment,
    ...operations,
    ORDERS_TABLE_NAME: ORDERS,
    VENDOR_URL: vendor.endpoint,
    VENDOR_SECRET_NAME: "vendor-key",
    VENDOR_TIMEOUT_MS: "500",
    VENDOR_MAX_ATTEMPTS: "2",
    VENDOR_DEADLINE_MS: "2000",
  };
  expect(await coldStart("health", health).handler(httpRequest("GET /health"))).toMatchObject({ statusCode: 200 });
  expect(await coldStart("live", live).handler()).toMatchObject({ statusCode: 200 });
  const put = httpRequest("PUT /cart/items/{sku}", { path: { sku: "mug" }, body: line() });
  expect(await coldStart("cart", cart).handler(put)).toMatchObject({ statusCode: 200 });
  const placing = httpRequest("POST /checkout", { headers: { "idempotency-key": "k1" } });
  expect(await coldStart("checkout", checkout).handler(placing)).toMatchObject({ statusCode: 201 });
  const message = String(sqs.requests[0]?.body["MessageBody"]);
  expect(await coldStart("payment-worker", worker).handler(sqsEvent(message))).toEqual({ batchItemFailures: [] });
  const asking = httpRequest("GET /orders/{orderId}", { path: { orderId: orderIdOf("ada", "k1") } });
  expect(bodyOf(await coldStart("order", order).handler(asking))).toMatchObject({ status: "PAID" });
  expect(await coldStart("sweep", sweep).handler()).toEqual({ enqueued: 0, failed: 0 });
  expect(written.every((text) => text.endsWith("}\n"))).toBe(true);
  const lines = written.map((text) => JSON.parse(text));
  expect(lines.filter(({ _aws }) => _aws === undefined)).toMatchObject([
    {
      level: "INFO",
      message: "order-placed",
      service: "shop-test-checkout",
      functionVersion: "7",
      region: "us-east-1",
    },
    { level: "INFO", message: "payment-settled", service: "shop-test-payment-worker", functionVersion: "7" },
    { level: "INFO", message: "sweep-done", service: "shop-test-sweep", region: "us-east-1" },
  ]);
  const namespace = "shop-test";
  expect(lines.filter(({ _aws }) => _aws !== undefined)).toMatchObject([
    { OrdersAccepted: 1, service: "shop-test-checkout", _aws: { CloudWatchMetrics: [{ Namespace: namespace }] } },
    { OrdersPaid: 1, service: "shop-test-payment-worker", _aws: { CloudWatchMetrics: [{ Namespace: namespace }] } },
  ]);
});

test("the heartbeat puts a metric for each peer and table", async () => {
  await coldStart("heartbeat", { ...heartbeat, AWS_REGION: "us-west-2", PEER_REGIONS: "us-east-1" }).handler();
  written.length = 0;
  expect(await coldStart("heartbeat", heartbeat).handler()).toEqual({ written: 2, found: 2 });
  const lines = written.map((text) => JSON.parse(text));
  expect(lines.filter(({ _aws }) => _aws === undefined).map(({ message }) => message)).toEqual([
    "standby-verdict-unknown",
  ]);
  expect(lines.filter(({ _aws }) => _aws !== undefined)).toMatchObject(
    [CARTS, ORDERS].map((TableName) => ({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: "shop-test",
            Dimensions: [["service", "PeerRegion", "TableName"]],
            Metrics: [{ Name: "PeerHeartbeatAge", Unit: "Seconds" }],
          },
        ],
      },
      ...{ service: "shop-test-heartbeat", PeerRegion: "us-west-2", TableName },
      PeerHeartbeatAge: expect.any(Number),
    })),
  );
});

test.each([
  ["healthy", 0],
  ["unhealthy", 1],
])("the heartbeat puts the verdict %s on the standby as %i", async (text, value) => {
  jest.spyOn(dns.Resolver.prototype, "resolveTxt").mockResolvedValue([[text]]);
  await coldStart("heartbeat", heartbeat).handler();
  const lines = written.map((line) => JSON.parse(line));
  expect(lines.filter(({ StandbyUnhealthy }) => StandbyUnhealthy !== undefined)).toMatchObject([
    {
      _aws: { CloudWatchMetrics: [{ Namespace: "shop-test", Dimensions: [["service"]] }] },
      ...{ service: "shop-test-heartbeat", StandbyUnhealthy: value },
    },
  ]);
});

test("what a function has counted is written even when it fails", async () => {
  await new DynamoDbOrderStore(dynamoDb.client, ORDERS).place(pendingOrder("ada", "swept", "us-east-1", 0));
  await new DynamoDbOrderStore(dynamoDb.client, ORDERS).place(pendingOrder("ada", "refused", "us-east-1", 1));
  sqs.respond = (request, response) => {
    const [first, second] = request.body["Entries"] as Array<{ Id: string; MessageBody: string }>;
    const sent = { Id: first?.Id, MessageId: "1", MD5OfMessageBody: md5(first?.MessageBody ?? "") };
    answer(response, 200, {
      Successful: [sent],
      Failed: [{ Id: second?.Id, Code: "InternalError", SenderFault: false }],
    });
  };
  await expect(coldStart("sweep", sweep).handler()).rejects.toThrow("1 orders not enqueued, 1 enqueued");
  expect(written.map((text) => JSON.parse(text).OrdersSwept).filter(Boolean)).toEqual([1]);
});

test.each([
  ["DYNAMODB_DEADLINE_MS", "2000", 'must be a whole number from 1 to 1900, got "2000"'],
  ["DYNAMODB_DEADLINE_MS", "1.5", 'must be a whole number from 1 to 1900, got "1.5"'],
  ["DYNAMODB_MAX_ATTEMPTS", "", 'must be a whole number from 1 to 10, got ""'],
  ["CHECKOUT_TABLE_NAME", undefined, "must be a non-empty text, got nothing"],
  ["AWS_REGION", undefined, "must be a region, got nothing"],
])("a cold start with %s = %p fails and says what was expected", (name, value, message) => {
  expect(() => coldStart("health", { ...health, [name]: value })).toThrow(`environment: '${name}' ${message}`);
});

test.each([
  ["", []],
  ["us-west-2", ["us-west-2"]],
  ["us-west-2, us-gov-east-1", ["us-west-2", "us-gov-east-1"]],
])("reads the regions %p", (value, regions) => {
  const source = { PEER_REGIONS: value, AWS_REGION: "us-east-1" };
  expect(new EnvironmentReader<SweepEnvironment>(source).peerRegions("PEER_REGIONS")).toEqual(regions);
});

test.each(["us-west-2,us-west-2", "us-west-2,", "USA", undefined])("refuses the regions %p", (value) => {
  const reader = new EnvironmentReader<SweepEnvironment>({ PEER_REGIONS: value });
  expect(() => reader.peerRegions("PEER_REGIONS")).toThrow("'PEER_REGIONS' must be a comma separated list");
});

test("refuses the function's own region among its peers: it would be asked for twice", () => {
  const reader = new EnvironmentReader<SweepEnvironment>({ PEER_REGIONS: "us-west-2", AWS_REGION: "us-west-2" });
  expect(() => reader.peerRegions("PEER_REGIONS")).toThrow("must be regions other than the function's own");
});
