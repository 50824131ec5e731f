import { DEPLOYMENTS } from "../../config/deployments";
import { InvalidSettingsError, validateSettings } from "../../config/validate-settings";
import { exampleSettings } from "../synthesize";

function faultsOf(input: unknown): string[] {
  try {
    validateSettings("test", input);
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.message.split("\n").slice(1);
    throw error;
  }
  return [];
}

test.each(Object.keys(DEPLOYMENTS))("deployment %s is valid and draws no warning", (name) => {
  expect(validateSettings(name, DEPLOYMENTS[name]).warnings).toEqual([]);
});

test("names all faults at once, each with its path, what was expected and what came", () => {
  const settings = exampleSettings({
    secondaryRegion: "us-east-1",
    healthCheck: { path: "health", requestIntervalSeconds: 20, failureThreshold: 11 },
    logRetentionDays: 31,
    tags: { "aws:owner": "x" },
    jwt: { issuer: "http://login.example.com", audience: ["web", "a b"] },
  });
  expect(faultsOf(settings)).toEqual([
    '  healthCheck.path: expected a path such as /health of letters, digits and single hyphens, without query or trailing slash; got "health"',
    "  healthCheck.requestIntervalSeconds: expected one of 10, 30; got 20",
    "  healthCheck.failureThreshold: expected a whole number from 1 to 10; got 11",
    '  jwt.issuer: expected an https:// issuer URL without query; got "http://login.example.com"',
    '  jwt.audience[1]: expected an audience without blanks; got "a b"',
    "  logRetentionDays: expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; got 31",
    expect.stringMatching(/^ {2}tags\["aws:owner"\]: expected a tag key of .*; got "x"$/),
    '  secondaryRegion: expected a region other than primaryRegion: a standby beside the primary falls with it; got "us-east-1"',
  ]);
});

function circle() {
  const vendor: Record<string, unknown> = { url: "https://payments.example.com/" };
  vendor["self"] = vendor;
  return vendor;
}

