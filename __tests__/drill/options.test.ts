import { FAULTS } from "../../drill/faults/faults";
import { HELP, parseCommand, UsageError } from "../../drill/options";

const parse = (...args: string[]) => parseCommand(args, () => 42);

test("without options, the primary region is lost at speed 10, with a drawn seed", () => {
  expect(parse()).toEqual({
    kind: "drill",
    options: {
      faultName: "primary-region-blackholed",
      speed: 10,
      durationSeconds: 150,
      clients: 24,
      seed: 42,
      out: "drill-report",
      cdktfOut: undefined,
      json: false,
      operatorPort: 0,
      replicationLag: { medianMs: 600, p99Ms: 2_000 },
      recoveryTimeSeconds: undefined,
      recoveryPointSeconds: undefined,
    },
  });
});

test("every option has its say", () => {
  const line =
    "--fault vendor-away --speed 1 --duration 60 --clients 3 --seed 0 --out r --cdktf-out c --rto 30 --rpo 0 --json --operator-port 4566 --replication-lag-p50 1.5 --replication-lag-p99 30";
  expect(parse(...line.split(" "))).toMatchObject({
    options: {
      faultName: "vendor-away",
      speed: 1,
      seed: 0,
      out: "r",
      cdktfOut: "c",
      recoveryTimeSeconds: 30,
      recoveryPointSeconds: 0,
      replicationLag: { medianMs: 1_500, p99Ms: 30_000 },
      json: true,
      operatorPort: 4_566,
    },
  });
});

test.each([
  [["--fault", "nothing"], /^--fault: expected one of primary-region-blackholed, .*; got nothing$/],
  [["--speed", "0"], /^--speed: expected a number from 1 to 20; got 0$/],
  [["--speed", "1e1"], /^--speed: expected a number/],
  [["--duration", "5"], /^--duration: expected a number from 10 to 3600; got 5$/],
  [["--clients", "1.5"], /^--clients: expected a whole number; got 1\.5$/],
  [["--seed", "-1"], /--seed/],
  [["--operator-port", "65536"], /^--operator-port: expected a number from 0 to 65535; got 65536$/],
  [["--replication-lag-p50", "3"], /^--replication-lag-p99: expected more than the median of 3 s; got 2$/],
  [["--replication-lag-p99", "0"], /^--replication-lag-p99: expected a number from 0\.001 to 3600; got 0$/],
  [["--clients"], /--clients/],
  [["--nonsense"], /--nonsense.*--help lists the options$/],
  [["vendor-away"], /vendor-away.*--help lists the options$/],
])("%p is refused in one line", (args, message) => {
  const refuse = () => parse(...args);
  expect(refuse).toThrow(UsageError);
  expect(refuse).toThrow(message);
  expect(refuse).not.toThrow(/\n/);
});

test("help names every option with its default, the list every fault with what must come of it", () => {
  expect(parse("--help")).toEqual({ kind: "print", text: HELP });
  for (const name of [
    "fault",
    "duration",
    "speed",
    "clients",
    "seed",
    "out",
    "cdktf-out",
    "rto",
    "rpo",
    "replication-lag-p50",
    "replication-lag-p99",
    "operator-port",
    "json",
    "list",
    "help",
  ]) {
    expect(HELP).toContain(`--${name}`);
  }
  const listed = parse("--list");
  for (const { name, expectation } of FAULTS) {
    expect(listed).toMatchObject({ text: expect.stringContaining(name) });
    expect(listed).toMatchObject({ text: expect.stringContaining(expectation) });
  }
});
