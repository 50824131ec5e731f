import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const ROOT = path.resolve(__dirname, "..", "..");
const home = fs.mkdtempSync(path.join(os.tmpdir(), "failover-home-"));
afterAll(() => fs.rmSync(home, { recursive: true }));

/** The command as a process of its own, without a terminal, in a home without credentials. */
function command(args: readonly string[], env: Record<string, string> = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:AWS_|DEPLOYMENT$)/.test(name));
  return spawnSync(process.execPath, ["--import", "tsx", "failover/main.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
    timeout: 30_000,
    env: { ...Object.fromEntries(inherited), HOME: home, AWS_EC2_METADATA_DISABLED: "true", ...env },
  });
}

const ANY_CREDENTIALS = { AWS_ACCESS_KEY_ID: "drill", AWS_SECRET_ACCESS_KEY: "drill" };
const NOBODY_THERE = "http://127.0.0.1:1";

test.each<[string, readonly string[], Record<string, string>, RegExp]>([
  ["no command", [], {}, /^expected one of status, stand-down, release, check; got nothing; --help explains them\n$/],
  ["an unknown option", ["status", "--frob"], {}, /^Unknown option '--frob'; --help lists the options\n$/],
  ["an unknown deployment", ["status"], { DEPLOYMENT: "prod" }, /^DEPLOYMENT: expected one of .*; got "prod"\n$/],
  [
    "no credentials",
    ["status"],
    {},
    /^AWS credentials: expected some .*; set AWS_PROFILE, or AWS_ACCESS_KEY_ID, .*\n$/,
  ],
  [
    "no credentials for a drill",
    ["status", "--endpoint", NOBODY_THERE],
    {},
    /; a drill takes any: AWS_ACCESS_KEY_ID=drill AWS_SECRET_ACCESS_KEY=drill\n$/,
  ],
  [
    "no drill at the endpoint",
    ["status", "--endpoint", NOBODY_THERE],
    ANY_CREDENTIALS,
    /^--endpoint http:\/\/127\.0\.0\.1:1: expected a drill that answers; got connection refused; .*\n$/,
  ],
  [
    "a stray endpoint",
    ["status"],
    { ...ANY_CREDENTIALS, AWS_ENDPOINT_URL_CLOUDWATCH: NOBODY_THERE },
    /^AWS_ENDPOINT_URL_CLOUDWATCH: expected none, so that AWS is called; got http:\/\/127\.0\.0\.1:1; .*\n$/,
  ],
  [
    "nobody to ask",
    ["release", "--reason", "mended"],
    ANY_CREDENTIALS,
    /^release: expected a terminal to ask at, or --yes; got neither\n$/,
  ],
])("%s: one line, and exit code 2", (_, args, env, message) => {
  const { status, stdout, stderr } = command(args, env);
  expect(stderr).toMatch(message);
  expect([status, stdout]).toEqual([2, ""]);
});

test("--help goes to stdout and names every command", () => {
  const { status, stdout } = command(["--help"]);
  for (const name of ["status", "stand-down", "release", "check"])
    expect(stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(status).toBe(0);
});
