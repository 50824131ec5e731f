import { dynamoDbClient } from "./adapters/dynamodb-client";
import { DynamoDbOrderStore } from "./adapters/dynamodb-order-store";
import { HttpVendor } from "./adapters/http-vendor";
import { secretsManagerClient } from "./adapters/secrets-manager-client";
import { SecretsVendorKey } from "./adapters/secrets-vendor-key";
import type { PaymentWorkerEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { logToStdout } from "./log";
import { makePaymentWorkerHandler } from "./operations/payment-worker";

const environment = new EnvironmentReader<PaymentWorkerEnvironment>(process.env);
const timeoutMs = environment.wholeNumber("VENDOR_TIMEOUT_MS", 1, 300_000);
const key = new SecretsVendorKey({
  client: secretsManagerClient(environment.ownRegion(), timeoutMs),
  secretName: environment.text("VENDOR_SECRET_NAME"),
  nowMs: Date.now,
  log: logToStdout,
});

export const handler = makePaymentWorkerHandler({
  orders: new DynamoDbOrderStore(dynamoDbClient(environment), environment.text("ORDERS_TABLE_NAME")),
  vendor: new HttpVendor({ url: environment.httpUrl("VENDOR_URL"), timeoutMs, key }),
  nowMs: Date.now,
  log: logToStdout,
});
