import { parseCommand, UsageError } from "../../failover/options";

test("an action's defaults", () => {
  expect(parseCommand(["stand-down", "--reason", " brown-out "])).toEqual({
    kind: "action",
    options: {
      action: "stand-down",
      endpoint: undefined,
      isConfirmed: false,
      auditFile: "failover-audit.jsonl",
      reason: "brown-out",
      isOverridden: false,
      waitSeconds: 240,
    },
  });
});

test.each(["http://127.0.0.1:4599", "http://localhost:80", "http://[::1]:4599", "http://127.8.9.1:4599/"])(
  "%s is a drill's endpoint",
  (url) => {
    expect(parseCommand(["status", "--endpoint", url])).toMatchObject({ options: { endpoint: new URL(url).origin } });
  },
);

test.each([
  "https://127.0.0.1:4599",
  "http://example.com",
  "http://127.0.0.1.example.com",
  "http://10.0.0.1:4599",
  "http://me@127.0.0.1:4599",
  "http://127.0.0.1:4599/path",
  "127.0.0.1:4599",
])("%s is refused as an endpoint", (url) => {
  expect(() => parseCommand(["status", "--endpoint", url])).toThrow(
    /^--endpoint: expected the http:\/\/ URL of a drill/,
  );
});

test.each<[readonly string[], RegExp]>([
  [["stand-down"], /^--reason: stand-down expects why, .*; got nothing$/],
  [["release", "--reason", "  "], /^--reason: release expects why, .*; got nothing$/],
  [["release", "--override"], /^--reason: /],
  [["release", "--reason", "x".repeat(501)], /got 501 characters$/],
  [["release", "--reason", "x", "--wait", "0"], /^--wait: expected a whole number of seconds from 1 to 3600; got 0$/],
  [["release", "--reason", "x", "--wait", "1", "--no-wait"], /^--wait, --no-wait: expected one of them; got both$/],
  [["release", "--reason", "x", "--json"], /^--json: only for status and check; got it with release$/],
  [["status", "--yes"], /^--yes: only for stand-down and release; got it with status$/],
  [["check", "--audit", "x"], /^--audit: only for stand-down and release; got it with check$/],
  [["status", "check"], /^expected one of status, stand-down, release, check; got status check; /],
  [["status", "--endpoint"], /^Option '--endpoint <value>' argument missing; --help lists the options$/],
])("%p is refused", (args, message) => {
  expect(() => parseCommand(args)).toThrow(UsageError);
  expect(() => parseCommand(args)).toThrow(message);
});
