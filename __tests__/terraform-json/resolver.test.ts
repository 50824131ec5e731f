import type { JsonObject } from "../../terraform-json/json";
import { Resolver } from "../../terraform-json/resolver";
import { parseStack } from "../../terraform-json/stack";

const AWS = { aws: { region: "us-east-1", allowed_account_ids: ["111111111111"] } };
const STATE = { backend: { local: { path: "shared.tfstate" } } };

const stack = (name: string, json: JsonObject) =>
  parseStack(name, { provider: AWS, ...json }, `/out/stacks/${name}/cdk.tf.json`);
const queue = (name: string, more: JsonObject = {}) => ({ resource: { aws_sqs_queue: { Q: { name } } }, ...more });
const nameOf = (...stacks: ReturnType<typeof stack>[]) =>
  new Resolver(stacks).all("aws_sqs_queue").map(({ fields }) => fields.text("name"))[0];

test("a resource comes with its address, folder, region and what AWS would add", () => {
  const [found] = new Resolver([stack("api", queue("orders"))]).all("aws_sqs_queue");
  expect(found).toMatchObject({ address: "api: aws_sqs_queue.Q", folder: "/out/stacks/api", region: "us-east-1" });
  expect(found?.fields.text("arn")).toBe("arn:aws:sqs:us-east-1:111111111111:orders");
});

test.each<[string, JsonObject, string]>([
  ["${local.a}-x", { locals: { a: "${local.b}", b: "orders" } }, "orders-x"],
  ['${upper("${local.a}-x")}', { locals: { a: "orders" } }, "ORDERS-X"],
  ['${join("-", [for n in ["a", "b"] : "${n}1"])}', {}, "a1-b1"],
  ['${"$${n}"}', {}, "${n}"],
  [
    "${aws_sns_topic.T.arn}",
    { resource: { aws_sns_topic: { T: { name: "t" } } } },
    "arn:aws:sns:us-east-1:111111111111:t",
  ],
])("%s is resolved", (name, more, resolved) => {
  const { resource = {}, ...rest } = more as { resource?: JsonObject };
  expect(nameOf(stack("api", { ...rest, resource: { ...queue(name).resource, ...resource } }))).toBe(resolved);
});

test("an output of another stack is resolved in that stack, even when it declares nothing else", () => {
  const data = { terraform_remote_state: { S: { backend: "local", config: { path: "../producer/shared.tfstate" } } } };
  const producer = stack("producer", {
    terraform: STATE,
    locals: { n: "orders" },
    output: { n: { value: "${local.n}" } },
  });
  expect(nameOf(stack("api", queue("${data.terraform_remote_state.S.outputs.n}", { data })), producer)).toBe("orders");
});

test.each<[string, string, JsonObject, string]>([
  [
    "a missing block",
    "${aws_x.gone.arn}",
    {},
    "api: aws_sqs_queue.Q.name: ${aws_x.gone.arn}: api declares no aws_x.gone",
  ],
  ["a missing local value", "${local.gone}", {}, "api declares no local.gone"],
  ["a variable", "${var.n}", { variable: { n: {} } }, "var.n: expected a value, got a variable, which a plan sets"],
  ["itself", "${aws_sqs_queue.Q.arn}", {}, "api: aws_sqs_queue.Q: refers to itself through other blocks"],
  ["an operator", "${1 + 1}", {}, 'cannot read the expression at "+ 1"'],
  ["an unclosed expression", "${local.x", {}, "api: aws_sqs_queue.Q.name: expected a } for each ${"],
  ["a directive", "%{ if true }a%{ endif }", {}, "expected no directives such as %{ if }"],
  [
    "its own state",
    "${data.terraform_remote_state.S.outputs.n}",
    {
      terraform: STATE,
      data: { terraform_remote_state: { S: { backend: "local", config: { path: "shared.tfstate" } } } },
    },
    "api: data.terraform_remote_state.S: must read another stack's state",
  ],
])("%s cannot be resolved, which is said with the place", (_, name, more, message) => {
  expect(() => nameOf(stack("api", queue(name, more)))).toThrow(message);
});

test.each<[string, JsonObject]>([
  ["an expression", { aws: { region: "${var.region}" } }],
  ["nothing", { aws: {} }],
])("a resource whose region is %s is refused when it is asked for, and not before", (_, provider) => {
  const resolver = new Resolver([stack("api", { ...queue("q"), provider })]);
  expect(() => resolver.all("aws_sqs_queue")).toThrow(
    /^api: aws_sqs_queue\.Q: must have a literal region, its own or its provider's, got /,
  );
});

test("stacks of two accounts are refused", () => {
  const other = stack("other", { provider: { aws: { allowed_account_ids: ["222222222222"] } } });
  expect(() => new Resolver([stack("api", {}), other])).toThrow(
    "providers: must allow one account, got 111111111111, 222222222222",
  );
});
