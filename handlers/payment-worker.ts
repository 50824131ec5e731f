import { dynamoDbClient } from "./adapters/dynamodb-client";
import { DynamoDbOrderStore } from "./adapters/dynamodb-order-store";
import { HttpVendor } from "./adapters/http-vendor";
import { powertoolsLog } from "./adapters/powertools-log";
import { EmbeddedMetrics } from "./adapters/powertools-metrics";
import { ResilientVendor } from "./adapters/resilient-vendor";
import { secretsManagerClient } from "./adapters/secrets-manager-client";
import { SecretsVendorKey } from "./adapters/secrets-vendor-key";
import type { PaymentWorkerEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { makePaymentWorkerHandler } from "./operations/payment-worker";

/** Two charges' worth of attempts in a row without a verdict; then half a minute of rest for the vendor. */
const BREAKER = { breakerThreshold: 6, breakerOpenMs: 30_000 };
const FIRST_RETRY_DELAY_MS = 200;

const environment = new EnvironmentReader<PaymentWorkerEnvironment>(process.env);
const timeoutMs = environment.wholeNumber("VENDOR_TIMEOUT_MS", 1, 300_000);
const log = powertoolsLog(environment);
const metrics = new EmbeddedMetrics(environment);
const key = new SecretsVendorKey({
  client: secretsManagerClient(environment.ownRegion()),
  secretName: environment.text("VENDOR_SECRET_NAME"),
  nowMs: Date.now,
  log,
});
const limits = {
  maxAttempts: environment.wholeNumber("VENDOR_MAX_ATTEMPTS", 1, 10),
  firstRetryDelayMs: FIRST_RETRY_DELAY_MS,
  ...BREAKER,
};

export const handler = metrics.publishing(
  makePaymentWorkerHandler({
    orders: new DynamoDbOrderStore(dynamoDbClient(environment), environment.text("ORDERS_TABLE_NAME")),
    vendor: new ResilientVendor(
      new HttpVendor({ url: environment.httpUrl("VENDOR_URL"), timeoutMs, key }),
      limits,
      metrics,
    ),
    chargeDeadlineMs: environment.wholeNumber("VENDOR_DEADLINE_MS", 1, 900_000),
    nowMs: Date.now,
    metrics,
    log,
  }),
);
