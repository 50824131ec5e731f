import type { RegionalHandlerName } from "../../constructs/functions/handler-names";
import { SWEEP_OWN_AGE_SECONDS, SWEEP_TAKEOVER_AGE_SECONDS } from "../../constructs/payments/payment-timing";
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

/** Where the engine listens, by what it stands in for. */
export interface Endpoints {
  readonly dynamoDb: string;
  readonly sqs: string;
  readonly secretsManager: string;
  readonly vendor: string;
}

/** For processes that load a handler and call nothing. */
export const NO_ENDPOINTS: Endpoints = {
  dynamoDb: "http://127.0.0.1:9",
  sqs: "http://127.0.0.1:9",
  secretsManager: "http://127.0.0.1:9",
  vendor: "http://127.0.0.1:9",
};

export const REGION = "us-east-1";
export const PEER_REGION = "us-west-2";
export const CARTS_TABLE_NAME = "checkout";
export const ORDERS_TABLE_NAME = "orders";
export const QUEUE_URL = `https://sqs.${REGION}.amazonaws.com/111122223333/payments`;

const dynamoDb: DynamoDbEnvironment = {
  DYNAMODB_CONNECTION_TIMEOUT_MS: "500",
  DYNAMODB_REQUEST_TIMEOUT_MS: "1000",
  DYNAMODB_MAX_ATTEMPTS: "3",
};
const operations: OperationsEnvironment = { METRICS_NAMESPACE: "bench" };
const queue = { PAYMENT_QUEUE_URL: QUEUE_URL, SQS_REQUEST_TIMEOUT_MS: "1000" };

const health: HealthEnvironment = { ...dynamoDb, CHECKOUT_TABLE_NAME: CARTS_TABLE_NAME, DYNAMODB_DEADLINE_MS: "1400" };
const live: LiveEnvironment = {};
const cart: CartEnvironment = {
  ...dynamoDb,
  ...operations,
  CHECKOUT_TABLE_NAME: CARTS_TABLE_NAME,
  CART_TTL_DAYS: "90",
  PEER_REGIONS: PEER_REGION,
};
const checkout: CheckoutEnvironment = { ...cart, ...queue, ORDERS_TABLE_NAME };
const order: OrderEnvironment = { ...dynamoDb, ORDERS_TABLE_NAME };
const paymentWorker = (vendorUrl: string): PaymentWorkerEnvironment => ({
  ...dynamoDb,
  ...operations,
  ORDERS_TABLE_NAME,
  VENDOR_URL: vendorUrl,
  VENDOR_SECRET_NAME: "vendor-key",
  VENDOR_TIMEOUT_MS: "8000",
  VENDOR_MAX_ATTEMPTS: "3",
  VENDOR_DEADLINE_MS: "45000",
});
const sweep: SweepEnvironment = {
  ...dynamoDb,
  ...operations,
  ...queue,
  ORDERS_TABLE_NAME,
  PEER_REGIONS: PEER_REGION,
  SWEEP_OWN_AGE_SECONDS: String(SWEEP_OWN_AGE_SECONDS),
  SWEEP_TAKEOVER_AGE_SECONDS: String(SWEEP_TAKEOVER_AGE_SECONDS),
  SWEEP_MAX_ORDERS: "1000",
};

const heartbeat: HeartbeatEnvironment = {
  ...dynamoDb,
  ...operations,
  CHECKOUT_TABLE_NAME: CARTS_TABLE_NAME,
  ORDERS_TABLE_NAME,
  PEER_REGIONS: PEER_REGION,
  STANDBY_VERDICT_NAME: "health.us-west-2.api.example.com",
};

/** The whole environment of a handler's process: what the stacks set, what the Lambda runtime sets, and where the engine is. */
export function handlerEnvironment(name: RegionalHandlerName, endpoints: Endpoints): Record<string, string> {
  const worker = paymentWorker(endpoints.vendor);
  const own = { health, live, cart, checkout, order, "payment-worker": worker, sweep, heartbeat }[name];
  return {
    ...own,
    AWS_REGION: REGION,
    AWS_LAMBDA_FUNCTION_NAME: `bench-${name}`,
    AWS_LAMBDA_FUNCTION_VERSION: "1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamoDb,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
    // The functions run on Node.js 22; the SDK warns of any older one, which the bench may well run on.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
}
