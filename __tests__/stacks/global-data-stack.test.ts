import { every, exampleSettings, only, statements, synthesize } from "../synthesize";

const { stacks } = synthesize(exampleSettings());
const data = stacks["global-data"];
const tables = data.resource.aws_dynamodb_table;

test("tables, keys and the secret keep their addresses in the state", () => {
  expect(Object.keys(tables).sort()).toEqual(["checkout", "orders"]);
  expect(Object.keys(data.resource.aws_kms_key).sort()).toEqual(["data_primary", "data_secondary"]);
  expect(Object.keys(data.resource.aws_secretsmanager_secret)).toEqual(["vendor"]);
});

test.each(["checkout", "orders"])(
  "table %s is on demand, streams both images and has a home in the primary region",
  (name) => {
    expect(tables[name]).toMatchObject({
      name: `shop-example-${name}`,
      provider: "aws.primary",
      billing_mode: "PAY_PER_REQUEST",
      stream_enabled: true,
      stream_view_type: "NEW_AND_OLD_IMAGES",
    });
  },
);

test.each(["checkout", "orders"])(
  "every copy of table %s has recovery, protection, tags and a key of its own region",
  (name) => {
    const table = tables[name];
    expect(table.point_in_time_recovery).toEqual({ enabled: true });
    expect(table.deletion_protection_enabled).toBe(true);
    expect(table.server_side_encryption).toEqual({ enabled: true, kms_key_arn: "${aws_kms_key.data_primary.arn}" });
    expect(table.tags).toMatchObject({ Project: "shop", Service: "checkout" });
    expect(table.replica).toEqual([
      {
        region_name: "us-west-2",
        kms_key_arn: "${aws_kms_key.data_secondary.arn}",
        point_in_time_recovery: true,
        deletion_protection_enabled: true,
        propagate_tags: true,
      },
    ]);
    expect(data.resource.aws_kms_key.data_primary.provider).toBe("aws.primary");
    expect(data.resource.aws_kms_key.data_secondary.provider).toBe("aws.secondary");
  },
);

test("replica changes are not ignored: the replica block is the only owner of replicas", () => {
  for (const table of every(data, "aws_dynamodb_table")) {
    expect(table.lifecycle.ignore_changes ?? []).not.toContain("replica");
  }
  expect(data.resource.aws_dynamodb_table_replica).toBeUndefined();
});

test("carts are keyed by user and expire; orders are keyed by order and never expire", () => {
  expect(tables.checkout).toMatchObject({
    hash_key: "userId",
    ttl: { attribute_name: "expiresAtSeconds", enabled: true },
  });
  expect(tables.checkout.attribute).toEqual([{ name: "userId", type: "S" }]);
  expect(tables.orders.hash_key).toBe("orderId");
  expect(tables.orders.ttl).toBeUndefined();
});

test("the index of unpaid orders is sparse, ordered by when they were last enqueued, and holds keys only", () => {
  expect(tables.orders.global_secondary_index).toEqual([
    { name: "unpaid-by-region", hash_key: "unpaidRegion", range_key: "lastEnqueuedAtMs", projection_type: "KEYS_ONLY" },
  ]);
  expect(tables.orders.attribute).toEqual([
    { name: "orderId", type: "S" },
    { name: "unpaidRegion", type: "S" },
    { name: "lastEnqueuedAtMs", type: "N" },
  ]);
});

test.each([
  ["data_primary", "us-east-1"],
  ["data_secondary", "us-west-2"],
])("key %s rotates and is usable only through the data services of %s", (id, region) => {
  const key = data.resource.aws_kms_key[id];
  expect(key).toMatchObject({ enable_key_rotation: true, lifecycle: { prevent_destroy: true } });
  const [admin, use] = statements(key.policy);
  expect(admin.Principal).toEqual({ AWS: "arn:aws:iam::123456789012:root" });
  expect(use.Condition.StringEquals).toEqual({
    "kms:CallerAccount": "123456789012",
    "kms:ViaService": [`dynamodb.${region}.amazonaws.com`, `secretsmanager.${region}.amazonaws.com`],
  });
});

test("the vendor's secret has a replica under the standby's key, and no value in Terraform", () => {
  expect(only(data, "aws_secretsmanager_secret")).toMatchObject({
    name: "shop-example/vendor-api-key",
    provider: "aws.primary",
    kms_key_id: "${aws_kms_key.data_primary.arn}",
    force_overwrite_replica_secret: true,
    recovery_window_in_days: 30,
    replica: [{ region: "us-west-2", kms_key_id: "${aws_kms_key.data_secondary.arn}" }],
    lifecycle: { prevent_destroy: true },
  });
  expect(data.resource.aws_secretsmanager_secret_version).toBeUndefined();
});

test("the secret's name does not end like an ARN's, in a hyphen and six characters", () => {
  expect(only(data, "aws_secretsmanager_secret").name).not.toMatch(/-[A-Za-z0-9]{6}$/);
});

test("a deployment without data protection protects nothing", () => {
  const sandbox = synthesize(exampleSettings({ protectData: false })).stacks["global-data"];
  for (const table of every(sandbox, "aws_dynamodb_table")) {
    expect(table).toMatchObject({ deletion_protection_enabled: false, lifecycle: { prevent_destroy: false } });
    expect(table.replica[0].deletion_protection_enabled).toBe(false);
  }
  expect(only(sandbox, "aws_secretsmanager_secret").recovery_window_in_days).toBe(0);
});

test("a table that exists already keeps its name, and functions find it by that name", () => {
  const { stacks: adopted } = synthesize(exampleSettings({ tableNames: { checkout: "carts" } }));
  expect(adopted["global-data"].resource.aws_dynamodb_table.checkout.name).toBe("carts");
  expect(JSON.stringify(adopted["api-us-west-2"])).toContain("arn:aws:dynamodb:us-west-2:123456789012:table/carts");
});

test("warm throughput is left to DynamoDB unless the settings name it", () => {
  expect(tables.checkout.warm_throughput).toBeUndefined();
  const warmThroughput = { readUnitsPerSecond: 24_000, writeUnitsPerSecond: 8_000 };
  const warm = synthesize(exampleSettings({ warmThroughput })).stacks["global-data"];
  for (const table of every(warm, "aws_dynamodb_table")) {
    expect(table.warm_throughput).toEqual({ read_units_per_second: 24_000, write_units_per_second: 8_000 });
    // DynamoDB raises it by itself, and the provider would replace the table to lower it again.
    expect(table.lifecycle).toMatchObject({ prevent_destroy: true });
    expect(table.lifecycle.ignore_changes).toContain("warm_throughput");
  }
});

test("an index is as warm as its table: a cold one would throttle writes to the table", () => {
  const warmThroughput = { readUnitsPerSecond: 24_000, writeUnitsPerSecond: 8_000 };
  const { orders } = synthesize(exampleSettings({ warmThroughput })).stacks["global-data"].resource.aws_dynamodb_table;
  expect(orders.global_secondary_index).toHaveLength(1);
  for (const index of orders.global_secondary_index) expect(index.warm_throughput).toEqual(orders.warm_throughput);
});

test("an index whose throughput DynamoDB has raised is not planned anew", () => {
  expect(tables.orders.lifecycle).toEqual({ prevent_destroy: true, ignore_changes: ["global_secondary_index"] });
  expect(tables.checkout.lifecycle).toEqual({ prevent_destroy: true });
});
