import type { SettingsInput } from "../settings";

/** The default: example.com names and a documentation account, for reading, testing and drilling. */
export const example: SettingsInput = {
  projectName: "shop",
  environment: "example",
  accountId: "123456789012",
  primaryRegion: "us-east-1",
  secondaryRegion: "us-west-2",
  hostedZoneName: "example.com",
  apiDomainName: "api.example.com",
  objectives: { recoveryTimeSeconds: 90, browserRecoveryTimeSeconds: 150, recoveryPointSeconds: 5 },
  // At worst 48 s to detect, 10 s until every name server knows, 10 s in DNS caches, 5 s for the last time-out: 73 s of 90 s, and
  // 133 s of 150 s in browsers. The synth prints the items.
  healthCheck: { path: "/health", requestIntervalSeconds: 10, failureThreshold: 3 },
  failoverRecord: { type: "CNAME", ttlSeconds: 10 },
  throttling: { burstLimit: 500, rateLimitPerSecond: 1000 },
  traffic: { usualRequestsPerSecond: 20, usualCheckoutsPerSecond: 2, largestItemKilobytes: 2 },
  jwt: { issuer: "https://login.example.com/", audience: ["checkout"] },
  vendor: { url: "https://payments.example.com/v1/charges" },
  alarms: { email: "oncall@example.com" },
  logRetentionDays: 30,
  backend: { type: "cloud", organization: "example-org", workspacePrefix: "shop-example-" },
  tags: { Service: "checkout", Owner: "checkout-team", CostCenter: "example" },
};
