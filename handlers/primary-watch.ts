import { setTimeout as wait } from "node:timers/promises";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { clientOptions } from "./adapters/client-options";
import { CloudWatchFailoverMetrics } from "./adapters/cloudwatch-failover-metrics";
import { DnsVerdict } from "./adapters/dns-verdict";
import { FreshConnection } from "./adapters/fresh-connection";
import { powertoolsLog } from "./adapters/powertools-log";
import type { PrimaryWatchEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { makePrimaryWatch } from "./operations/primary-watch";

const environment = new EnvironmentReader<PrimaryWatchEnvironment>(process.env);
const region = environment.ownRegion();
const requestTimeoutMs = environment.wholeNumber("CLOUDWATCH_REQUEST_TIMEOUT_MS", 1, 60_000);
const client = new CloudWatchClient(
  clientOptions(region, { connectionTimeoutMs: requestTimeoutMs, requestTimeoutMs, maxAttempts: 3 }),
);

export const handler = makePrimaryWatch({
  primary: new FreshConnection(environment.httpUrl("PRIMARY_HEALTH_URL")),
  verdict: new DnsVerdict(environment.text("PRIMARY_VERDICT_NAME")),
  switchVerdict: new DnsVerdict(environment.text("SWITCH_VERDICT_NAME"), {
    healthy: "in service",
    unhealthy: "stood down",
  }),
  metrics: new CloudWatchFailoverMetrics(client, {
    namespace: environment.text("FAILOVER_NAMESPACE"),
    primaryRegion: environment.text("PRIMARY_REGION"),
    switchMetricName: environment.text("SWITCH_METRIC_NAME"),
    probeMetricName: environment.text("PROBE_METRIC_NAME"),
  }),
  log: powertoolsLog(environment),
  nowMs: Date.now,
  wait,
});
