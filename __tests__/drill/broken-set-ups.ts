import fs from "node:fs";
import path from "node:path";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { type AnyJson, every } from "../synthesize";
import { changedFolder } from "./changed-folder";
import { drill, missed, synthesizedFolder } from "./short-drill";

// Set-ups that would fail clients in an outage must fail the drill.

/** A set-up with one fault of its own, and the objectives that a drill of it must miss. */
export type BrokenSetUp = readonly [
  name: string,
  stack: string,
  change: (json: AnyJson) => void,
  missedObjectives: string | readonly string[],
  faultName: string,
];

/** Fast: a busy machine only makes a broken set-up fail more. */
const SPEED = 20;
/** Slow where a busy machine would hide the defect: late probes cause a failover after all, and clients without an answer retry nothing. */
const CALM_SPEED = 6;

/** Each is one change of what was synthesized, real handlers included. */
export const BROKEN_SET_UPS: readonly BrokenSetUp[] = [
  [
    "no health check on the primary record",
    "failover-dns",
    (json) => {
      for (const record of every(json, "aws_route53_record")) delete record.health_check_id;
    },
    "failover",
    "primary-region-blackholed",
  ],
  [
    "a standby without the custom domain",
    "api-us-west-2",
    (json) => {
      const domains = every(json, "aws_apigatewayv2_domain_name");
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
      const certificates = every(json, "aws_acm_certificate").filter(({ provider }) => provider === "aws.secondary");
      for (const certificate of certificates) certificate.subject_alternative_names = ["us-west-2.api.example.com"];
      for (const certificate of certificates) certificate.domain_name = "us-west-2.api.example.com";
      for (const record of every(json, "aws_route53_record")) record.name = record.type = "CNAME";
      for (const record of every(json, "aws_route53_record")) record.records = ["validation.example.com"];
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
      for (const policy of every(json, "aws_iam_role_policy")) {
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
      for (const check of every(json, "aws_route53_health_check")) check.resource_path = "/live";
    },
    "failover",
    "primary-dynamodb-gone",
  ],
  [
    "a failure threshold of 10",
    "failover-dns",
    (json) => {
      for (const check of every(json, "aws_route53_health_check")) check.failure_threshold = 10;
    },
    "recovery time",
    "primary-region-blackholed",
  ],
  [
    "tables without their replica",
    "global-data",
    (json) => {
      for (const table of every(json, "aws_dynamodb_table")) delete table.replica;
    },
    ["recovery time", "recovery point"],
    "primary-region-blackholed",
  ],
  [
    "a primary that refuses customers before anything is broken",
    "api-us-east-1",
    (json) => {
      for (const { default_route_settings: budget } of every(json, "aws_apigatewayv2_stage")) {
        budget.throttling_rate_limit = budget.throttling_burst_limit = 5;
      }
    },
    "steady state",
    "primary-region-blackholed",
  ],
];

/** Objectives that a drill of a folder misses. */
export async function missedBy(cdktfOut: string, faultName: string): Promise<string[]> {
  return missed(
    await drill(cdktfOut, faultName, {
      speed: faultName === "primary-region-blackholed" ? SPEED : CALM_SPEED,
      durationSeconds: faultName === "replication-paused" ? 45 : 90,
      ...{ clients: 8, seed: 7 },
      phases: { steadySeconds: 15, afterwardsSeconds: 15 },
    }),
  );
}

/** Drills a broken set-up, and expects that it misses its objectives. */
export async function expectToFail([, stack, change, objectives, faultName]: BrokenSetUp): Promise<void> {
  const broken = changedFolder(synthesizedFolder(), stack, change);
  expect(await missedBy(broken, faultName)).toEqual(expect.arrayContaining([objectives].flat()));
}

/** The synthesized folder with handlers that derive another order from the same idempotency key. */
export function forgetfulFolder(): string {
  // Where the order's id is derived from user and key.
  return folderWithCode(["checkout"], /(createHash\)\("sha1"\)\.update\(\w+\)\.update\()(\w+)/, "$1$2+Math.random()");
}

/** The synthesized folder with handlers whose regions all write the same item of a user's cart, so that the last writer wins. */
export function oneItemFolder(): string {
  // Where the cart store is told which item is its region's own, and which are the others'.
  return folderWithCode(["cart", "checkout"], /(this\.region=)\w+(,this\.peerRegions=)\w+/, '$1"everywhere"$2[]');
}

/** The synthesized folder with the code of some functions changed in both regions. */
function folderWithCode(functions: readonly string[], found: RegExp, replacement: string): string {
  const changeRegion = (json: AnyJson, stackFolder: string) => {
    for (const name of functions) {
      const lambda = every(json, "aws_lambda_function").find((it) => it.function_name.endsWith(`-${name}`));
      const zip = path.join(stackFolder, lambda.filename);
      const code = strFromU8(unzipSync(fs.readFileSync(zip))["index.js"] ?? new Uint8Array());
      const changedCode = code.replace(found, replacement);
      expect(changedCode).not.toBe(code);
      fs.writeFileSync(zip, zipSync({ "index.js": strToU8(changedCode) }));
    }
  };
  const stacks = ["api-us-east-1", "api-us-west-2"];
  return stacks.reduce((folder, stack) => changedFolder(folder, stack, changeRegion), synthesizedFolder());
}
