import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { jsonReport } from "../../drill/report/json";
import { sampleFailover } from "../drill/report/sample-result";
import { type AnyJson, exampleSettings, scratchFolder, synthesizeFolder } from "../synthesize";

const ROOT = path.resolve(__dirname, "../..");
const outdir = synthesizeFolder(exampleSettings());
const stackFile = path.join(outdir, "stacks/failover-dns/cdk.tf.json");
const asSynthesized = fs.readFileSync(stackFile, "utf8");
afterEach(() => fs.writeFileSync(stackFile, asSynthesized));

function run(...args: string[]) {
  return spawnSync(process.execPath, ["--import", "tsx", "checks/check-recovery.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });
}

const noReport = path.join(scratchFolder(), "absent");
const check = (...args: string[]) => run("--cdktf-out", outdir, "--drill-report", noReport, ...args);

/** Changes the failover stack's JSON on disk until the test is over. */
function change(edit: (stack: AnyJson) => void): void {
  const stack = JSON.parse(asSynthesized);
  edit(stack);
  fs.writeFileSync(stackFile, JSON.stringify(stack));
}

test("prints each step with its service, region, plane and resources, then the times, within 110 columns, and exits 0", () => {
  const { status, stdout, stderr } = check();
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const lines = stdout.split("\n");
  expect(lines[0]).toBe("Recovery of us-east-1 by us-west-2, step by step");
  expect(
    lines.filter((line) =>
      /^ {5}(?:automatic failover|latch|failover by hand|failback) +service +region +plane$/.test(line),
    ),
  ).toHaveLength(4);
  expect(stdout).toMatch(
    /^✓ {2}1 an operator puts PrimaryStoodDown = 1 +CloudWatch +us-west-2 +data\n {7}failover-dns\/aws_cloudwatch_metric_alarm\.StandDown_Alarm_\w+\n/m,
  );
  expect(stdout).toContain("✓ typical 52.7 s, worst 73 s of 90 s: clients that honour TTLs\n");
  expect(stdout).toContain("· measured: none; run npm run drill\n");
  expect(stdout).toMatch(
    /\n✓ 38 steps: none of the 26 that recovery needs is in us-east-1, a third region or a control plane\n$/,
  );
  expect(lines.filter((line) => line.length > 110)).toEqual([]);
});

test("exits 1 and names the step, the resource, the region and the remedy of a fault", () => {
  change((stack) => {
    const [, policy] =
      Object.entries<AnyJson>(stack.resource.aws_iam_role_policy).find(([id]) =>
        id.startsWith("PrimaryWatch_Function"),
      ) ?? [];
    const document = JSON.parse(policy.policy);
    document.Statement.push({ Effect: "Allow", Action: "route53:ChangeResourceRecordSets", Resource: "*" });
    policy.policy = JSON.stringify(document);
  });
  const { status, stdout } = check();
  expect(status).toBe(1);
  expect(stdout).toMatch(/^✗ +\d+ shop-example-primary-watch may call +route53 +us-east-1 +control$/m);
  expect(stdout).toMatch(
    /\n✗ failover-dns\/aws_iam_role_policy\.PrimaryWatch_Function_Policy_\w+\n {5}latch, step \d+ \(us-east-1\): route53:ChangeResourceRecordSets/,
  );
  expect(stdout).toMatch(/\n✗ 1 problem: recovery without us-east-1 and control planes would not work as promised\n$/);
});

test("exits 1 when a failover may take longer than is promised", () => {
  change((stack) => {
    stack.output.recovery_objectives.value.recovery_time_seconds = 60;
  });
  const { status, stdout } = check();
  expect(status).toBe(1);
  expect(stdout).toContain("✗ typical 52.7 s, worst 73 s of 60 s: clients that honour TTLs\n");
  expect(stdout).toMatch(
    /\n✗ a failover may take 73 s for clients that honour TTLs, longer than the promised 60 s; .*\n$/,
  );
});

test("shows a drill's measured recovery time next to the declared one", () => {
  const folder = scratchFolder();
  const sample = sampleFailover();
  const topology = {
    ...sample.topology,
    apiName: "api.example.com",
    primaryRegion: "us-east-1",
    secondaryRegion: "us-west-2",
  };
  const measures = { ...sample.measures, recoveryTimeMs: 51_500 };
  fs.writeFileSync(path.join(folder, "result.json"), jsonReport({ ...sample, topology, measures }));
  const { status, stdout } = run("--cdktf-out", outdir, "--drill-report", folder);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^· measured: 51\.5 s, by the drill /m);
});

test("--json prints the result as JSON", () => {
  const { status, stdout } = check("--json");
  expect(status).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ primaryRegion: "us-east-1", standbyRegion: "us-west-2", passes: true, problems: [] });
  expect(result.procedures.map(({ name }: AnyJson) => name)).toEqual([
    "automatic failover",
    "latch",
    "failover by hand",
    "failback",
  ]);
  expect(result.procedures[2].steps[0]).toMatchObject({
    region: "us-west-2",
    plane: "data",
    isNeeded: true,
    faults: [],
  });
});

describe("exits 2", () => {
  test("without a synthesized folder", () => {
    const { status, stdout, stderr } = run("--cdktf-out", path.join(outdir, "absent"));
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(
      /^check:recovery: .*absent\/manifest\.json: expected a file, got none that can be read; run `npm run synth` first\n$/,
    );
  });

  test("on a stack that is not JSON", () => {
    fs.writeFileSync(stackFile, "{");
    const { status, stdout, stderr } = check();
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(
      /^check:recovery: .*failover-dns\/cdk\.tf\.json: expected JSON, got .*; synthesize again\n$/,
    );
  });

  test("on stacks without a failover", () => {
    change((stack) => {
      for (const record of Object.values<AnyJson>(stack.resource.aws_route53_record))
        delete record.failover_routing_policy;
    });
    const { status, stderr } = check();
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^check:recovery: expected an aws_route53_record with failover type PRIMARY, got none in any stack\n$/,
    );
  });

  test("on a drill's report that is broken", () => {
    const folder = scratchFolder();
    fs.writeFileSync(path.join(folder, "result.json"), "{");
    const { status, stderr } = run("--cdktf-out", outdir, "--drill-report", folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^check:recovery: .*result\.json: expected a drill's result, got .*; run npm run drill again, or remove it\n$/,
    );
  });

  test("on an unknown option", () => {
    const { status, stderr } = check("--cdktf");
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^check:recovery: .*--cdktf.*; npm run check:recovery -- \[--cdktf-out DIR\] \[--drill-report DIR\] \[--json\]\n$/,
    );
  });
});
