import fs from "node:fs";
import path from "node:path";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { FAULTS } from "../../drill/faults/faults";
import type { DrillResult } from "../../drill/measure/result";
import { runDrill } from "../../drill/run-drill";
import { synthesizeInto } from "../../drill/synthesize";
import { readTopology } from "../../drill/topology/read-topology";
import { type AnyJson, scratchFolder } from "../synthesize";

// Set-ups that would fail customers on the day must fail the drill. Each is one change of what was synthesized, real handlers included.

/** Quick, as a busy machine only makes a broken set-up fail more. */
const SPEED = 20;
/** Where a busy machine would hide what is broken: late probes fail over after all, and unanswered customers repeat nothing. */
const CALM_SPEED = 6;
const TIMEOUT_MS = 120_000;
let folder: string;

beforeAll(() => {
  folder = scratchFolder();
  synthesizeInto(folder, path.resolve(__dirname, "..", ".."));
}, TIMEOUT_MS);

const everyOf = (json: AnyJson, type: string): AnyJson[] => Object.values(json.resource[type]);

/** What was synthesized, with one stack changed. */
function changed(stack: string, change: (json: AnyJson, stackFolder: string) => void, from = folder): string {
  const copy = scratchFolder();
  fs.cpSync(from, copy, { recursive: true });
  const file = path.join(copy, "stacks", stack, "cdk.tf.json");
  const json = JSON.parse(fs.readFileSync(file, "utf8"));
  change(json, path.dirname(file));
  fs.writeFileSync(file, JSON.stringify(json));
  return copy;
}

function drill(cdktfOut: string, faultName: string): Promise<DrillResult> {
  const fault = FAULTS.find(({ name }) => name === faultName);
  if (fault === undefined) throw new Error(`no fault ${faultName}`);
  return runDrill({
    topology: readTopology(cdktfOut),
    source: cdktfOut,
    fault,
    options: {
      faultName,
      speed: faultName === "primary-region-blackholed" ? SPEED : CALM_SPEED,
      durationSeconds: faultName === "replication-paused" ? 45 : 90,
      clients: 8,
      seed: 7,
      out: cdktfOut,
      cdktfOut,
      json: false,
      operatorPort: 0,
      recoveryTimeSeconds: undefined,
      recoveryPointSeconds: undefined,
    },
    watcher: { onEvent: () => {}, onProgress: () => {}, onNote: () => {} },
    phases: { steadySeconds: 15, afterwardsSeconds: 15 },
    signal: new AbortController().signal,
    startedAtWallMs: performance.now(),
  });
}

const missed = ({ objectives }: DrillResult) => objectives.filter(({ isMet }) => !isMet).map(({ name }) => name);

test.each<[string, string, (json: AnyJson) => void, string | string[], string]>([
  [
    "no health check on the primary record",
    "failover-dns",
    (json) => {
      for (const record of everyOf(json, "aws_route53_record")) delete record.health_check_id;
    },
    "failover",
    "primary-region-blackholed",
  ],
  [
    "a standby without the custom domain",
    "api-us-west-2",
    (json) => {
      const domains = everyOf(json, "aws_apigatewayv2_domain_name");
      for (const domain of domains.filter(({ domain_name }) => domain_name === "api.example.com")) {
        domain.domain_name = "another.example.com";
      }
    },
    "recovery time",
    "primary-region-blackholed",
  ],
  [
    "a standby whose certificate lacks the API's name",
    "certificates",
    (json) => {
      const certificates = everyOf(json, "aws_acm_certificate").filter(({ provider }) => provider === "aws.secondary");
      for (const certificate of certificates) certificate.subject_alternative_names = ["us-west-2.api.example.com"];
      for (const certificate of certificates) certificate.domain_name = "us-west-2.api.example.com";
      for (const record of everyOf(json, "aws_route53_record")) record.name = record.type = "CNAME";
      for (const record of everyOf(json, "aws_route53_record")) record.records = ["validation.example.com"];
    },
    "recovery time",
    "primary-region-blackholed",
  ],
  [
    "a standby without the checkout's routes: its 404 is API Gateway's own",
    "api-us-west-2",
    (json) => {
      for (const [id, { route_key }] of Object.entries<AnyJson>(json.resource.aws_apigatewayv2_route)) {
        if (!/health|live/.test(route_key)) delete json.resource.aws_apigatewayv2_route[id];
      }
    },
    "recovery time",
    "primary-region-blackholed",
  ],
  [
    "a standby whose payment queue nobody reads",
    "api-us-west-2",
    (json) => {
      delete json.resource.aws_lambda_event_source_mapping;
    },
    "payments stuck",
    "primary-region-blackholed",
  ],
  [
    "a standby whose roles name the primary's tables",
    "api-us-west-2",
    (json) => {
      for (const policy of everyOf(json, "aws_iam_role_policy")) {
        policy.policy = policy.policy.replaceAll("arn:aws:dynamodb:us-west-2", "arn:aws:dynamodb:us-east-1");
      }
    },
    "recovery time",
    "primary-region-blackholed",
  ],
  [
    "a shallow health path while DynamoDB is gone",
    "failover-dns",
    (json) => {
      for (const check of everyOf(json, "aws_route53_health_check")) check.resource_path = "/live";
    },
    "failover",
    "primary-dynamodb-gone",
  ],
  [
    "a failure threshold of 10",
    "failover-dns",
    (json) => {
      for (const check of everyOf(json, "aws_route53_health_check")) check.failure_threshold = 10;
    },
    "recovery time",
    "primary-region-blackholed",
  ],
  [
    "tables without their replica",
    "global-data",
    (json) => {
      for (const table of everyOf(json, "aws_dynamodb_table")) delete table.replica;
    },
    ["recovery time", "recovery point"],
    "primary-region-blackholed",
  ],
  [
    "a primary that refuses customers before anything is broken",
    "api-us-east-1",
    (json) => {
      for (const { default_route_settings: budget } of everyOf(json, "aws_apigatewayv2_stage")) {
        budget.throttling_rate_limit = budget.throttling_burst_limit = 5;
      }
    },
    "steady state",
    "primary-region-blackholed",
  ],
])(
  "%s fails the drill",
  async (_, stack, change, objectives, fault) => {
    expect(missed(await drill(changed(stack, change), fault))).toEqual(expect.arrayContaining([objectives].flat()));
  },
  TIMEOUT_MS,
);

test(
  "a handler that ignores the idempotency key fails the drill",
  async () => {
    const forgetInOneRegion = (json: AnyJson, stackFolder: string) => {
      const checkout = everyOf(json, "aws_lambda_function").find(({ function_name }) =>
        function_name.endsWith("-checkout"),
      );
      const zip = path.join(stackFolder, checkout.filename);
      const code = strFromU8(unzipSync(fs.readFileSync(zip))["index.js"] ?? new Uint8Array());
      // Where the order's id is derived from user and key.
      const changedCode = code.replace(/(createHash\)\("sha1"\)\.update\(\w+\)\.update\()(\w+)/, "$1$2+Math.random()");
      expect(changedCode).not.toBe(code);
      fs.writeFileSync(zip, zipSync({ "index.js": strToU8(changedCode) }));
    };
    const forgetful = changed("api-us-west-2", forgetInOneRegion, changed("api-us-east-1", forgetInOneRegion));
    expect(missed(await drill(forgetful, "replication-paused"))).toContain("repeats gone wrong");
  },
  TIMEOUT_MS,
);
