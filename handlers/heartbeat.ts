import { dynamoDbClient } from "./adapters/dynamodb-client";
import { DynamoDbHeartbeatStore } from "./adapters/dynamodb-heartbeat-store";
import { powertoolsLog } from "./adapters/powertools-log";
import { EmbeddedMetrics } from "./adapters/powertools-metrics";
import type { HeartbeatEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { makeHeartbeatHandler } from "./operations/heartbeat";

const environment = new EnvironmentReader<HeartbeatEnvironment>(process.env);
const client = dynamoDbClient(environment);

export const handler = makeHeartbeatHandler({
  stores: [
    new DynamoDbHeartbeatStore(client, environment.text("CHECKOUT_TABLE_NAME"), "userId"),
    new DynamoDbHeartbeatStore(client, environment.text("ORDERS_TABLE_NAME"), "orderId"),
  ],
  region: environment.ownRegion(),
  peerRegions: environment.regions("PEER_REGIONS"),
  nowMs: Date.now,
  metrics: new EmbeddedMetrics(environment),
  log: powertoolsLog(environment),
});
