import { known } from "../../failover/answer";
import type { Facts, RegionFacts } from "../../failover/facts/facts";

const region = (name: string, role: RegionFacts["role"]): RegionFacts => ({
  name,
  role,
  endpoint: known({ status: 200, tookMs: 40 }),
  replication: [],
  payments: known({ visible: 0, inFlight: 0, delayed: 0 }),
  deadLetters: known({ visible: 0, inFlight: 0, delayed: 0 }),
  unpaid: [],
  ringingAlarms: known([]),
});

/** A deployment at rest. */
export const AT_REST: Facts = {
  apiDomainName: "api.example.com",
  primary: region("us-east-1", "primary"),
  secondary: region("us-west-2", "secondary"),
  endpointVerdict: known("healthy"),
  switch: {
    verdict: known("in service"),
    alarm: known({ state: "OK", changedAt: undefined, accountId: "123456789012" }),
    lastDataPoint: known(undefined),
  },
  live: known({ status: 200, region: "us-east-1", tookMs: 40 }),
  canonicalName: known(undefined),
  addresses: known([]),
};

export const SILENT = { isKnown: false, short: "no answer within 3 s" } as const;
