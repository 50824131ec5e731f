import type { AnyJson } from "../../synthesize";
import { changeWatchInput, failoverBlock, healthCheck, problemsAfter, record } from "./recovering";

describe("an unknown value is an error, never a pass:", () => {
  const after = (change: (stacks: AnyJson) => void) => () => problemsAfter(change);

  test.each<[string, (stacks: AnyJson) => void, string]>([
    [
      "a health check by its bare id",
      (stacks) => {
        record(stacks, "PrimaryRecord").health_check_id = "0a1b2c3d";
      },
      'expected a reference to a health check of these stacks, got "0a1b2c3d", so what it watches is unknown',
    ],
    [
      "a child by its bare id",
      (stacks) => {
        healthCheck(stacks, "PrimaryInService").child_healthchecks[0] = "0a1b2c3d";
      },
      "child_healthchecks: expected references to health checks of these stacks",
    ],
    [
      "an unknown type of health check",
      (stacks) => {
        healthCheck(stacks, "StandDown").type = "RECOVERY_CONTROL";
      },
      "expected a health check of type HTTP, HTTPS, CLOUDWATCH_METRIC, CALCULATED, got RECOVERY_CONTROL",
    ],
    [
      "an alarm region that is an expression",
      (stacks) => {
        healthCheck(stacks, "StandDown").cloudwatch_alarm_region = "${var.region}";
      },
      'cloudwatch_alarm_region: expected a literal text, got "${var.region}"',
    ],
    [
      "an endpoint whose host no stack declares",
      (stacks) => {
        healthCheck(stacks, "PrimaryHealth").fqdn = "elsewhere.example.org";
      },
      "fqdn: expected a host that these stacks declare a record for",
    ],
    [
      "a reference to an undeclared block",
      (stacks) => {
        healthCheck(stacks, "PrimaryInService").child_healthchecks[0] = "${aws_route53_health_check.gone.id}";
      },
      "expected a declared block, got a reference to aws_route53_health_check.gone",
    ],
    [
      "a managed policy of AWS",
      (stacks) => {
        const role = failoverBlock(stacks, "aws_iam_role", "PrimaryWatch_Function");
        role.managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"];
      },
      "managed_policy_arns: expected a policy whose actions these stacks spell out",
    ],
    [
      "no objectives",
      (stacks) => {
        delete stacks["failover-dns"].output.recovery_objectives;
      },
      "failover-dns/output.recovery_objectives: expected an object, got nothing",
    ],
    [
      "objectives without the kind of failback",
      (stacks) => {
        delete stacks["failover-dns"].output.recovery_objectives.value.failback;
      },
      "recovery_objectives.failback: expected latched or automatic, got nothing",
    ],
    [
      "a watch without its intervals",
      (stacks) => changeWatchInput(stacks, { verdictIntervalSeconds: undefined }),
      "expected a number verdictIntervalSeconds above 0, got nothing, so when the latch takes effect is unknown",
    ],
    [
      "a record without a time to live",
      (stacks) => {
        delete record(stacks, "PrimaryRecord").ttl;
      },
      "PrimaryRecord_Cname_11B1ECB5.ttl: expected a number, got nothing",
    ],
  ])("%s", (_case, change, message) => {
    expect(after(change)).toThrow(message);
  });
});
