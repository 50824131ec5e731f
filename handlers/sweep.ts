import { dynamoDbClient } from "./adapters/dynamodb-client";
import { DynamoDbOrderStore } from "./adapters/dynamodb-order-store";
import { powertoolsLog } from "./adapters/powertools-log";
import { EmbeddedMetrics } from "./adapters/powertools-metrics";
import { sqsClient } from "./adapters/sqs-client";
import { SqsPaymentQueue } from "./adapters/sqs-payment-queue";
import type { SweepEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { makeSweepHandler } from "./operations/sweep";

const MAX_AGE_SECONDS = 30 * 24 * 60 * 60;

const environment = new EnvironmentReader<SweepEnvironment>(process.env);
const region = environment.ownRegion();
const sqs = sqsClient(region, environment.wholeNumber("SQS_REQUEST_TIMEOUT_MS", 1, 60_000));
const metrics = new EmbeddedMetrics(environment);

export const handler = metrics.publishing(
  makeSweepHandler({
    orders: new DynamoDbOrderStore(dynamoDbClient(environment), environment.text("ORDERS_TABLE_NAME")),
    queue: new SqsPaymentQueue(sqs, environment.httpUrl("PAYMENT_QUEUE_URL")),
    region,
    peerRegions: environment.peerRegions("PEER_REGIONS"),
    ownAgeSeconds: environment.wholeNumber("SWEEP_OWN_AGE_SECONDS", 1, MAX_AGE_SECONDS),
    takeoverAgeSeconds: environment.wholeNumber("SWEEP_TAKEOVER_AGE_SECONDS", 1, MAX_AGE_SECONDS),
    maxOrders: environment.wholeNumber("SWEEP_MAX_ORDERS", 1, 100_000),
    nowMs: Date.now,
    metrics,
    log: powertoolsLog(environment),
  }),
);
