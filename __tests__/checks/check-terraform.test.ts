import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../..");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "check-terraform-"));
afterAll(() => fs.rmSync(scratch, { recursive: true }));

const outdir = path.join(scratch, "cdktf.out");
for (const stack of ["one", "two"]) {
  fs.mkdirSync(path.join(outdir, "stacks", stack), { recursive: true });
  const config = { terraform: { backend: { local: { path: `${stack}.tfstate` } } } };
  fs.writeFileSync(path.join(outdir, "stacks", stack, "cdk.tf.json"), JSON.stringify(config));
}
const listed = (names: readonly string[]) =>
  JSON.stringify({
    stacks: Object.fromEntries(names.map((name) => [name, { synthesizedStackPath: `stacks/${name}/cdk.tf.json` }])),
  });
fs.writeFileSync(path.join(outdir, "manifest.json"), listed(["one", "two"]));

/** Runs the check with a `terraform` of ours on PATH, written as a shell script; undefined: with none at all. */
function check(script: string | undefined, folder = outdir) {
  const bin = fs.mkdtempSync(path.join(scratch, "bin-"));
  fs.symlinkSync(process.execPath, path.join(bin, "node"));
  if (script !== undefined) fs.writeFileSync(path.join(bin, "terraform"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return spawnSync(process.execPath, ["--import", "tsx", "checks/check-terraform.ts", folder], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, PATH: bin },
  });
}

test("passes when terraform validates every stack, without touching its state", () => {
  const { status, stdout } = check('[ "$1" = validate ] || [ "$2" = -backend=false ]');
  expect(stdout).toBe("✓ one\n✓ two\n2 passed, 0 failed, 0 skipped\n");
  expect(status).toBe(0);
});

test("fails when one stack is invalid, and shows terraform's output", () => {
  const { status, stdout } = check(
    'if [ "$1" = validate ] && /bin/grep -q two cdk.tf.json; then echo "Unsupported argument" >&2; exit 1; fi',
  );
  expect(stdout).toBe("✓ one\n✗ two \nUnsupported argument\n1 passed, 1 failed, 0 skipped\n");
  expect(status).toBe(1);
});

test("names each stack that it could not check, and does not pass", () => {
  const absent = check(undefined);
  expect(absent.stdout).toMatch(
    /^SKIPPED one the terraform binary cannot be run: .*ENOENT; is the version in \.terraform-version installed\?\nSKIPPED two /,
  );
  expect(absent.stdout).toMatch(/0 passed, 0 failed, 2 skipped\n$/);
  expect(absent.status).toBe(2);

  const offline = check('[ "$1" = init ] && { echo "registry unreachable" >&2; exit 1; }');
  expect(offline.stdout).toMatch(/^SKIPPED one terraform init failed:\nregistry unreachable\n/);
  expect(offline.status).toBe(2);
});

test.each([
  [
    "a stack that the manifest lists is missing",
    listed(["one", "gone"]),
    /stacks\/gone\/cdk\.tf\.json: expected a file/,
  ],
  ["the manifest lists nothing", listed([]), /manifest\.json: expected stacks, got none/],
  ["the manifest is not JSON", "{", /manifest\.json: expected JSON/],
])("exits 2 when %s", (_what, manifest, message) => {
  const folder = fs.mkdtempSync(path.join(scratch, "odd-"));
  fs.cpSync(outdir, folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "manifest.json"), manifest);
  const { status, stderr } = check("exit 0", folder);
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});

test("a validation that was killed counts as skipped, not as failed", () => {
  const { status, stdout } = check('[ "$1" = init ] || kill -9 $$');
  expect(stdout).toMatch(/^SKIPPED one terraform validate was ended: SIGKILL\n/);
  expect(status).toBe(2);
});

test("exits 2 and says what to do without a synthesized folder", () => {
  const { status, stderr } = check("exit 0", path.join(scratch, "absent"));
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /absent\/manifest\.json: expected a file, got none that can be read; run `npm run synth` first\n$/,
  );
});
