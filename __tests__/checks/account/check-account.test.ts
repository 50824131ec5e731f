import { sdkAccount } from "../../../checks/account/adapters/aws";
import { internetThrough } from "../../../checks/account/adapters/public-internet";
import { checkAccount } from "../../../checks/account/check";
import type { Finding } from "../../../checks/account/finding";
import { accountNeeds } from "../../../checks/account/needs";
import { accountText, exitCode } from "../../../checks/account/report";
import { DEPLOYMENTS } from "../../../config/deployments";
import { askWithin } from "../../../failover/answer";
import { setCredentials } from "../../failover/running";
import { exampleSettings, parsed, synthesize } from "../../synthesize";
import { AccountEndpoint } from "./account-endpoint";

setCredentials();
const needs = accountNeeds(parsed(synthesize(DEPLOYMENTS["production"])));
/** Tags of what the production deployment has made. */
const OURS = { Project: "shop", Environment: "production", Owner: "checkout-team" };

let endpoint: AccountEndpoint;
beforeEach(async () => {
  endpoint = await AccountEndpoint.start();
});
afterEach(() => endpoint.stop());

/** The machine may be busy: no question of these tests depends on the bound. */
const BOUND_MS = 60_000;
jest.setTimeout(2 * BOUND_MS);

async function findings(of = needs): Promise<Finding[]> {
  const credentials = async () => ({ accessKeyId: "AKID", secretAccessKey: "secret" });
  const account = sdkAccount({ accountId: "123456789012", endpoint: endpoint.url, credentials }, of.standbyRegion);
  return checkAccount(of, account, internetThrough(endpoint.url), askWithin(BOUND_MS));
}

/** The only finding about a subject in a place. */
async function about(subject: string, place = "global", of = needs): Promise<Finding> {
  const found = (await findings(of)).filter((each) => each.subject === subject && each.place === place);
  if (found.length !== 1) throw new Error(`expected one finding about ${subject} in ${place}, got ${found.length}`);
  return found[0] as Finding;
}

test("what the stacks need is read from them", () => {
  expect(needs).toMatchObject({
    accountId: "123456789012",
    hostedZoneNames: ["example.com"],
    apiRecordNames: ["checkout.example.com"],
    issuers: ["https://login.example.com/"],
    ownTags: { Project: "shop", Environment: "production" },
  });
  expect(needs.regions.map(({ region }) => region)).toEqual(["us-east-1", "us-west-2"]);
  for (const region of needs.regions) {
    expect(region.reservedExecutions.get("shop-production-health")).toBe(50);
    expect(region).toMatchObject({
      rateLimitPerSecond: 2_000,
      burstLimit: 2_000,
      domainNames: ["checkout.example.com", `${region.region}.checkout.example.com`],
      keyAliases: ["alias/shop-production-data"],
      topics: [{ name: "oncall", isOurs: false }],
    });
    expect(region.tables.map(({ name, indexNames }) => [name, indexNames])).toEqual([
      ["shop-production-checkout", []],
      ["shop-production-orders", ["unpaid-by-region"]],
    ]);
  }
});

