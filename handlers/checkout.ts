import { DynamoDbCartStore } from "./adapters/dynamodb-cart-store";
import { dynamoDbClient } from "./adapters/dynamodb-client";
import { DynamoDbOrderStore } from "./adapters/dynamodb-order-store";
import { sqsClient } from "./adapters/sqs-client";
import { SqsPaymentQueue } from "./adapters/sqs-payment-queue";
import type { CheckoutEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { logToStdout } from "./log";
import { makeCheckoutHandler } from "./operations/checkout";

const environment = new EnvironmentReader<CheckoutEnvironment>(process.env);
const region = environment.ownRegion();
const dynamoDb = dynamoDbClient(environment);
const sqs = sqsClient(region, environment.wholeNumber("SQS_REQUEST_TIMEOUT_MS", 1, 60_000));

export const handler = makeCheckoutHandler({
  carts: new DynamoDbCartStore(dynamoDb, environment.text("CHECKOUT_TABLE_NAME")),
  orders: new DynamoDbOrderStore(dynamoDb, environment.text("ORDERS_TABLE_NAME")),
  queue: new SqsPaymentQueue(sqs, environment.httpUrl("PAYMENT_QUEUE_URL")),
  region,
  nowMs: Date.now,
  log: logToStdout,
});
