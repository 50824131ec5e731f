import type { SettingsInput } from "../settings";

/**
 * A template to fill in: every value marked "yours" is a placeholder that names nothing real.
 * State may rest in S3 instead: `{ type: "s3", bucket, region, keyPrefix }`, with the bucket outside the primary region.
 */
export const production: SettingsInput = {
  projectName: "shop", // yours
  environment: "production",
  accountId: "123456789012", // yours
  primaryRegion: "us-east-1",
  secondaryRegion: "us-west-2",
  hostedZoneName: "example.com", // yours; the zone must exist
  apiDomainName: "checkout.example.com", // yours
  // At worst 48 s to detect, 10 s until every name server knows, 10 s in DNS caches, 5 s for the last time-out: 73 s of 90 s, and
  // 133 s of 150 s in browsers. The synth prints the items.
  objectives: { recoveryTimeSeconds: 90, browserRecoveryTimeSeconds: 150, recoveryPointSeconds: 5 },
  healthCheck: { path: "/health", requestIntervalSeconds: 10, failureThreshold: 3 }, // yours; /health/ and openssl rand -hex 16: a zone of yours demands it
  failoverRecord: { type: "CNAME", ttlSeconds: 10 }, // { type: "ALIAS" } at the zone's apex, with 60 s instead of 10
  throttling: { burstLimit: 2000, rateLimitPerSecond: 2000 },
  traffic: { usualRequestsPerSecond: 40, usualCheckoutsPerSecond: 4, largestItemKilobytes: 4 }, // yours
  jwt: { issuer: "https://login.example.com/", audience: ["checkout"] }, // yours; hosted outside the primary region
  vendor: { url: "https://payments.example.com/v1/charges" }, // yours
  alarms: { topicName: "oncall" }, // yours; a topic of this name in both regions
  logRetentionDays: 365,
  backend: { type: "cloud", organization: "example-org", workspacePrefix: "shop-production-" }, // yours
  tags: { Service: "checkout", Owner: "checkout-team", CostCenter: "production" },
};