const refused: [what: string, changes: Parameters<typeof exampleSettings>[0], fault: RegExp][] = [
  [
    "a primary equal to the secondary",
    { secondaryRegion: "us-east-1" },
    /^ {2}secondaryRegion: expected a region other than/,
  ],
  ["an unknown region", { primaryRegion: "us-east-9" }, /^ {2}primaryRegion: expected an AWS region.*got "us-east-9"$/],
  [
    "an S3 backend in the primary region",
    { backend: { type: "s3", bucket: "example-states", region: "us-east-1", keyPrefix: "shop" } },
    /^ {2}backend\.region: expected a region other than primaryRegion: the state must outlive .*got "us-east-1"$/,
  ],
  [
    "an interval other than 10 or 30",
    { healthCheck: { path: "/health", requestIntervalSeconds: 15, failureThreshold: 1 } },
    /^ {2}healthCheck\.requestIntervalSeconds: expected one of 10, 30; got 15$/,
  ],
  ...[0, 11, 1.5].map((failureThreshold): (typeof refused)[number] => [
    `a threshold of ${failureThreshold}`,
    { healthCheck: { path: "/health", requestIntervalSeconds: 10, failureThreshold } },
    /^ {2}healthCheck\.failureThreshold: expected a whole number from 1 to 10; got/,
  ]),
  [
    "a CNAME at the zone's apex",
    { apiDomainName: "example.com" },
    /^ {2}failoverRecord\.type: expected "ALIAS", or a name below example\.com: a CNAME cannot stand at a zone's apex; got "CNAME"$/,
  ],
  [
    "an objective that detection, TTL and the clients' time-out cannot meet",
    { objectives: { recoveryTimeSeconds: 72, recoveryPointSeconds: 5 } },
    /^ {2}objectives\.recoveryTimeSeconds: expected at least 73, .*10 s for the checkers' next request .*38 s for failed requests .*10 s for Route 53's name servers .*10 s for answers in DNS caches .*5 s for the last .*; got 72$/,
  ],
  [
    "the 60 s of an alias where the objective has no room for them",
    { failoverRecord: { type: "ALIAS" } },
    /^ {2}objectives\.recoveryTimeSeconds: expected at least 123, .*60 s for answers in DNS caches.*; got 90$/,
  ],
  [
    "an objective for browsers that leaves out the minute for which they keep an answer",
    { objectives: { recoveryTimeSeconds: 90, browserRecoveryTimeSeconds: 132, recoveryPointSeconds: 5 } },
    /^ {2}objectives\.browserRecoveryTimeSeconds: expected at least 133, .*60 s for answers in browsers .*; got 132$/,
  ],
  [
    "an RPO of 0 over asynchronous replication",
    { objectives: { recoveryTimeSeconds: 60, recoveryPointSeconds: 0 } },
    /^ {2}objectives\.recoveryPointSeconds: /,
  ],
  [
    "an API name outside the zone",
    { apiDomainName: "api.example.org" },
    /^ {2}apiDomainName: expected a name in the hosted zone example\.com; got/,
  ],
  [
    "an API name that merely ends like the zone",
    { apiDomainName: "api.notexample.com" },
    /^ {2}apiDomainName: expected a name in the hosted zone/,
  ],
  [
    "a health path that another route serves",
    { healthCheck: { path: "/cart", requestIntervalSeconds: 10, failureThreshold: 3 } },
    /^ {2}healthCheck\.path: expected a path no other route serves/,
  ],
  ...["/health", "/health/checkout-service-health", "/health/12345678901234567890", "/health/a1b2c3d4e5f6a7b"].map(
    (path): (typeof refused)[number] => [
      `the guessable path ${path} in a zone of one's own`,
      {
        ...{ hostedZoneName: "notexample.com", apiDomainName: "api.notexample.com" },
        healthCheck: { path, requestIntervalSeconds: 10, failureThreshold: 3 },
      },
      /^ {2}healthCheck\.path: expected a path that nobody guesses, .*openssl rand -hex 16/,
    ],
  ),
  [
    "a Terraform expression in a text",
    { tags: { Owner: "${aws_kms_key.x.arn}" } },
    /^ {2}tags\.Owner: expected a tag value/,
  ],
  ...["/live", "/cart/x", "/orders/a", "/checkout"].map((path): (typeof refused)[number] => [
    `the health path ${path}`,
    { healthCheck: { path, requestIntervalSeconds: 10, failureThreshold: 3 } },
    /^ {2}healthCheck\.path: expected a path no other route serves/,
  ]),
  ...["/_live", "/a/../b", "/a//b", "/a-", "/é"].map((path): (typeof refused)[number] => [
    `the path ${path}`,
    { healthCheck: { path, requestIntervalSeconds: 10, failureThreshold: 3 } },
    /^ {2}healthCheck\.path: expected a path such as/,
  ]),
  [
    "one name for both tables",
    { tableNames: { checkout: "carts", orders: "carts" } },
    /^ {2}tableNames\.orders: expected a name other than/,
  ],
  [
    "an emulator's resources in a shared state",
    { emulator: true },
    /^ {2}backend\.type: expected "local", since an emulator's resources .*; got "cloud"$/,
  ],
  [
    "a first name that ACM refuses",
    { apiDomainName: `${"a".repeat(53)}.example.com` },
    /^ {2}apiDomainName: expected at most 64 characters/,
  ],
  [
    "more tags than resources take",
    { tags: Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`k${index}`, "v"])) },
    /^ {2}tags: expected at most 6 tags besides Project, Environment, ManagedBy and Name: /,
  ],
  [
    "a burst beyond the quota",
    { throttling: { burstLimit: 5001, rateLimitPerSecond: 1 } },
    /^ {2}throttling\.burstLimit: /,
  ],
  ["an account of 13 digits", { accountId: "1234567890123" }, /^ {2}accountId: /],
  [
    "too low a warm throughput",
    { warmThroughput: { readUnitsPerSecond: 11_999, writeUnitsPerSecond: 4000 } },
    /^ {2}warmThroughput\.readUnitsPerSecond: /,
  ],
  [
    "a bucket that looks like an address",
    { backend: { type: "s3", bucket: "192.168.1.1", region: "us-west-2", keyPrefix: "x" } },
    /^ {2}backend\.bucket: /,
  ],
  [
    "tag keys that IAM takes for one",
    { tags: { Owner: "a", owner: "b" } },
    /^ {2}tags: expected tag keys that differ by more than capitals/,
  ],
  ["a tag key that is ours but for capitals", { tags: { project: "a" } }, /^ {2}tags: expected tag keys that differ/],
  ["a value that JSON has no form for", { logRetentionDays: 30n }, /^ {2}logRetentionDays: .*; got 30n$/],
  ["a circle", { vendor: circle() }, /^ {2}vendor\.self: expected no such field; check its spelling; got .*\[Circular/],
  [
    "an unknown field",
    { regions: ["us-east-1"] },
    /^ {2}regions: expected no such field; check its spelling; got \["us-east-1"\]$/,
  ],
  [
    "an unknown nested field",
    { throttling: { burstLimit: 1, rateLimitPerSecond: 1, rate: 2 } },
    /^ {2}throttling\.rate: expected no such field/,
  ],
  ["a missing field", { vendor: undefined }, /^ {2}vendor: expected \{ url \}; got nothing$/],
  [
    "a port out of range",
    { vendor: { url: "https://payments.example.com:99999/" } },
    /^ {2}vendor\.url: expected an https:\/\/ URL/,
  ],
];

