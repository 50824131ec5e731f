import { App, CloudBackend, NamedCloudWorkspace, TerraformStack, Testing } from "cdktf";
import { DEPLOYMENTS } from "../../config/deployments";
import { attachStateBackend } from "../../constructs/providers-and-state/state-backend";
import { exampleSettings, scratchFolder, synthesize } from "../synthesize";

test("deploys data and certificates first, then the regions, then the records", () => {
  const { manifest } = synthesize(exampleSettings());
  const dependencies = Object.fromEntries(
    Object.entries<{ dependencies: string[] }>(manifest.stacks).map(([name, stack]) => [
      name,
      stack.dependencies.sort(),
    ]),
  );
  expect(dependencies).toEqual({
    "global-data": [],
    certificates: [],
    "api-us-east-1": ["certificates", "global-data"],
    "api-us-west-2": ["certificates", "global-data"],
    "failover-dns": ["api-us-east-1", "api-us-west-2"],
  });
});

test("no region reads the other region's state", () => {
  const { stacks } = synthesize(exampleSettings());
  for (const region of ["us-east-1", "us-west-2"]) {
    expect(Object.keys(stacks[`api-${region}`].data.terraform_remote_state)).toEqual([
      "cross-stack-reference-input-certificates",
    ]);
  }
});

test("each stack has an HCP Terraform workspace of its own", () => {
  const { stacks } = synthesize(exampleSettings());
  for (const [name, stack] of Object.entries(stacks)) {
    expect(stack.terraform.cloud).toEqual({
      organization: "example-org",
      workspaces: { name: `shop-example-${name}` },
    });
    expect(stack.terraform.backend).toBeUndefined();
  }
});

test("in S3 each stack has an object of its own, encrypted and locked by S3's own lock file", () => {
  const backend = { type: "s3", bucket: "example-states", region: "eu-west-1", keyPrefix: "shop/example" };
  const { stacks } = synthesize(exampleSettings({ backend }));
  for (const [name, stack] of Object.entries(stacks)) {
    expect(stack.terraform.backend.s3).toEqual({
      bucket: "example-states",
      region: "eu-west-1",
      key: `shop/example/${name}.tfstate`,
      encrypt: true,
      use_lockfile: true,
    });
  }
});

test("with the local backend each state is next to cdktf.out", () => {
  const { stacks } = synthesize(DEPLOYMENTS["sandbox"]);
  for (const [name, stack] of Object.entries(stacks)) {
    expect(stack.terraform.backend.local).toEqual({ path: `../../../terraform.${name}.tfstate` });
  }
});

test("an emulator gets keys that AWS refuses, and the provider for AWS is limited to one account", () => {
  for (const stack of Object.values(synthesize(DEPLOYMENTS["sandbox"]).stacks)) {
    for (const provider of stack.provider.aws)
      expect(provider).toMatchObject({ access_key: "123456789012", secret_key: "emulator" });
  }
  for (const stack of Object.values(synthesize(DEPLOYMENTS["production"]).stacks)) {
    for (const provider of stack.provider.aws) {
      expect(provider).toMatchObject({ allowed_account_ids: ["123456789012"] });
      expect(provider.access_key).toBeUndefined();
    }
  }
});

test.each(Object.keys(DEPLOYMENTS))("%s names no path of this machine and pins provider and Terraform", (name) => {
  for (const stack of Object.values(synthesize(DEPLOYMENTS[name]).stacks)) {
    const json = JSON.stringify(stack);
    expect(json).not.toContain(process.cwd());
    expect(json).not.toMatch(/"path":"\//);
    expect(stack.terraform.required_providers.aws.version).toBe("6.25.0");
    expect(stack.terraform.required_version).toBe(">= 1.11.0, < 2.0.0");
  }
});

test("writes the same cloud block and remote-state read as cdktf's own CloudBackend", () => {
  const describe = (attach: (stack: TerraformStack) => void) => {
    const app = Testing.stubVersion(new App({ stackTraces: false, skipValidation: true, outdir: scratchFolder() }));
    const stack = new TerraformStack(app, "api");
    attach(stack);
    const reader = new TerraformStack(app, "reader");
    app.crossStackReference(stack, reader, "x.y");
    const { terraform, "//": meta } = stack.toTerraform();
    return { cloud: terraform.cloud, meta: meta.metadata, reader: reader.toTerraform().data };
  };
  const ours = describe((stack) =>
    attachStateBackend(stack, {
      type: "cloud",
      organization: "o",
      workspacePrefix: "shop-",
      hostname: "tfe.example.com",
    }),
  );
  const theirs = describe((stack) => {
    new CloudBackend(stack, {
      organization: "o",
      hostname: "tfe.example.com",
      workspaces: new NamedCloudWorkspace("shop-api"),
    });
  });
  expect(ours.cloud).toEqual(theirs.cloud);
  expect(ours.reader).toEqual(theirs.reader);
  expect(ours.meta.cloud).toEqual(theirs.meta.cloud);
});
