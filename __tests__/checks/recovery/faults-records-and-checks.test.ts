import { exampleSettings } from "../../synthesize";
import {
  ALIAS,
  expectOne,
  healthCheck,
  problemsAfter,
  record,
  recoveryAfter,
  removeFailoverBlock,
  stepsOf,
} from "./recovering";

describe("the records", () => {
  test("a PRIMARY record without a health check: no outage is detected, and a failover by hand needs Route 53's control plane", () => {
    const result = recoveryAfter((stacks) => {
      delete record(stacks, "PrimaryRecord").health_check_id;
    });
    expect(stepsOf(result, "automatic failover")[0]).toBe(
      "✗ no health check probes the primary: nothing detects an outage | none | global | data",
    );
    expect(stepsOf(result, "automatic failover")).toContain(
      "✗ a record that follows no health check is edited | Route 53 API | us-east-1 | control",
    );
    expect(stepsOf(result, "failover by hand")[0]).toBe(
      "✗ an operator edits the records | Route 53 API | us-east-1 | control",
    );
    expect(result.budgetInput).toBeUndefined();
  });

  test("one of an alias's two PRIMARY records without a health check", () => {
    expectOne(
      problemsAfter((stacks) => {
        delete record(stacks, "PrimaryRecord_Aaaa").health_check_id;
      }, exampleSettings(ALIAS)),
      /^failover-dns\/aws_route53_record\.PrimaryRecord_Aaaa_\w+ \(us-east-1\) the PRIMARY record has no health check: .*; give it the health_check_id .* \[automatic failover, step 4, failover by hand, step 5, failback, step 14\]$/,
    );
  });

  test("a record whose pair is incomplete", () => {
    expectOne(
      problemsAfter(
        (stacks) => removeFailoverBlock(stacks, "aws_route53_record", "SecondaryRecord_Aaaa"),
        exampleSettings(ALIAS),
      ),
      /PrimaryRecord_Aaaa_\w+ \(global\) its name has no SECONDARY record of type AAAA: /,
    );
  });

  test("a SECONDARY record that leads to the primary region", () => {
    expectOne(
      problemsAfter((stacks) => {
        record(stacks, "SecondaryRecord_Aaaa").alias = record(stacks, "PrimaryRecord_Aaaa").alias;
      }, exampleSettings(ALIAS)),
      /SecondaryRecord_Aaaa_\w+ \(global\) it leads to us-east-1; the other records of its side lead to us-west-2; /,
    );
  });

  test("a SECONDARY record that turns unhealthy with the primary", () => {
    expectOne(
      problemsAfter((stacks) => {
        record(stacks, "SecondaryRecord").health_check_id = record(stacks, "PrimaryRecord").health_check_id;
      }),
      /SecondaryRecord_Cname_\w+ \(global\) the SECONDARY record follows a health check of the primary: with both unhealthy Route 53 answers PRIMARY; /,
    );
  });
});

describe("the health checks", () => {
  test("no switch: by hand means editing records, which is a control plane in us-east-1", () => {
    const result = recoveryAfter((stacks) => {
      record(stacks, "PrimaryRecord").health_check_id = record(stacks, "EndpointVerdict_Healthy").health_check_id;
    });
    expect(stepsOf(result, "failover by hand")[0]).toBe(
      "✗ an operator edits the records | Route 53 API | us-east-1 | control",
    );
    expectOne(
      result.problems.map(({ resource, region, reason }) => `${resource} (${region}) ${reason}`),
      /^failover-dns\/aws_route53_record\.PrimaryRecord_Cname_\w+ \(us-east-1\) no health check of the PRIMARY record follows an alarm/,
    );
  });

  test("no endpoint check: there is no automatic failover", () => {
    const result = recoveryAfter((stacks) => {
      record(stacks, "PrimaryRecord").health_check_id = record(stacks, "SwitchVerdict_Healthy").health_check_id;
    });
    expectOne(
      result.problems.map(({ reason }) => reason),
      /^no health check behind the PRIMARY record probes the primary: an outage causes no failover$/,
    );
  });

  test.each([
    [1, "it stays healthy with 1 of its 2 children healthy: one failing child causes no failover"],
    [0, "it stays healthy with 0 of its 2 children healthy: one failing child causes no failover"],
    [3, "it needs 3 healthy children and has 2: it is never healthy"],
  ])("a calculated check with a threshold of %i", (threshold, reason) => {
    const problems = problemsAfter((stacks) => {
      healthCheck(stacks, "PrimaryInService").child_health_threshold = threshold;
    });
    expect(problems).toEqual([expect.stringContaining(`PrimaryInService_1BB7D020 (global) ${reason}`)]);
    expect(problems[0]).toContain(
      "set child_health_threshold to 2 [automatic failover, step 2, failover by hand, step 3, failback, step 12]",
    );
  });

  test.each([
    ["disabled", "PrimaryHealth", "it is disabled"],
    ["disabled", "StandDown", "it is disabled"],
    ["invert_healthcheck", "PrimaryInService", "it is inverted"],
  ])("a check that is %s: %s", (attribute, id, reason) => {
    const problems = problemsAfter((stacks) => {
      healthCheck(stacks, id)[attribute] = true;
    });
    expect(problems).toEqual([
      expect.stringMatching(new RegExp(`aws_route53_health_check\\.${id}_\\w+ \\(.*\\) ${reason}`)),
    ]);
  });

  test.each([
    [
      "us-west-2.api.example.com",
      "it probes us-west-2.api.example.com in us-west-2, which says nothing about us-east-1",
    ],
    ["api.example.com", "it probes api.example.com, which resolves to the region that is in service"],
  ])("an endpoint check of %s", (fqdn, reason) => {
    const problems = problemsAfter((stacks) => {
      healthCheck(stacks, "PrimaryHealth").fqdn = fqdn;
    });
    expect(problems).toEqual([expect.stringContaining(reason)]);
  });
});
