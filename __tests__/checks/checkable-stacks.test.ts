import { checkableStacks } from "../../checks/checkable-stacks";
import { DeclarationError } from "../../terraform-json/errors";
import type { JsonObject } from "../../terraform-json/json";
import { parseStack } from "../../terraform-json/stack";

const LOCAL = { backend: { local: { path: "api.tfstate" } } };
const check = (json: JsonObject) =>
  checkableStacks({ description: "a test", read: () => [parseStack("api", json, "api/cdk.tf.json")] });
const queueIn = (provider: JsonObject, body: JsonObject = {}) => ({
  terraform: LOCAL,
  provider: { aws: provider },
  resource: { aws_sqs_queue: { Q: body } },
});

test("stacks with literal regions and backends are returned unchanged", () => {
  const stacks = check(queueIn({ region: "us-gov-west-1" }));
  expect(stacks.map(({ name }) => name)).toEqual(["api"]);
});

test.each<[string, JsonObject, string]>([
  ["no backend", {}, "api: terraform: expected a backend, got none; declare where the stack keeps its state"],
  [
    "a bucket whose region is an expression",
    { terraform: { backend: { s3: { bucket: "b", key: "k", region: "${var.region}" } } } },
    'api: terraform.backend.s3: expected a region by name, got "${var.region}"; write it as a text',
  ],
  [
    "a provider without a region",
    queueIn({}),
    "api: aws_sqs_queue.Q: expected a region by name, got none; write it as a text",
  ],
  [
    "a provider whose region is an expression",
    queueIn({ region: "${var.region}" }),
    'api: aws_sqs_queue.Q: expected a region by name, got "${var.region}"; write it as a text',
  ],
  [
    "a resource whose own region does not exist",
    queueIn({ region: "us-east-1" }, { region: "east" }),
    'api: aws_sqs_queue.Q: expected a region by name, got "east"; write it as a text',
  ],
  [
    "a resource whose own region is a number",
    queueIn({ region: "us-east-1" }, { region: 1 }),
    "api: aws_sqs_queue.Q: expected a region by name, got 1; write it as a text",
  ],
])("%s cannot be checked", (_, json, message) => {
  expect(() => check(json)).toThrow(new DeclarationError(message));
});
