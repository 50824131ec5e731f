import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { DELIBERATE_EDGES } from "../../checks/independence/deliberate-edges";
import { findFailoverPair } from "../../checks/independence/failover-pair";
import { judge } from "../../checks/independence/report";
import { standbyEdges } from "../../checks/independence/standby-edges";
import { DEPLOYMENTS } from "../../config/deployments";
import { type AnyJson, exampleSettings, only, parsed, type Synthesized, synthesize } from "../synthesize";

function check(synthesized: Synthesized) {
  const stacks = parsed(synthesized);
  const pair = findFailoverPair(stacks);
  const standby = standbyEdges(stacks, pair);
  return { pair, standby, ...judge(standby, DELIBERATE_EDGES) };
}

/** What the check says of the example deployment after a change to its JSON. */
function violationsAfter(change: (stacks: AnyJson) => void, settings: unknown = exampleSettings()): string[] {
  const synthesized = synthesize(settings);
  change(synthesized.stacks);
  return check(synthesized).violations.map(
    ({ stack, resource, attribute, value }) => `${stack} ${resource} ${attribute} ${value}`,
  );
}

const standbyFunction = (stacks: AnyJson, name: string): AnyJson =>
  Object.values<AnyJson>(stacks["api-us-west-2"].resource.aws_lambda_function).find(
    ({ function_name }) => function_name === `shop-example-${name}`,
  );

const standbyPolicy = (stacks: AnyJson, name: string): AnyJson => {
  const [, policy] =
    Object.entries<AnyJson>(stacks["api-us-west-2"].resource.aws_iam_role_policy).find(([id]) =>
      id.startsWith(`Functions_${name}_`),
    ) ?? [];
  return policy;
};

test.each(Object.keys(DEPLOYMENTS))("the standby of %s stands alone", (name) => {
  const { violations, deliberate, pair, standby } = check(synthesize(DEPLOYMENTS[name]));
  expect(violations).toEqual([]);
  expect(pair).toMatchObject({ primaryRegion: "us-east-1", standbyRegion: "us-west-2" });
  // Followed for real: the whole standby region, its certificate, both tables, the secret and their keys.
  expect(standby.blockCount).toBeGreaterThan(80);
  expect(deliberate.length).toBeGreaterThan(0);
});

test("every entry on the list of deliberate edges is in use", () => {
  const { deliberate } = check(synthesize(exampleSettings()));
  expect(new Set(deliberate.map(({ reason }) => reason))).toEqual(
    new Set(DELIBERATE_EDGES.map(({ reason }) => reason)),
  );
});

describe("catches", () => {
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

  test("an address of the primary region where only the name of a region belongs", () => {
    const found = violationsAfter((stacks) => {
      standbyFunction(stacks, "sweep").environment.variables.PEER_REGIONS = "https://sqs.us-east-1.amazonaws.com";
    });
    expect(found).toEqual([
      expect.stringContaining("environment.variables.PEER_REGIONS https://sqs.us-east-1.amazonaws.com"),
    ]);
  });
});

