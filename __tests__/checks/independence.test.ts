import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { DELIBERATE_EDGES } from "../../checks/independence/deliberate-edges";
import { DEPLOYMENTS } from "../../config/deployments";
import { type AnyJson, exampleSettings, only, type Synthesized, synthesize } from "../synthesize";
import { check, standbyFunction, standbyPolicy, violationsAfter } from "./standby";

test.each(Object.keys(DEPLOYMENTS))("the standby of %s works without its primary", (name) => {
  const { violations, deliberate, pair, standby } = check(synthesize(DEPLOYMENTS[name]));
  expect(violations).toEqual([]);
  expect(pair).toMatchObject({ primaryRegion: "us-east-1", standbyRegion: "us-west-2" });
  // Followed for real: the whole standby region, its certificate, both tables, the secret and their keys.
  expect(standby.blockCount).toBeGreaterThan(80);
  expect(deliberate.length).toBeGreaterThan(0);
});

test("every entry on the list of deliberate edges matches an edge", () => {
  const { deliberate } = check(synthesize(exampleSettings()));
  expect(new Set(deliberate.map(({ reason }) => reason))).toEqual(
    new Set(DELIBERATE_EDGES.map(({ reason }) => reason)),
  );
});

describe("reports as a violation", () => {
  test("the home table's ARN in the standby's policy, as text", () => {
    const found = violationsAfter((stacks) => {
      const policy = standbyPolicy(stacks, "cart");
      policy.policy = policy.policy.replace("dynamodb:us-west-2", "dynamodb:us-east-1");
    });
    expect(found).toEqual([
      expect.stringMatching(
        /^api-us-west-2 aws_iam_role_policy\.Functions_cart_Policy_\w+ policy\.Statement\[2\]\.Resource arn:aws:dynamodb:us-east-1:123456789012:table\/shop-example-checkout$/,
      ),
    ]);
  });

  test("the home table's ARN in the standby's policy, read from the other stack's state", () => {
    const found = violationsAfter((stacks) => {
      stacks["global-data"].output = { table_arn: { value: "${aws_dynamodb_table.checkout.arn}" } };
      stacks["api-us-west-2"].data.terraform_remote_state.data = {
        backend: "remote",
        config: { organization: "example-org", workspaces: { name: "shop-example-global-data" } },
      };
      const policy = standbyPolicy(stacks, "cart");
      policy.policy = policy.policy.replace(
        /arn:aws:dynamodb:[^"]+/,
        "${data.terraform_remote_state.data.outputs.table_arn}",
      );
    });
    expect(found).toEqual([
      expect.stringMatching(
        /^api-us-west-2 aws_iam_role_policy\.Functions_cart_Policy_\w+ policy\.Statement\[2\]\.Resource \$\{data\.terraform_remote_state\.data\.outputs\.table_arn\}$/,
      ),
    ]);
  });

  test("a primary KMS key on a standby's function", () => {
    const found = violationsAfter((stacks) => {
      standbyFunction(stacks, "cart").kms_key_arn =
        "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000";
    });
    expect(found).toEqual([
      expect.stringMatching(
        /^api-us-west-2 aws_lambda_function\.Functions_cart_\w+ kms_key_arn arn:aws:kms:us-east-1:/,
      ),
    ]);
  });

  test("the home table's KMS key on its replica", () => {
    const found = violationsAfter((stacks) => {
      stacks["global-data"].resource.aws_dynamodb_table.checkout.replica[0].kms_key_arn =
        "${aws_kms_key.data_primary.arn}";
    });
    expect(found).toEqual([
      "global-data aws_dynamodb_table.checkout.replica[0] kms_key_arn ${aws_kms_key.data_primary.arn}",
    ]);
  });

  test("a primary-region secret ARN", () => {
    const found = violationsAfter((stacks) => {
      standbyFunction(stacks, "payment-worker").environment.variables.VENDOR_SECRET_NAME =
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-example/payment-vendor-AbCdEf";
    });
    expect(found).toEqual([
      expect.stringMatching(/environment\.variables\.VENDOR_SECRET_NAME arn:aws:secretsmanager:us-east-1:/),
    ]);
  });

  test("a state bucket in the primary region, in each stack's backend and each read of it", () => {
    const backend = { type: "s3", bucket: "example-states", region: "us-west-2", keyPrefix: "shop" };
    const found = violationsAfter((stacks) => {
      for (const stack of Object.values<AnyJson>(stacks)) {
        stack.terraform.backend.s3.region = "us-east-1";
        for (const state of Object.values<AnyJson>(stack.data?.terraform_remote_state ?? {}))
          state.config.region = "us-east-1";
      }
    }, exampleSettings({ backend }));
    expect(found).toEqual(
      expect.arrayContaining([
        "failover-dns terraform.backend region us-east-1",
        "api-us-west-2 terraform.backend region us-east-1",
        "global-data terraform.backend region us-east-1",
        "certificates terraform.backend region us-east-1",
        "api-us-west-2 data.terraform_remote_state.cross-stack-reference-input-certificates config.region us-east-1",
      ]),
    );
  });

  test("a table without a replica in the standby region", () => {
    const found = violationsAfter((stacks) => {
      stacks["global-data"].resource.aws_dynamodb_table.orders.replica[0].region_name = "eu-west-1";
    });
    expect(found.length).toBeGreaterThan(0);
    for (const line of found) expect(line).toContain("(no replica of aws_dynamodb_table.orders in us-west-2)");
  });

  test("a secret without a replica in the standby region", () => {
    const found = violationsAfter((stacks) => {
      stacks["global-data"].resource.aws_secretsmanager_secret.vendor.replica = [];
    });
    expect(found).toEqual([expect.stringContaining("(no replica of aws_secretsmanager_secret.vendor in us-west-2)")]);
  });

  test("an issuer hosted in the primary region", () => {
    const jwt = { issuer: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_example", audience: ["web"] };
    const found = violationsAfter(() => {}, exampleSettings({ jwt }));
    expect(found).toEqual([
      expect.stringMatching(
        /aws_apigatewayv2_authorizer\.\w+ jwt_configuration\.issuer https:\/\/cognito-idp\.us-east-1/,
      ),
    ]);
  });

  test("an endpoint of the primary region in a provider", () => {
    const found = violationsAfter((stacks) => {
      stacks["api-us-west-2"].provider.aws[0].endpoints = [{ dynamodb: "https://dynamodb.us-east-1.amazonaws.com" }];
    });
    expect(found).toEqual([
      "api-us-west-2 provider.aws endpoints[0].dynamodb https://dynamodb.us-east-1.amazonaws.com",
    ]);
  });

  test("the primary's certificate in the standby", () => {
    const found = violationsAfter((stacks) => {
      const primary = stacks["api-us-east-1"].resource.aws_apigatewayv2_domain_name;
      const standby = stacks["api-us-west-2"].resource.aws_apigatewayv2_domain_name;
      const [id] = Object.keys(standby) as [string];
      standby[id].domain_name_configuration.certificate_arn = primary[id].domain_name_configuration.certificate_arn;
    });
    expect(found).toEqual([
      expect.stringContaining("domain_name_configuration.certificate_arn ${data.terraform_remote_state"),
    ]);
  });

  test("a resource of the standby's stack that the provider puts into the primary region", () => {
    const found = violationsAfter((stacks) => {
      only(stacks["api-us-west-2"], "aws_sns_topic").region = "us-east-1";
    });
    expect(found.length).toBeGreaterThan(0);
    for (const line of found) expect(line).toMatch(/aws_sns_topic/);
  });

  test("a region hidden in an expression", () => {
    const found = violationsAfter((stacks) => {
      standbyFunction(stacks, "cart").environment.variables.TABLE_ARN =
        '${format("arn:aws:dynamodb:%s:x:table/y", "us-east-1")}';
    });
    expect(found).toEqual([expect.stringContaining("environment.variables.TABLE_ARN")]);
  });

  test("a primary-region URL in a variable for region names", () => {
    const found = violationsAfter((stacks) => {
      standbyFunction(stacks, "sweep").environment.variables.PEER_REGIONS = "https://sqs.us-east-1.amazonaws.com";
    });
    expect(found).toEqual([
      expect.stringContaining("environment.variables.PEER_REGIONS https://sqs.us-east-1.amazonaws.com"),
    ]);
  });
});

test("a reference to an undeclared block is an error that names it, never a pass", () => {
  expect(() =>
    violationsAfter((stacks) => {
      standbyFunction(stacks, "cart").role = "${aws_iam_role.gone.arn}";
    }),
  ).toThrow(
    /^api-us-west-2\/aws_lambda_function\.Functions_cart_\w+\.role: expected a declared block, got a reference to aws_iam_role\.gone; is a stack missing from the folder\?$/,
  );
});

test("an ARN of a table that no stack declares is an error", () => {
  expect(() =>
    violationsAfter((stacks) => {
      delete stacks["global-data"].resource.aws_dynamodb_table.checkout;
    }),
  ).toThrow(
    "expected the ARN of a table or secret that some stack declares, got arn:aws:dynamodb:us-west-2:123456789012:table/shop-example-checkout",
  );
});

test("stacks without a failover pair are an error", () => {
  expect(() =>
    violationsAfter((stacks) => {
      for (const record of Object.values<AnyJson>(stacks["failover-dns"].resource.aws_route53_record))
        delete record.failover_routing_policy;
    }),
  ).toThrow("expected an aws_route53_record with failover type PRIMARY, got none");
});

describe("npm run check:independence", () => {
  const root = path.resolve(__dirname, "../..");
  const run = (outdir: string) =>
    spawnSync(process.execPath, ["--import", "tsx", "checks/check-independence.ts", outdir], {
      cwd: root,
      encoding: "utf8",
    });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "independence-"));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  function write({ manifest, stacks }: Synthesized): void {
    fs.writeFileSync(path.join(folder, "manifest.json"), JSON.stringify(manifest));
    for (const [name, stack] of Object.entries(stacks)) {
      const file = path.join(folder, manifest.stacks[name].synthesizedStackPath);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, JSON.stringify(stack));
    }
  }

  test("prints a table and exits 0 without violations, 1 with one", () => {
    const synthesized = synthesize(exampleSettings());
    write(synthesized);
    const good = run(folder);
    expect(good.status).toBe(0);
    expect(good.stdout).toMatch(
      /stack +resource +attribute +value\n[\s\S]*✓ no edge into us-east-1 besides \d+ deliberate ones\n$/,
    );

    standbyFunction(synthesized.stacks, "cart").kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/x";
    write(synthesized);
    const bad = run(folder);
    expect(bad.status).toBe(1);
    expect(bad.stdout).toMatch(
      /✗ api-us-west-2 +aws_lambda_function\.Functions_cart_\w+ +kms_key_arn +arn:aws:kms:us-east-1:123456789012:key\/x\n/,
    );
    expect(bad.stdout).toMatch(/✗ 1 edge leads into us-east-1: the standby would fail with it\n$/);
  });

  test("exits 2 and says what to do without a synthesized folder", () => {
    const { status, stderr } = run(path.join(folder, "absent"));
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^check:independence: .*absent\/manifest\.json: expected a file, got none that can be read; run `npm run synth` first\n$/,
    );
  });

  test("exits 2 on a stack that is not JSON", () => {
    write(synthesize(exampleSettings()));
    fs.writeFileSync(path.join(folder, "stacks/failover-dns/cdk.tf.json"), "{");
    const { status, stderr } = run(folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/failover-dns\/cdk\.tf\.json: expected JSON, got .*; synthesize again\n$/);
  });
});
