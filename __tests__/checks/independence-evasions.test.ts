import { type AnyJson, only } from "../synthesize";
import { standbyFunction, standbyPolicy, violationsAfter } from "./standby";

describe("handles", () => {
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

  test("a host name that ends in the region after a hyphen", () => {
    const found = violationsAfter((stacks) => {
      standbyFunction(stacks, "cart").environment.variables.HOST = "login-us-east-1.example.com";
    });
    expect(found).toEqual([expect.stringContaining("variables.HOST login-us-east-1.example.com")]);
  });

  test("another region whose name begins with the primary's", () => {
    expect(
      violationsAfter((stacks) => {
        standbyFunction(stacks, "cart").environment.variables.HOST = "us-east-10.example.com";
      }),
    ).toEqual([]);
  });

  test("a SECONDARY record with the primary's health check", () => {
    const found = violationsAfter((stacks) => {
      const records: AnyJson[] = Object.values(stacks["failover-dns"].resource.aws_route53_record);
      const of = (failover: string) =>
        records.find(({ type, failover_routing_policy: it }) => type === "CNAME" && it?.type === failover);
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
        const secondary = records.find(
          ({ type, failover_routing_policy: it }) => type === "CNAME" && it?.type === "SECONDARY",
        );
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

  test("an escaped expression, which is literal text", () => {
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
      "a region that is an expression",
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
      "a remote state without a config",
      (stacks: AnyJson) => {
        delete Object.values<AnyJson>(stacks["api-us-west-2"].data.terraform_remote_state)[0].config;
      },
      /config: expected an object, got nothing/,
    ],
    [
      "a replica that is null",
      (stacks: AnyJson) => {
        stacks["global-data"].resource.aws_dynamodb_table.checkout.replica = [null];
      },
      /aws_dynamodb_table\.checkout\.replica: expected an object, got null/,
    ],
  ])("%s with an error", (_what, change, message) => {
    expect(() => violationsAfter(change)).toThrow(message);
  });

  test("an output named in brackets with an error, since it cannot follow it", () => {
    expect(() =>
      violationsAfter((stacks) => {
        standbyFunction(stacks, "cart").kms_key_arn =
          '${data.terraform_remote_state.cross-stack-reference-input-certificates.outputs["x"]}';
      }),
    ).toThrow("expected a reference of the form outputs.<name>, got .outputs");
  });
});