describe("is not fooled by", () => {
  test("records that are planned through the primary region", () => {
    const found = violationsAfter((stacks) => {
      stacks["failover-dns"].provider.aws[0].region = "us-east-1";
    });
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^failover-dns aws_route53_record\.SecondaryRecord_\w+ provider us-east-1$/),
      ]),
    );
  });

  test("a second provider in the standby's stack", () => {
    const found = violationsAfter((stacks) => {
      const stack = stacks["api-us-west-2"];
      stack.provider.aws.push({ alias: "other", region: "us-east-1" });
      only(stack, "aws_sns_topic").provider = "aws.other";
      standbyFunction(stacks, "cart").kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/x";
    });
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringContaining("kms_key_arn arn:aws:kms:us-east-1"),
        expect.stringMatching(/aws_sns_topic\.\w+ provider us-east-1$/),
      ]),
    );
  });

  test("an output that is a text", () => {
    const found = violationsAfter((stacks) => {
      const [output] = Object.values<AnyJson>(stacks["certificates"].output).slice(-1);
      output.value = "arn:aws:acm:us-east-1:123456789012:certificate/x";
    });
    expect(found.length).toBeGreaterThan(0);
    for (const line of found) expect(line).toMatch(/certificate_arn .*\(arn:aws:acm:us-east-1:/);
  });

  test("capitals", () => {
    const found = violationsAfter((stacks) => {
      standbyFunction(stacks, "cart").environment.variables.HOST = "api.US-EAST-1.example.com";
    });
    expect(found).toEqual([expect.stringContaining("variables.HOST api.US-EAST-1.example.com")]);
  });

  test("an endpoint without a region, which is us-east-1's", () => {
    const found = violationsAfter((stacks) => {
      standbyFunction(stacks, "cart").environment.variables.STS = "https://sts.amazonaws.com";
    });
    expect(found).toEqual([expect.stringContaining("variables.STS https://sts.amazonaws.com")]);
  });

  test("an endpoint of the primary region in a provider that two regions' stack uses", () => {
    const found = violationsAfter((stacks) => {
      stacks["certificates"].provider.aws[1].endpoints = [{ acm: "https://acm.us-east-1.amazonaws.com" }];
    });
    expect(found).toEqual(["certificates provider.aws.secondary endpoints[0].acm https://acm.us-east-1.amazonaws.com"]);
  });

  test("a wildcard in the ARN of a table without a replica", () => {
    const found = violationsAfter((stacks) => {
      const policy = standbyPolicy(stacks, "cart");
      policy.policy = policy.policy.replace("table/shop-example-checkout", "table/shop-*");
      stacks["global-data"].resource.aws_dynamodb_table.archive = { name: "shop-archive", provider: "aws.primary" };
    });
    expect(found).toEqual([expect.stringContaining("(no replica of aws_dynamodb_table.archive in us-west-2)")]);
  });

  test("a table of its own in the primary region", () => {
    const found = violationsAfter((stacks) => {
      stacks["api-us-west-2"].resource.aws_dynamodb_table = { sessions: { name: "sessions", region: "us-east-1" } };
    });
    expect(found).toEqual(["api-us-west-2 aws_dynamodb_table.sessions provider us-east-1"]);
  });

  test("a name that ends in the region after a hyphen", () => {
    const found = violationsAfter((stacks) => {
      standbyFunction(stacks, "cart").environment.variables.HOST = "login-us-east-1.example.com";
    });
    expect(found).toEqual([expect.stringContaining("variables.HOST login-us-east-1.example.com")]);
  });

  test("a region of the same beginning, which is another one", () => {
    expect(
      violationsAfter((stacks) => {
        standbyFunction(stacks, "cart").environment.variables.HOST = "us-east-10.example.com";
      }),
    ).toEqual([]);
  });

  test("a SECONDARY record that hangs on the primary's health", () => {
    const found = violationsAfter((stacks) => {
      const records: AnyJson[] = Object.values(stacks["failover-dns"].resource.aws_route53_record);
      const of = (type: string) => records.find((record) => record.failover_routing_policy?.type === type);
      of("SECONDARY").health_check_id = of("PRIMARY").health_check_id;
    });
    expect(found).toEqual([
      expect.stringMatching(
        /^failover-dns aws_route53_record\.SecondaryRecord_Cname_\w+ health_check_id \$\{aws_route53_health_check\./,
      ),
    ]);
  });

  test("a SECONDARY record that points at the primary's API by address", () => {
    expect(() =>
      violationsAfter((stacks) => {
        const records: AnyJson[] = Object.values(stacks["failover-dns"].resource.aws_route53_record);
        const secondary = records.find((record) => record.failover_routing_policy?.type === "SECONDARY");
        secondary.records = ["d-1.execute-api.us-east-1.amazonaws.com"];
      }),
    ).toThrow("expected a target in another region than the primary's, got us-east-1 for both");
  });

  test("a plain record of the standby's name that leads into the primary region", () => {
    const found = violationsAfter((stacks) => {
      const records = stacks["failover-dns"].resource.aws_route53_record;
      const ids = Object.keys(records);
      const of = (prefix: string) => records[ids.find((id) => id.startsWith(prefix)) ?? ""];
      of("SecondaryRegionRecord_A_").alias = of("PrimaryRegionRecord_A_").alias;
    });
    expect(found).toHaveLength(2);
    for (const line of found) expect(line).toMatch(/SecondaryRegionRecord_A_\w+ alias\.(?:name|zone_id)/);
  });

  test("a region that reads the primary region's state", () => {
    const found = violationsAfter((stacks) => {
      stacks["api-us-west-2"].data.terraform_remote_state.other = {
        backend: "remote",
        config: { organization: "example-org", workspaces: { name: "shop-example-api-us-east-1" } },
      };
    });
    expect(found).toEqual([
      "api-us-west-2 data.terraform_remote_state.other config state of api-us-east-1",
      "api-us-west-2 data.terraform_remote_state.other config.workspaces.name shop-example-api-us-east-1",
    ]);
  });

  test("an ARN of any region", () => {
    const found = violationsAfter((stacks) => {
      const policy = standbyPolicy(stacks, "cart");
      policy.policy = policy.policy.replace("dynamodb:us-west-2", "dynamodb:*");
      stacks["global-data"].resource.aws_dynamodb_table.checkout.replica = [];
    });
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/arn:aws:dynamodb:\*:.*\(no replica of aws_dynamodb_table\.checkout/),
      ]),
    );
  });

  test("braces in a quoted text", () => {
    expect(() =>
      violationsAfter((stacks) => {
        standbyFunction(stacks, "cart").role = '${replace("}", "}", aws_iam_role.gone.arn)}';
      }),
    ).toThrow("got a reference to aws_iam_role.gone");
  });

  test("an expression that is escaped, and so is none", () => {
    expect(
      violationsAfter((stacks) => {
        standbyFunction(stacks, "cart").description = "$${aws_iam_role.gone.arn}";
      }),
    ).toEqual([]);
  });

  test.each([
    [
      "a module",
      (stacks: AnyJson) => {
        stacks["api-us-west-2"].module = { x: { source: "./x" } };
      },
      /module: expected one of/,
    ],
    [
      "a region that only a plan tells",
      (stacks: AnyJson) => {
        stacks["api-us-west-2"].provider.aws[0].region = "${var.region}";
      },
      /expected a region by name, got/,
    ],
    [
      "a bucket without a region",
      (stacks: AnyJson) => {
        stacks["global-data"].terraform = { backend: { s3: { bucket: "b", key: "k" } } };
      },
      /backend\.s3: expected a region by name, got none/,
    ],
    [
      "a remote state without a place",
      (stacks: AnyJson) => {
        delete Object.values<AnyJson>(stacks["api-us-west-2"].data.terraform_remote_state)[0].config;
      },
      /config: expected an object, got nothing/,
    ],
    [
      "a replica that is nothing",
      (stacks: AnyJson) => {
        stacks["global-data"].resource.aws_dynamodb_table.checkout.replica = [null];
      },
      /aws_dynamodb_table\.checkout\.replica: expected an object, got null/,
    ],
  ])("%s: it cannot tell, and says so", (_what, change, message) => {
    expect(() => violationsAfter(change)).toThrow(message);
  });

  test("an output named in brackets, which it cannot follow: an error, not a pass", () => {
    expect(() =>
      violationsAfter((stacks) => {
        standbyFunction(stacks, "cart").kms_key_arn =
          '${data.terraform_remote_state.cross-stack-reference-input-certificates.outputs["x"]}';
      }),
    ).toThrow("expected a reference of the form outputs.<name>, got .outputs");
  });
});

test("a reference that leads nowhere is an error that names it, never a pass", () => {
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

test("without a failover pair there is nothing to check, which is an error", () => {
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

  test("prints a table and exits 0 when the standby stands alone, 1 when it does not", () => {
    const synthesized = synthesize(exampleSettings());
    write(synthesized);
    const good = run(folder);
    expect(good.status).toBe(0);
    expect(good.stdout).toMatch(
      /stack +resource +attribute +value\n[\s\S]*✓ no edge into us-east-1 beside \d+ deliberate ones\n$/,
    );

    standbyFunction(synthesized.stacks, "cart").kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/x";
    write(synthesized);
    const bad = run(folder);
    expect(bad.status).toBe(1);
    expect(bad.stdout).toMatch(
      /✗ api-us-west-2 +aws_lambda_function\.Functions_cart_\w+ +kms_key_arn +arn:aws:kms:us-east-1:123456789012:key\/x\n/,
    );
    expect(bad.stdout).toMatch(/✗ 1 edge leads into us-east-1: the standby would fall with it\n$/);
  });

  test("exits 2 and says what to do when there is nothing to read", () => {
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
