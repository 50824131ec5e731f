import fs from "node:fs";
import path from "node:path";
import { HANDLER_NAMES } from "../constructs/functions/handler-names";
import { checkout, contents, synth } from "./synth-command";

test("two synths from two folders, with touched files, are byte-identical, zips included", () => {
  const [one, two] = [checkout("one"), checkout("another-folder")];
  const first = synth(one);
  expect(first.stdout).toContain('Deployment "example"');
  expect(first.status).toBe(0);
  for (const entry of fs.readdirSync(path.join(two, "handlers")))
    fs.utimesSync(path.join(two, "handlers", entry), 1, 1);
  expect(synth(two).status).toBe(0);

  const files = contents(path.join(one, "cdktf.out"));
  expect(contents(path.join(two, "cdktf.out"))).toEqual(files);
  // Five stacks, a manifest, eight zips in each of two regions, and the watch's.
  expect(Object.keys(files)).toHaveLength(23);
  for (const file of Object.keys(files).filter((name) => name.endsWith(".json"))) {
    const text = fs.readFileSync(path.join(one, "cdktf.out", file), "utf8");
    expect(text).not.toContain(one);
    expect(text).not.toContain(String(new Date().getUTCFullYear()));
  }
});

test("picks the deployment by DEPLOYMENT, and leaves no stack of the one before", () => {
  const folder = checkout("switch");
  expect(synth(folder).status).toBe(0);
  const config = path.join(folder, "config/deployments/sandbox.ts");
  fs.writeFileSync(
    config,
    fs.readFileSync(config, "utf8").replace("...example,", '...example,\n  secondaryRegion: "eu-west-1",'),
  );
  expect(synth(folder, "sandbox").status).toBe(0);
  const { stacks } = JSON.parse(fs.readFileSync(path.join(folder, "cdktf.out/manifest.json"), "utf8"));
  expect(Object.keys(stacks).sort()).toEqual([
    "api-eu-west-1",
    "api-us-east-1",
    "certificates",
    "failover-dns",
    "global-data",
  ]);
  expect(fs.readdirSync(path.join(folder, "cdktf.out/stacks")).sort()).toEqual(Object.keys(stacks).sort());
});

test("faulty settings are listed, exit 2, and the last good synth stays as it was", () => {
  const folder = checkout("faulty");
  expect(synth(folder).status).toBe(0);
  const before = contents(path.join(folder, "cdktf.out"));
  const config = path.join(folder, "config/deployments/example.ts");
  fs.writeFileSync(
    config,
    fs
      .readFileSync(config, "utf8")
      .replace("failureThreshold: 3", "failureThreshold: 30")
      .replace('"us-west-2"', '"mars"'),
  );
  const { status, stderr } = synth(folder);
  expect(status).toBe(2);
  expect(stderr.split("\n")).toEqual([
    'Deployment "example" has 2 faults in its settings:',
    '  secondaryRegion: expected an AWS region such as us-east-1; config/regions.ts lists them; got "mars"',
    "  healthCheck.failureThreshold: expected a whole number from 1 to 10; got 30",
    "",
  ]);
  expect(contents(path.join(folder, "cdktf.out"))).toEqual(before);
});

test("a synth shows each bundle beside its budget on stderr; stdout is one line", () => {
  const { stdout, stderr } = synth(checkout("sizes"));
  expect(stdout).toBe('Deployment "example" synthesized into cdktf.out\n');
  const [heading, ...rows] = stderr.trimEnd().split("\n");
  expect(heading).toMatch(/^ {2}bundle +code +budget +zip$/);
  const shown = rows.slice(0, HANDLER_NAMES.length).map((row) => /^[✓✗] ([a-z-]+)(?: +\d+\.\d kB){3}$/.exec(row)?.[1]);
  expect(shown).toEqual([...HANDLER_NAMES]);
});

test("a synth shows what a recovery takes beside the objective, item by item, on stderr", () => {
  const { stderr } = synth(checkout("recovery-time"));
  const lines = stderr
    .trimEnd()
    .split("\n")
    .slice(1 + HANDLER_NAMES.length);
  expect(lines[0]).toMatch(/^ {2}recovery time +typical +worst +why$/);
  expect(lines).toContain("✓ typical 52.7 s, worst 73 s of 90 s: clients that honour TTLs");
  expect(lines).toContain("· typical 72.5 s, worst 145 s of 90 s: clients that honour TTLs");
});

test("a warning is printed and does not stop the synth", () => {
  const folder = checkout("warned");
  const config = path.join(folder, "config/deployments/example.ts");
  fs.writeFileSync(
    config,
    fs.readFileSync(config, "utf8").replace("https://payments.example.com", "https://pay.us-east-1.example.com"),
  );
  const { status, stderr } = synth(folder);
  expect(status).toBe(0);
  const [warning] = stderr.split("\n");
  expect(warning).toBe(
    'warning: deployment "example": vendor.url: expected a host outside us-east-1: the standby\'s payments go there; got "pay.us-east-1.example.com"',
  );
  expect(stderr.match(/^warning: /gm)).toHaveLength(1);
});

test("only what a synth has made is taken away", () => {
  const folder = checkout("beside");
  fs.mkdirSync(path.join(folder, "cdktf.out/stacks/mine"), { recursive: true });
  fs.writeFileSync(path.join(folder, "cdktf.out/stacks/mine/notes.txt"), "keep me");
  expect(synth(folder).status).toBe(0);
  expect(fs.readFileSync(path.join(folder, "cdktf.out/stacks/mine/notes.txt"), "utf8")).toBe("keep me");
});

test("an interrupted synth leaves no list of stacks to be believed", () => {
  const folder = checkout("interrupted");
  expect(synth(folder).status).toBe(0);
  // The last stack written cannot be: as if the power had gone before it.
  const last = path.join(folder, "cdktf.out/stacks/failover-dns/cdk.tf.json");
  fs.rmSync(last);
  fs.mkdirSync(last);
  expect(synth(folder).status).toBe(2);
  expect(fs.existsSync(path.join(folder, "cdktf.out/manifest.json"))).toBe(false);
});
