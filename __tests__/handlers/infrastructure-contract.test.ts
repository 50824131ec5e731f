import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { HANDLER_NAMES } from "../../constructs/functions/handler-names";
import { heartbeatKey as grantedKey } from "../../constructs/replicated-data/heartbeat";
import { DynamoDbCartStore } from "../../handlers/adapters/dynamodb-cart-store";
import { heartbeatKey } from "../../handlers/adapters/dynamodb-heartbeat-store";
import { UNPAID_BY_REGION_INDEX } from "../../handlers/adapters/dynamodb-order-store";
import { type AnyJson, every, exampleSettings, synthesize } from "../synthesize";
import { REGIONS, regionalCart } from "./events";
import { CARTS, ORDERS, startDynamoDb, TABLES } from "./local-dynamodb";

// What the handlers and the stacks agree on by name only, held against the synthesized Terraform.

const { stacks } = synthesize(exampleSettings());
const declared = stacks["global-data"].resource.aws_dynamodb_table;
const functions = ["api-us-west-2", "failover-dns"].flatMap((stack) => every(stacks[stack], "aws_lambda_function"));

function createTableInput(table: AnyJson) {
  const key = (name: string, type: "HASH" | "RANGE") => ({ AttributeName: name, KeyType: type });
  return {
    BillingMode: table.billing_mode,
    AttributeDefinitions: table.attribute.map(({ name, type }: AnyJson) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    KeySchema: [key(table.hash_key, "HASH")],
    ...(table.global_secondary_index.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: table.global_secondary_index.map((index: AnyJson) => ({
            IndexName: index.name,
            KeySchema: [key(index.hash_key, "HASH"), key(index.range_key, "RANGE")],
            Projection: { ProjectionType: index.projection_type },
          })),
        }),
  };
}

test.each([
  [CARTS, "checkout"],
  [ORDERS, "orders"],
])("the tests' table %s is the one that Terraform declares", (name, id) => {
  const { TableName: _, ...input } = TABLES.find(({ TableName }) => TableName === name) ?? {};
  expect(input).toEqual(createTableInput(declared[id]));
});

test("orders are found by the index that Terraform declares and the sweep may query", () => {
  expect(declared.orders.global_secondary_index.map(({ name }: AnyJson) => name)).toEqual([UNPAID_BY_REGION_INDEX]);
  expect(JSON.stringify(stacks["api-us-west-2"])).toContain(`/index/${UNPAID_BY_REGION_INDEX}`);
});

test("the heartbeat writes the key that its role is limited to", () => {
  expect(["us-east-1", "eu-central-1"].map(heartbeatKey)).toEqual(["us-east-1", "eu-central-1"].map(grantedKey));
});

test("the heartbeat's tables have the partition keys that it writes", () => {
  expect([declared.checkout.hash_key, declared.orders.hash_key]).toEqual(["userId", "orderId"]);
});

test("carts carry the attribute by which Terraform lets them expire, in seconds", async () => {
  const database = await startDynamoDb();
  try {
    const store = new DynamoDbCartStore(database.client, CARTS, REGIONS);
    await store.replace(regionalCart("u", {}, { expiresAtSeconds: 1_800_000_000 }), 0);
    const Key = { userId: { S: "u→us-east-1" } };
    const { Item } = await database.client.send(new GetItemCommand({ TableName: CARTS, Key }));
    expect(Item?.[declared.checkout.ttl.attribute_name]).toEqual({ N: "1800000000" });
  } finally {
    await database.stop();
  }
});

test("the shop's metrics on the dashboard are counted by functions that exist, in the namespace that they are given", () => {
  const [dashboard] = every(stacks["api-us-west-2"], "aws_cloudwatch_dashboard");
  const graphs: AnyJson[] = JSON.parse(dashboard.dashboard_body).widgets;
  const metrics = graphs.flatMap(({ properties }) => properties.metrics);
  const ours = metrics.filter(([namespace]: string[]) => namespace === "shop-example");
  expect(ours.map(([, name]: string[]) => name)).toEqual(expect.arrayContaining(["OrdersAccepted", "OrdersPaid"]));
  for (const [namespace, , dimension, service] of ours) {
    const counting = functions.find(({ function_name }) => function_name === service);
    expect([dimension, counting?.environment.variables.METRICS_NAMESPACE]).toEqual(["service", namespace]);
  }
});

test.each(HANDLER_NAMES)("%s starts with the environment that Terraform gives it, and reads all of it", (name) => {
  const lambda = functions.find(({ function_name }) => function_name === `shop-example-${name}`);
  const given: Record<string, string> = Object.fromEntries(
    Object.entries<string>(lambda.environment?.variables ?? {}).map(([key, value]) => [
      key,
      value.replace(
        /^\$\{aws_sqs_queue\..*\}$/,
        "https://sqs.us-west-2.amazonaws.com/123456789012/shop-example-payments",
      ),
    ]),
  );
  const read = new Set<string>();
  const before = process.env;
  process.env = new Proxy<Record<string, string | undefined>>(
    {
      ...before,
      ...given,
      AWS_REGION: "us-west-2",
      AWS_LAMBDA_FUNCTION_NAME: lambda.function_name,
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    },
    {
      get: (target, key) => {
        read.add(String(key));
        return target[String(key)];
      },
    },
  ) as NodeJS.ProcessEnv;
  try {
    jest.isolateModules(() => {
      expect(typeof require(`../../handlers/${name}`).handler).toBe("function");
    });
  } finally {
    process.env = before;
  }
  expect(Object.keys(given).filter((key) => !read.has(key))).toEqual([]);
});