test.each(refused)("refuses %s", (_what, changes, fault) => {
  const faults = faultsOf(exampleSettings(changes));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(fault);
});

test("a tag of ours may be given another value", () => {
  expect(faultsOf(exampleSettings({ tags: { Environment: "blue" } }))).toEqual([]);
});

test("without an objective of their own, browsers are promised a minute more", () => {
  const { settings } = validateSettings(
    "test",
    exampleSettings({ objectives: { recoveryTimeSeconds: 80, recoveryPointSeconds: 1 } }),
  );
  expect(settings.objectives.browserRecoveryTimeSeconds).toBe(140);
});

test("an objective exactly as long as the longest recovery is met", () => {
  expect(faultsOf(exampleSettings({ objectives: { recoveryTimeSeconds: 73, recoveryPointSeconds: 1 } }))).toEqual([]);
});

test.each(["/health/5f2b1c0e9d8a7b6c", "/0b5c7a52-9a4e-4c39-8a50-6b1f1f0d1a11"])(
  "%s may be the health path in a zone of one's own",
  (path) => {
    const settings = exampleSettings({
      ...{ hostedZoneName: "notexample.com", apiDomainName: "api.notexample.com" },
      healthCheck: { path, requestIntervalSeconds: 10, failureThreshold: 3 },
    });
    expect(faultsOf(settings)).toEqual([]);
  },
);

test("an alias may stand at the zone's apex", () => {
  const settings = exampleSettings({
    apiDomainName: "example.com",
    failoverRecord: { type: "ALIAS" },
    objectives: { recoveryTimeSeconds: 123, recoveryPointSeconds: 5 },
  });
  expect(faultsOf(settings)).toEqual([]);
});

test.each([
  ["jwt", { issuer: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_example", audience: ["web"] }, "jwt.issuer"],
  ["vendor", { url: "https://vendor.us-east-1.example.com/" }, "vendor.url"],
])("warns of a %s endpoint in the primary region", (field, value, path) => {
  const { warnings } = validateSettings("test", exampleSettings({ [field]: value }));
  expect(warnings.map((warning) => warning.path)).toEqual([path]);
});

test.each([
  ["jwt", { issuer: "https://login.example.com/us-east-1", audience: ["web"] }],
  ["vendor", { url: "https://payments.example.com/us-east-1" }],
])("ignores a region in the path of a %s URL", (field, value) => {
  expect(validateSettings("test", exampleSettings({ [field]: value })).warnings).toEqual([]);
});

test("rules are checked despite an unknown field", () => {
  expect(faultsOf(exampleSettings({ surprise: 1, secondaryRegion: "us-east-1" }))).toHaveLength(2);
});

test("a name of 64 characters is the longest ACM takes", () => {
  expect(faultsOf(exampleSettings({ apiDomainName: `${"a".repeat(52)}.example.com` }))).toEqual([]);
});

test("a rule stays silent about a field that is malformed itself", () => {
  expect(
    faultsOf(exampleSettings({ backend: { type: "s3", bucket: "Not A Bucket", region: "us-east-1", keyPrefix: "x" } })),
  ).toEqual([expect.stringMatching(/^ {2}backend\.bucket: /)]);
});

test("a long value is shortened in the message", () => {
  const [fault] = faultsOf(exampleSettings({ projectName: "x".repeat(5000) }));
  expect(fault).toMatch(/… \(5002 characters\)$/);
  expect((fault ?? "").length).toBeLessThan(250);
});