test("an empty account that is set up passes, and the one question that cannot be asked of an endpoint is said loudly", async () => {
  const found = await findings();
  expect(found.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  expect(found.filter(({ outcome }) => outcome === "unknown").map(({ subject }) => subject)).toEqual([
    "delegation of example.com",
  ]);
  expect(found.length).toBeGreaterThan(20);
  expect(accountText(found)).toContain("? 1 checks COULD NOT BE ASKED");
  expect(exitCode(found)).toBe(2);
  expect(exitCode(found.filter(({ outcome }) => outcome !== "unknown"))).toBe(0);
});

test("every call only reads", async () => {
  await findings();
  expect(endpoint.calls.length).toBeGreaterThan(15);
  const changes = endpoint.calls.filter(
    ({ method, operation }) => method !== "GET" && !/^(?:Describe|Get|List)[A-Z]/.test(operation),
  );
  expect(changes).toEqual([]);
});

test("a deployment that is there already passes: what it made is its own", async () => {
  for (const [name, region] of Object.entries(endpoint.regions)) {
    region.tables = {
      "shop-production-checkout": { key: "userId", indexes: [], tags: OURS },
      "shop-production-orders": { key: "orderId", indexes: ["unpaid-by-region"], tags: OURS },
    };
    region.domains = { "checkout.example.com": OURS, [`${name}.checkout.example.com`]: OURS };
    region.keys = { "alias/shop-production-data": "Enabled" };
    region.reserved = { "shop-production-health": 50 };
    region.unreservedExecutions = 950;
  }
  endpoint.records = [
    ["CNAME", "primary"],
    ["CNAME", "secondary"],
  ];
  const found = await findings();
  expect(found.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  expect(found.filter((each) => each.found === "ours")).toHaveLength(2 * 2 + 2 * 2 + 1);
});

test.each<[string, number, number, string, RegExp]>([
  [
    "a new account's quota",
    10,
    10,
    "failed",
    /at least 150 are needed: 50 reserved for shop-production-health, 0 for other functions/,
  ],
  ["just enough", 150, 150, "passed", /^$/],
  ["one too few", 149, 149, "failed", /at least 150/],
  ["others' reservations", 400, 149, "failed", /at least 401 are needed: .* 251 for other functions/],
])("Lambda concurrency: %s", async (_, concurrentExecutions, unreservedExecutions, outcome, advice) => {
  Object.assign(endpoint.region("us-west-2"), { concurrentExecutions, unreservedExecutions });
  expect(await about("Lambda concurrency", "us-west-2")).toMatchObject({
    outcome,
    advice: expect.stringMatching(advice),
  });
});

test("reservations of the deployment's own are not counted twice", async () => {
  Object.assign(endpoint.region("us-west-2"), {
    concurrentExecutions: 150,
    unreservedExecutions: 100,
    reserved: { "shop-production-health": 50 },
  });
  expect(await about("Lambda concurrency", "us-west-2")).toMatchObject({ outcome: "passed" });
});

test("a region whose account lets less through than the settings fails", async () => {
  Object.assign(endpoint.region("us-west-2"), { rateLimit: 2_500, burstLimit: 1_250 });
  expect(await about("API Gateway throttle", "us-west-2")).toMatchObject({
    outcome: "failed",
    found: "2500 a second, burst 1250",
  });
  expect(await about("API Gateway throttle", "us-east-1")).toMatchObject({ outcome: "passed" });
});

test("a warm throughput beyond the table quota fails", async () => {
  const warmThroughput = { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 50_000 };
  const warm = accountNeeds(parsed(synthesize(exampleSettings({ warmThroughput }))));
  expect(await about("DynamoDB table quota", "us-east-1", warm)).toMatchObject({ outcome: "failed" });
  endpoint.region("us-east-1").tableUnits = 50_000;
  expect(await about("DynamoDB table quota", "us-east-1", warm)).toMatchObject({ outcome: "passed" });
});

test.each<[string, (region: AccountEndpoint["regions"][string]) => void, string, string, RegExp]>([
  [
    "somebody's table",
    ({ tables }) => Object.assign(tables, { "shop-production-checkout": { key: "userId", indexes: [], tags: {} } }),
    "table shop-production-checkout",
    "somebody's",
    /import it/,
  ],
  [
    "a table with another key",
    ({ tables }) => Object.assign(tables, { "shop-production-checkout": { key: "id", indexes: [], tags: OURS } }),
    "table shop-production-checkout",
    "keyed by id",
    /userId/,
  ],
  [
    "a table without its index",
    ({ tables }) => Object.assign(tables, { "shop-production-orders": { key: "orderId", indexes: [], tags: OURS } }),
    "table shop-production-orders",
    "without index unpaid-by-region",
    /make the index first/,
  ],
  [
    "another deployment's domain",
    ({ domains }) => Object.assign(domains, { "checkout.example.com": { ...OURS, Environment: "staging" } }),
    "API domain checkout.example.com",
    "somebody's",
    /import it/,
  ],
  [
    "a key that is to be deleted",
    ({ keys }) => Object.assign(keys, { "alias/shop-production-data": "PendingDeletion" }),
    "key alias/shop-production-data",
    "PendingDeletion",
    /cancel its deletion/,
  ],
  ["no topic", ({ topics }) => void delete topics["oncall"], "topic oncall", "none", /the plan of this region fails/],
  [
    "a topic that nobody confirmed",
    ({ topics }) => Object.assign(topics, { oncall: { confirmed: 0, pending: 1 } }),
    "topic oncall",
    "1 pending, none confirmed",
    /reach nobody/,
  ],
])("%s fails, in its region alone", async (_, change, subject, found, advice) => {
  change(endpoint.region("us-west-2"));
  expect(await about(subject, "us-west-2")).toMatchObject({
    outcome: "failed",
    found,
    advice: expect.stringMatching(advice),
  });
  expect(await about(subject, "us-east-1")).toMatchObject({ outcome: "passed" });
});

test("a topic that the deployment makes itself is not missed before the first apply", async () => {
  const email = accountNeeds(parsed(synthesize(exampleSettings())));
  expect(await about("topic shop-example-alarms", "us-west-2", email)).toMatchObject({ outcome: "information" });
  endpoint.region("us-west-2").topics["shop-example-alarms"] = { confirmed: 0, pending: 1 };
  expect(await about("topic shop-example-alarms", "us-west-2", email)).toMatchObject({ outcome: "failed" });
});

test.each<[string, boolean[], string]>([
  ["none", [], "none"],
  ["private only", [true], "private only"],
  ["two public ones", [false, false], "2 public"],
])("hosted zone: %s fails", async (_, zones, found) => {
  endpoint.zones = zones;
  expect(await about("hosted zone example.com")).toMatchObject({ outcome: "failed", found });
});

test("a public zone beside a private one of the same name passes", async () => {
  endpoint.zones = [true, false];
  expect(await about("hosted zone example.com")).toMatchObject({ outcome: "passed" });
});

test("a simple record of the API's name fails; a TXT record does not matter", async () => {
  endpoint.records = [["TXT"], ["A"]];
  expect(await about("records of checkout.example.com")).toMatchObject({ outcome: "failed", found: "A" });
  endpoint.records = [["TXT"]];
  expect(await about("records of checkout.example.com")).toMatchObject({ outcome: "passed", found: "free" });
});

test("credentials of another account fail", async () => {
  endpoint.accountId = "another account";
  expect(await about("account")).toMatchObject({ outcome: "failed", advice: expect.stringMatching(/123456789012/) });
});

const DOCUMENT = "login.example.com/.well-known/openid-configuration";
test.each<[string, Record<string, unknown>, string, RegExp]>([
  [
    "another issuer in its document",
    { [DOCUMENT]: { issuer: "https://login.example.com" } },
    "it calls itself https://login.example.com",
    /character by character/,
  ],
  [
    "keys over plain HTTP",
    { [DOCUMENT]: { issuer: "https://login.example.com/", jwks_uri: "http://keys" } },
    "jwks_uri http://keys",
    /https/,
  ],
  ["no RSA key", { "keys.example.com/jwks.json": { keys: [{ kty: "EC" }] } }, "no RSA key", /RS256/],
])("an issuer with %s fails", async (_, documents, found, advice) => {
  Object.assign(endpoint.documents, documents);
  const issuer = await about("issuer https://login.example.com/");
  expect(issuer).toMatchObject({ outcome: "failed", found, advice: expect.stringMatching(advice) });
});

test("an issuer that does not answer could not be asked", async () => {
  delete endpoint.documents[DOCUMENT];
  expect(await about("issuer https://login.example.com/")).toMatchObject({ outcome: "unknown", found: "status 502" });
});

test("keys that a name leads into the primary region fail, however their host is called", async () => {
  endpoint.aliases = { "keys.example.com": "pool.auth.us-east-1.example.com" };
  expect(await about("issuer's hosts")).toMatchObject({ outcome: "failed", found: "pool.auth.us-east-1.example.com" });
});

test("a denied question names the permission, and a service that breaks off spoils nothing but its own row", async () => {
  endpoint.region("us-west-2").denied = ["kms"];
  endpoint.region("us-west-2").broken = ["sns"];
  const found = await findings();
  const unknown = found.filter(({ outcome, place }) => outcome === "unknown" && place === "us-west-2");
  expect(unknown.map(({ subject }) => subject)).toEqual(["key alias/shop-production-data", "topic oncall"]);
  expect(unknown[0]?.advice).toMatch(/allow the caller kms:DescribeKey on arn:aws:kms:us-west-2:123456789012:key\/\*/);
  expect(exitCode(found)).toBe(2);
});

test("a failed check counts before one that could not be asked", async () => {
  endpoint.zones = [];
  const found = await findings();
  expect(exitCode(found)).toBe(1);
  expect(accountText(found)).toMatch(/✗ 1 of \d+ checks failed/);
});

test("when nothing could be asked, nothing is called well", async () => {
  const nobody = (await findings()).map((each) => ({ ...each, outcome: "unknown" as const }));
  expect(accountText(nobody)).not.toContain("✓");
  expect(accountText(nobody)).toMatch(/NOTHING COULD BE ASKED: each of the \d+ rows/);
  expect(exitCode(nobody)).toBe(2);
});
