import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { DEPLOYMENTS } from "../../../config/deployments";
import { scratchFolder, synthesizeFolder } from "../../synthesize";
import { AccountEndpoint } from "./account-endpoint";

const ROOT = path.resolve(__dirname, "..", "..", "..");
const home = fs.mkdtempSync(path.join(os.tmpdir(), "check-account-home-"));
const folder = synthesizeFolder(DEPLOYMENTS["production"]);
let endpoint: AccountEndpoint;
beforeAll(async () => {
  endpoint = await AccountEndpoint.start();
});
afterAll(async () => {
  await endpoint.stop();
  fs.rmSync(home, { recursive: true });
});
jest.setTimeout(120_000);

const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "very-secret" };

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a process of its own, in a home without credentials. */
function command(args: readonly string[], env: Readonly<Record<string, string>> = CREDENTIALS): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const options = {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), HOME: home, AWS_EC2_METADATA_DISABLED: "true", ...env },
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--import", "tsx", "checks/check-account.ts", ...args],
      options,
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

test("the table comes to stdout, and a failed check is exit code 1", async () => {
  endpoint.region("us-west-2").concurrentExecutions = 10;
  endpoint.region("us-west-2").unreservedExecutions = 10;
  const { code, stdout, stderr } = await command(["--cdktf-out", folder, "--endpoint", endpoint.url]);
  expect(stdout).toMatch(/^✗ Lambda concurrency {26} +us-west-2 +10$/m);
  expect(stdout).toMatch(/^✓ Lambda concurrency {26} +us-east-1 +1000, of which 950 stay unreserved$/m);
  expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(120);
  expect([code, stderr]).toEqual([1, ""]);
});

test("--json gives every finding", async () => {
  const { code, stdout } = await command(["--cdktf-out", folder, "--endpoint", endpoint.url, "--json"]);
  const { findings } = JSON.parse(stdout);
  expect(findings.length).toBeGreaterThan(20);
  expect(findings[0]).toEqual({
    subject: "account",
    place: "global",
    outcome: "passed",
    found: "123456789012",
    advice: "",
  });
  expect(code).toBe(1);
});

test.each<[string, readonly string[], Record<string, string>, RegExp]>([
  [
    "an unknown option",
    ["--frob"],
    CREDENTIALS,
    /^check:account: Unknown option '--frob'.*; npm run check:account -- /,
  ],
  [
    "no stacks",
    ["--cdktf-out", scratchFolder()],
    CREDENTIALS,
    /^check:account: .*manifest\.json: expected a file, .*run `npm run synth` first/,
  ],
  [
    "an endpoint that is not on this machine",
    ["--endpoint", "https://example.com"],
    CREDENTIALS,
    /^check:account: --endpoint: expected the http:\/\/ URL/,
  ],
  [
    "a stray endpoint",
    ["--cdktf-out", folder],
    { ...CREDENTIALS, AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
    /^check:account: AWS_ENDPOINT_URL: expected none, /,
  ],
  [
    "no credentials",
    ["--cdktf-out", folder, "--endpoint", "http://127.0.0.1:1"],
    {},
    /^check:account: AWS credentials: expected some /,
  ],
])("%s: one line, and exit code 2", async (_, args, env, message) => {
  const { code, stdout, stderr } = await command(args, env);
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd()).not.toContain("\n");
  expect([code, stdout]).toEqual([2, ""]);
});
