import { type AnyJson, every, exampleSettings, only, synthesize } from "../synthesize";

const { stacks } = synthesize(exampleSettings());
const dns = stacks["failover-dns"];
const failoverRecords = (stack: AnyJson) =>
  every(stack, "aws_route53_record").filter(({ failover_routing_policy }) => failover_routing_policy);

test("the health check probes the primary's own host name, deep, over HTTPS with SNI", () => {
  expect(only(dns, "aws_route53_health_check")).toMatchObject({
    type: "HTTPS",
    fqdn: "us-east-1.api.example.com",
    port: 443,
    resource_path: "/health",
    enable_sni: true,
    request_interval: 10,
    failure_threshold: 3,
  });
});

test("the health check never probes the failover name itself", () => {
  expect(only(dns, "aws_route53_health_check").fqdn).not.toBe("api.example.com");
});

test("the API's name is a pair of CNAMEs with the short TTL of the settings; the primary depends on its check", () => {
  const [check] = Object.keys(dns.resource.aws_route53_health_check);
  const [primary, secondary, ...others] = failoverRecords(dns);
  expect(others).toEqual([]);
  expect(primary).toMatchObject({
    name: "api.example.com",
    type: "CNAME",
    ttl: 10,
    set_identifier: "primary",
    failover_routing_policy: { type: "PRIMARY" },
    health_check_id: `\${aws_route53_health_check.${check}.id}`,
  });
  expect(secondary).toMatchObject({
    name: "api.example.com",
    type: "CNAME",
    ttl: 10,
    set_identifier: "secondary",
    failover_routing_policy: { type: "SECONDARY" },
  });
  expect(secondary.health_check_id).toBeUndefined();
  expect(primary.records[0]).toContain("api-us-east-1.outputs");
  expect(secondary.records[0]).toContain("api-us-west-2.outputs");
});

test("as aliases, the pair covers IPv4 and IPv6, and the primary's records still name the check", () => {
  const objectives = { recoveryTimeSeconds: 120, recoveryPointSeconds: 5 };
  const aliased = synthesize(exampleSettings({ failoverRecord: { type: "ALIAS" }, objectives })).stacks["failover-dns"];
  const described = failoverRecords(aliased).map((record) => [
    record.type,
    record.failover_routing_policy.type,
    record.health_check_id !== undefined,
  ]);
  expect(described).toEqual([
    ["A", "PRIMARY", true],
    ["AAAA", "PRIMARY", true],
    ["A", "SECONDARY", false],
    ["AAAA", "SECONDARY", false],
  ]);
  for (const record of failoverRecords(aliased)) {
    expect(record.alias.evaluate_target_health).toBe(false);
    expect(record.ttl).toBeUndefined();
  }
});

test("each region's own host name is a plain record, whoever is healthy", () => {
  const plain = every(dns, "aws_route53_record").filter(({ failover_routing_policy }) => !failover_routing_policy);
  expect(plain.map(({ name, type }) => `${type} ${name}`).sort()).toEqual([
    "A us-east-1.api.example.com",
    "A us-west-2.api.example.com",
    "AAAA us-east-1.api.example.com",
    "AAAA us-west-2.api.example.com",
  ]);
});

test("the health check is made after its host name, or it would turn red before it resolves", () => {
  expect(only(dns, "aws_route53_health_check").depends_on).toEqual([
    expect.stringMatching(/^aws_route53_record\.PrimaryRegionRecord_A_/),
    expect.stringMatching(/^aws_route53_record\.PrimaryRegionRecord_Aaaa_/),
  ]);
});

test("nothing is planned through the primary region", () => {
  expect(dns.provider.aws.map(({ region }: AnyJson) => region)).toEqual(["us-west-2"]);
});
