import { DynamoDbCartStore } from "./adapters/dynamodb-cart-store";
import { dynamoDbClient } from "./adapters/dynamodb-client";
import { powertoolsLog } from "./adapters/powertools-log";
import { EmbeddedMetrics } from "./adapters/powertools-metrics";
import type { CartEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { makeCartHandler } from "./operations/cart";

const environment = new EnvironmentReader<CartEnvironment>(process.env);
const regions = { region: environment.ownRegion(), peerRegions: environment.peerRegions("PEER_REGIONS") };
const metrics = new EmbeddedMetrics(environment);

export const handler = metrics.publishing(
  makeCartHandler({
    carts: new DynamoDbCartStore(dynamoDbClient(environment), environment.text("CHECKOUT_TABLE_NAME"), regions),
    ttlDays: environment.wholeNumber("CART_TTL_DAYS", 1, 3_650),
    nowMs: Date.now,
    metrics,
    log: powertoolsLog(environment),
  }),
);
