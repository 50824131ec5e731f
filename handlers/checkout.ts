import { DynamoDbCartStore } from "./adapters/dynamodb-cart-store";
import { dynamoDbClient } from "./adapters/dynamodb-client";
import { DynamoDbOrderStore } from "./adapters/dynamodb-order-store";
import { powertoolsLog } from "./adapters/powertools-log";
import { EmbeddedMetrics } from "./adapters/powertools-metrics";
import { sqsClient } from "./adapters/sqs-client";
import { SqsPaymentQueue } from "./adapters/sqs-payment-queue";
import type { CheckoutEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { makeCheckoutHandler } from "./operations/checkout";

const environment = new EnvironmentReader<CheckoutEnvironment>(process.env);
const region = environment.ownRegion();
const peerRegions = environment.peerRegions("PEER_REGIONS");
const dynamoDb = dynamoDbClient(environment);
const sqs = sqsClient(region, environment.wholeNumber("SQS_REQUEST_TIMEOUT_MS", 1, 60_000));
const metrics = new EmbeddedMetrics(environment);

export const handler = metrics.publishing(
  makeCheckoutHandler({
    carts: new DynamoDbCartStore(dynamoDb, environment.text("CHECKOUT_TABLE_NAME"), { region, peerRegions }),
    orders: new DynamoDbOrderStore(dynamoDb, environment.text("ORDERS_TABLE_NAME")),
    queue: new SqsPaymentQueue(sqs, environment.httpUrl("PAYMENT_QUEUE_URL")),
    region,
    cartTtlDays: environment.wholeNumber("CART_TTL_DAYS", 1, 3_650),
    nowMs: Date.now,
    metrics,
    log: powertoolsLog(environment),
  }),
);
