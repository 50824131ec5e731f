import fs from "node:fs";
import path from "node:path";
import { checkout, scratch, synth } from "./synth-command";

// `npm run test:long` has the tests that take several synths.

test.each(["nowhere", "__proto__", "constructor", ""])(
  "refuses the deployment %p in one line, exit 2, nothing written",
  (name) => {
    const folder = path.join(scratch, `unknown-${name}`);
    const { status, stdout, stderr } = synth(fs.existsSync(folder) ? folder : checkout(`unknown-${name}`), name);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      `DEPLOYMENT: expected one of example, production, sandbox; got "${name}"; config/deployments lists them\n`,
    );
    expect(fs.existsSync(path.join(folder, "cdktf.out"))).toBe(false);
  },
);

test("a folder that cannot be written is one line, exit 2", () => {
  const folder = checkout("unwritable");
  fs.writeFileSync(path.join(folder, "cdktf.out"), "a file where a folder should be");
  const { status, stderr } = synth(folder);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^E[A-Z]+: .*cdktf\.out.*\n$/);
});

test("a handler that does not build fails the synth with esbuild's message and no stack trace", () => {
  const folder = checkout("unbuildable");
  fs.appendFileSync(path.join(folder, "handlers/live.ts"), "\nconst = 1;\n");
  const { status, stderr } = synth(folder);
  expect(status).toBe(2);
  expect(stderr).toMatch(/handlers\/live\.ts:\d+:\d+: ERROR/);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(fs.existsSync(path.join(folder, "cdktf.out/manifest.json"))).toBe(false);
});
