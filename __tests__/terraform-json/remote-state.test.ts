import type { JsonObject } from "../../terraform-json/json";
import { producerOf, stateOwner } from "../../terraform-json/remote-state";
import { type Block, parseStack, type Stack } from "../../terraform-json/stack";

function stackAt(name: string, terraform: JsonObject, more: JsonObject = {}): Stack {
  return parseStack(name, { terraform, ...more }, `stacks/${name}/cdk.tf.json`);
}

/** A stack that reads a state, and the block by which it does. */
function reading(backend: string, config: JsonObject): { reader: Stack; block: Block } {
  const data = { terraform_remote_state: { other: { backend, config } } };
  const reader = stackAt("reader", { backend: { local: { path: "reader.tfstate" } } }, { data });
  return { reader, block: reader.blocks.get("data.terraform_remote_state.other") as Block };
}

const s3 = (key: string) => ({ backend: { s3: { bucket: "states", key, region: "us-east-1" } } });
const cloud = (name: string) => ({ cloud: { organization: "org", workspaces: { name } } });
const OWNERS = [
  stackAt("in-s3", s3("a/b.tfstate")),
  stackAt("in-s3-too", s3("b/b.tfstate")),
  stackAt("in-cloud", cloud("api")),
  stackAt("in-cloud-too", cloud("dns")),
  stackAt("in-a-file", { backend: { local: { path: "../../../api.tfstate" } } }),
  stackAt("elsewhere", { backend: { gcs: { bucket: "states", prefix: "api" } } }),
  stackAt("nowhere", {}),
];

test.each<[string, string, JsonObject]>([
  ["in-s3", "s3", { bucket: "states", key: "a/b.tfstate" }],
  ["in-s3-too", "s3", { bucket: "states", key: "b/b.tfstate", region: "eu-west-1" }],
  ["in-cloud", "remote", { organization: "org", workspaces: { name: "api" } }],
  ["in-cloud-too", "remote", { hostname: "app.terraform.io", organization: "org", workspaces: [{ name: "dns" }] }],
  ["in-a-file", "local", { path: "../../../api.tfstate" }],
  ["in-a-file", "local", { path: "../../../stacks/../api.tfstate" }],
  ["elsewhere", "gcs", { prefix: "api", bucket: "states" }],
])("the state of %s is known by backend %s with %j", (owner, backend, config) => {
  const { reader, block } = reading(backend, config);
  expect(stateOwner(block, [reader, ...OWNERS]).name).toBe(owner);
});

test.each<[string, JsonObject]>([
  ["s3", { bucket: "states", key: "c/b.tfstate" }],
  ["s3", { bucket: "other", key: "a/b.tfstate" }],
  ["remote", { organization: "other", workspaces: { name: "api" } }],
  ["remote", { hostname: "tfe.example.com", organization: "org", workspaces: { name: "api" } }],
  ["local", { path: "../api.tfstate" }],
  ["gcs", { bucket: "states", prefix: "dns" }],
])("a state in %s at %j is nobody's, which is an error", (backend, config) => {
  const { reader, block } = reading(backend, config);
  expect(() => stateOwner(block, [reader, ...OWNERS])).toThrow(
    /^reader: data\.terraform_remote_state\.other: expected a stack that keeps its state at \S+ .*, got none; is a stack missing\?$/,
  );
});

describe("an output of the other stack", () => {
  const owner = stackAt("owner", s3("key"), { output: { arn: { value: "${aws_x.y.arn}" } } });
  const { reader, block } = reading("s3", { bucket: "states", key: "key" });
  const produced = (rest: string) => producerOf(block, rest, [reader, owner]);

  test("is found by name", () => {
    expect(produced(".outputs.arn")).toEqual({ stack: owner, name: "arn", value: "${aws_x.y.arn}" });
  });

  test.each([
    [".outputs.gone", "reader: data.terraform_remote_state.other: expected an output gone of stack owner, got none"],
    [".outputs", "expected a reference of the form outputs.<name>, got .outputs"],
    ["", "expected a reference of the form outputs.<name>, got none"],
  ])("by %j it is an error", (rest, message) => {
    expect(() => produced(rest)).toThrow(message);
  });

  test("needs a config to be found by", () => {
    const { reader: other, block: without } = reading("s3", { bucket: "states" });
    const broken = { ...without, body: { backend: "s3" } };
    expect(() => stateOwner(broken, [other, owner])).toThrow("other.config: expected an object, got nothing");
  });
});
