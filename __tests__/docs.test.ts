import fs from "node:fs";
import path from "node:path";
import { DEPLOYMENTS } from "../config/deployments";
import { type AnyJson, synthesize } from "./synthesize";

const ROOT = path.resolve(__dirname, "..");
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");

test("every resource address in the deployment guide exists in the production template", () => {
  const { stacks } = synthesize(DEPLOYMENTS["production"]);
  const declared = new Set(
    Object.values<AnyJson>(stacks).flatMap((stack) =>
      Object.entries<AnyJson>(stack.resource).flatMap(([type, blocks]) =>
        Object.keys(blocks).map((id) => `${type}.${id}`),
      ),
    ),
  );
  const named = [...read("docs/deploying.md").matchAll(/\b(aws_\w+\.[A-Za-z][\w-]+)/g)].map(
    ([, address]) => address ?? "",
  );
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((address) => !declared.has(address))).toEqual([]);
});

test.each(["README.md", "docs/deploying.md", "docs/checkout-service.md", "docs/runbook.md"])(
  "every npm script that %s names exists",
  (file) => {
    const { scripts } = JSON.parse(read("package.json"));
    const named = [...read(file).matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script ?? "");
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  },
);

test.each([
  "README.md",
  "CONTRIBUTING.md",
  "docs/after-cdktf.md",
  "docs/deploying.md",
  "docs/checkout-service.md",
  "docs/runbook.md",
  "docs/decisions/README.md",
  "drill/README.md",
  "local-aws/README.md",
  "terraform-json/README.md",
  "topology/README.md",
])("every link in %s leads to a file", (file) => {
  const links = [...read(file).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link]) => link ?? "");
  const broken = links.filter((link) => !fs.existsSync(path.join(ROOT, path.dirname(file), link)));
  expect(broken).toEqual([]);
});

test.each(["README.md", "CONTRIBUTING.md", "terraform-json/README.md"])(
  "every file that %s names in the tree exists",
  (file) => {
    const own = path.dirname(file);
    const roots = [
      "constructs",
      "config",
      "stacks",
      "topology",
      "terraform-json",
      "local-aws",
      "drill",
      "checks",
      "docs",
    ];
    const named = [...read(file).matchAll(/`((?:\w[\w-]*\/)+[\w-]+\.(?:ts|md))`/g)]
      .map(([, name]) => name ?? "")
      .filter((name) => roots.includes(name.split("/")[0] ?? ""));
    expect(named.length).toBeGreaterThan(0);
    const missing = named.filter(
      (name) => !fs.existsSync(path.join(ROOT, name)) && !fs.existsSync(path.join(ROOT, own, name)),
    );
    expect(missing).toEqual([]);
  },
);
