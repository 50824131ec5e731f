import { DnsVerdict } from "./adapters/dns-verdict";
import { dynamoDbClient } from "./adapters/dynamodb-client";
import { DynamoDbHeartbeatStore } from "./adapters/dynamodb-heartbeat-store";
import { powertoolsLog } from "./adapters/powertools-log";
import { EmbeddedMetrics } from "./adapters/powertools-metrics";
import type { HeartbeatEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { type HeartbeatResult, makeHeartbeatHandler } from "./operations/heartbeat";
import { makeStandbyReport } from "./operations/standby-report";

const environment = new EnvironmentReader<HeartbeatEnvironment>(process.env);
const client = dynamoDbClient(environment);
const metrics = new EmbeddedMetrics(environment);
const log = powertoolsLog(environment);

const beat = makeHeartbeatHandler({
  stores: [
    new DynamoDbHeartbeatStore(client, environment.text("CHECKOUT_TABLE_NAME"), "userId"),
    new DynamoDbHeartbeatStore(client, environment.text("ORDERS_TABLE_NAME"), "orderId"),
  ],
  region: environment.ownRegion(),
  peerRegions: environment.peerRegions("PEER_REGIONS"),
  nowMs: Date.now,
  metrics,
  log,
});
const reportStandby = makeStandbyReport({
  verdict: new DnsVerdict(environment.text("STANDBY_VERDICT_NAME")),
  metrics,
  log,
});

export const handler = async (): Promise<HeartbeatResult> => {
  const reported = reportStandby();
  try {
    return await beat();
  } finally {
    await reported; // What a function leaves behind is frozen with it.
  }
};
