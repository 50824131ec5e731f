import { DeclarationError } from "../../terraform-json/errors";
import type { JsonObject } from "../../terraform-json/json";
import { parseStack } from "../../terraform-json/stack";

const parse = (json: JsonObject) => parseStack("api", json, "stacks/api/cdk.tf.json");
const AWS = { provider: { aws: [{ region: "us-east-1" }, { alias: "west", region: "us-west-2" }] } };

test("resources, data sources, local values and variables are blocks by address, in the order of the JSON", () => {
  const { blocks } = parse({
    ...AWS,
    resource: { aws_sqs_queue: { Orders: { name: "orders", "//": { metadata: {} } } } },
    data: { terraform_remote_state: { Other: { backend: "local" } } },
    locals: { name: "x" },
    variable: { size: { default: 1 } },
  });
  expect([...blocks].map(([address, { kind, type, body }]) => [address, kind, type, body])).toEqual([
    ["aws_sqs_queue.Orders", "resource", "aws_sqs_queue", { name: "orders" }],
    ["data.terraform_remote_state.Other", "data", "terraform_remote_state", { backend: "local" }],
    ["local.name", "local", "local", { value: "x" }],
    ["var.size", "var", "var", { value: { default: 1 } }],
  ]);
});

test.each<[string, JsonObject, string | undefined]>([
  ["its own region", { region: "eu-west-1", provider: "aws.west" }, "eu-west-1"],
  ["the region of the provider it names", { provider: "aws.west" }, "us-west-2"],
  ["the region of the provider without an alias", {}, "us-east-1"],
  ["its provider's when its own is empty", { region: "" }, "us-east-1"],
  ["no region when its own is no text", { region: 1 }, undefined],
])("a block is in %s", (_, body, region) => {
  const { blocks } = parse({ ...AWS, resource: { aws_sqs_queue: { Q: body } } });
  expect(blocks.get("aws_sqs_queue.Q")?.region).toBe(region);
});

test("what is not AWS's has no provider and no region", () => {
  const { blocks } = parse({ ...AWS, data: { terraform_remote_state: { S: { region: "us-east-1" } } } });
  expect(blocks.get("data.terraform_remote_state.S")).toMatchObject({ provider: undefined, region: undefined });
});

test("a block written as a list of one is that block", () => {
  const { blocks } = parse({ ...AWS, resource: { aws_sqs_queue: { Q: [{ name: "q" }] } } });
  expect(blocks.get("aws_sqs_queue.Q")?.body).toEqual({ name: "q" });
});

test.each([
  ["a cloud block", { cloud: { organization: "o" } }, { type: "remote", config: { organization: "o" } }],
  ["a backend", { backend: { s3: { bucket: "b" } } }, { type: "s3", config: { bucket: "b" } }],
  ["neither", {}, undefined],
])("the state is where %s says", (_, terraform, backend) => {
  expect(parse({ terraform }).backend).toEqual(backend);
});

test.each<[string, JsonObject, string]>([
  ["an unknown section", { module: {} }, "api: module: expected one of //, terraform, provider"],
  ["a section that is a list", { resource: [{}] }, "api: resource: expected an object, got [{}]"],
  ["a type that is a list", { data: { aws_x: [{}] } }, "api: data.aws_x: expected an object, got [{}]"],
  ["a block that is a text", { resource: { aws_x: { a: "b" } } }, 'api: aws_x.a: expected an object, got "b"'],
  ["a block written twice", { resource: { aws_x: { a: [{}, {}] } } }, "api: aws_x.a: expected an object, got [{},{}]"],
  ["local values that are a list", { locals: [] }, "api: locals: expected an object, got []"],
  ["variables that are a list", { variable: [] }, "api: variable: expected an object, got []"],
  ["an output that is a text", { output: { x: "y" } }, 'api: output.x: expected an object, got "y"'],
  ["a provider that is a text", { provider: { aws: "x" } }, 'api: provider.aws: expected an object, got "x"'],
  [
    "a backend that is a text",
    { terraform: { backend: { s3: "x" } } },
    "api: terraform.backend.s3: expected an object",
  ],
  [
    "a resource without its provider",
    { resource: { aws_x: { a: {} } } },
    "api: aws_x.a: expected a provider aws, got none",
  ],
  [
    "an alias that no provider has",
    { ...AWS, resource: { aws_x: { a: { provider: "aws.gone" } } } },
    "api: aws_x.a: expected a provider aws.gone, got none; declare it in the stack",
  ],
])("%s is refused with its place", (_, json, message) => {
  expect(() => parse(json)).toThrow(DeclarationError);
  expect(() => parse(json)).toThrow(message);
});
