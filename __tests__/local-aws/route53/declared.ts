import type {
  AlarmHealthCheck,
  CalculatedHealthCheck,
  DnsRecord,
  EndpointHealthCheck,
} from "../../../topology/topology";

export function endpointCheck(overrides: Partial<EndpointHealthCheck> = {}): EndpointHealthCheck {
  const id = overrides.id ?? "endpoint";
  return {
    address: `dns: aws_route53_health_check.${id}`,
    id,
    inverted: false,
    disabled: false,
    type: "HTTP",
    fqdn: "us-east-1.api.example.com",
    port: 80,
    resourcePath: "/health",
    requestIntervalSeconds: 10,
    failureThreshold: 3,
    enableSni: false,
    ...overrides,
  };
}

export function calculatedCheck(overrides: Partial<CalculatedHealthCheck>): CalculatedHealthCheck {
  const id = overrides.id ?? "calculated";
  return {
    address: `dns: aws_route53_health_check.${id}`,
    id,
    inverted: false,
    disabled: false,
    type: "CALCULATED",
    childIds: [],
    childHealthThreshold: 1,
    ...overrides,
  };
}

export function alarmCheck(overrides: Partial<AlarmHealthCheck>): AlarmHealthCheck {
  const id = overrides.id ?? "alarm";
  return {
    address: `dns: aws_route53_health_check.${id}`,
    id,
    inverted: false,
    disabled: false,
    type: "CLOUDWATCH_METRIC",
    alarmRegion: "us-west-2",
    alarmName: "fail-over-now",
    insufficientDataHealthStatus: "LastKnownStatus",
    ...overrides,
  };
}

export function record(name: string, type: string, overrides: Partial<DnsRecord> = {}): DnsRecord {
  return {
    address: `dns: aws_route53_record.${name}-${type}`,
    name,
    type,
    ttlSeconds: 30,
    values: [],
    isAlias: false,
    evaluateTargetHealth: false,
    ...overrides,
  };
}

export const EAST = "d-east.execute-api.us-east-1.amazonaws.com";
export const WEST = "d-west.execute-api.us-west-2.amazonaws.com";
export const TARGETS = new Map([
  [EAST, "192.0.2.1"],
  [WEST, "192.0.2.2"],
]);

export const FAILOVER_RECORDS = [
  record("api.example.com", "CNAME", {
    ttlSeconds: 10,
    values: [EAST],
    failover: "PRIMARY",
    healthCheckId: "primary",
  }),
  record("api.example.com", "CNAME", { ttlSeconds: 10, values: [WEST], failover: "SECONDARY" }),
  record("us-east-1.api.example.com", "A", { ttlSeconds: 60, values: [EAST], isAlias: true }),
  record("us-east-1.api.example.com", "AAAA", { ttlSeconds: 60, values: [EAST], isAlias: true }),
];
