import {
  addProvider,
  alarm,
  expectOne,
  healthCheck,
  problemsAfter,
  recoveryAfter,
  removeFailoverBlock,
  stepsOf,
} from "./recovering";

describe("the switch", () => {
  test.each([
    ["us-east-1", "recovery needs the region that has failed; move it to us-west-2"],
    ["eu-west-1", "recovery needs a third region, which can fail too; move it to us-west-2"],
  ])("an alarm in %s", (region, reason) => {
    const result = recoveryAfter((stacks) => {
      addProvider(stacks, region);
      const switched = alarm(stacks, "StandDown");
      switched.provider = "aws.elsewhere";
      const topics = [`arn:aws:sns:${region}:123456789012:shop-example-alarms`];
      Object.assign(switched, { alarm_actions: topics, ok_actions: topics });
      healthCheck(stacks, "StandDown").cloudwatch_alarm_region = region;
    });
    expect(stepsOf(result, "failover by hand")[0]).toBe(
      `✗ an operator puts PrimaryStoodDown = 1 | CloudWatch | ${region} | data`,
    );
    const found = result.problems.map((problem) => `${problem.reason}; ${problem.remedy}`);
    expect(found).toContain(reason);
    expect(found).toContainEqual(
      expect.stringMatching(`^it puts its data points in us-west-2, and the switch's alarm is in ${region}`),
    );
    const placed = result.problems.find((problem) => reason.startsWith(problem.reason));
    expect(placed?.resource).toMatch(/^failover-dns\/aws_cloudwatch_metric_alarm\.StandDown_Alarm_/);
    expect(placed?.steps).toEqual(expect.arrayContaining(["failover by hand, step 1", "failback, step 10"]));
  });

  test("an alarm whose provider is in another region than the health check names", () => {
    const problems = problemsAfter((stacks) => {
      addProvider(stacks, "us-east-1");
      alarm(stacks, "StandDown").provider = "aws.elsewhere";
    });
    expect(problems).toContainEqual(
      expect.stringMatching(
        /StandDown_\w+ \(us-west-2\) Route 53 looks for the alarm shop-example-primary-stood-down in us-west-2, where there is none \(it is in us-east-1\); /,
      ),
    );
  });

  test("an alarm whose own region differs from its provider's", () => {
    const problems = problemsAfter((stacks) => {
      alarm(stacks, "StandDown").region = "us-east-1";
    });
    expect(problems).toContainEqual(expect.stringMatching(/where there is none \(it is in us-east-1\)/));
  });

  test("an alarm that exists by name only", () => {
    const problems = problemsAfter((stacks) => {
      healthCheck(stacks, "StandDown").cloudwatch_alarm_name = "somebody-elses";
    });
    expectOne(problems, /Route 53 looks for the alarm somebody-elses in us-west-2, where there is none; /);
  });

  test.each([["Healthy"], ["Unhealthy"], [undefined]])("insufficient data that counts as %p", (status) => {
    const problems = problemsAfter((stacks) => {
      healthCheck(stacks, "StandDown").insufficient_data_health_status = status;
    });
    expectOne(
      problems,
      /aws_route53_health_check\.StandDown_\w+ \(us-west-2\) without data it turns .*; set insufficient_data_health_status to "LastKnownStatus" /,
    );
  });

  test.each([["notBreaching"], ["breaching"], ["missing"], [undefined]])(
    "missing data that is treated as %p",
    (treatment) => {
      const problems = problemsAfter((stacks) => {
        alarm(stacks, "StandDown").treat_missing_data = treatment;
      });
      expectOne(
        problems,
        /StandDown_Alarm_\w+ \(us-west-2\) it treats missing data as .*; set treat_missing_data to "ignore" /,
      );
    },
  );

  test.each([
    [{ statistic: undefined, extended_statistic: "p99" }, /Route 53 follows no extended statistic such as p99; /],
    [{ period: 10 }, /Route 53 follows metrics of standard resolution only, and the period is 10; /],
    [{ period: 300 }, /it evaluates 300 s of data; the recovery time assumes 60 s; /],
    [{ evaluation_periods: 5 }, /it evaluates 300 s of data; the recovery time assumes 60 s; /],
    [{ metric_query: [{ id: "m" }] }, /Route 53 follows a single metric, not metric math; /],
    [{ threshold: 2 }, /a data point of 1 does not stand the primary down, or one of 0 does not release it; /],
    ...["SampleCount", "Average", "Minimum", "Sum"].map((statistic): [object, RegExp] => [
      { statistic },
      new RegExp(`with the statistic "${statistic}" a release can undo a stand-down of the same minute; `),
    ]),
    [{ comparison_operator: "LessThanThreshold" }, /a data point of 1 does not stand the primary down, /],
  ])("an alarm that Route 53 cannot follow, or that does not distinguish 1 from 0: %j", (changes, pattern) => {
    const problems = problemsAfter((stacks) => Object.assign(alarm(stacks, "StandDown"), changes));
    expectOne(problems, pattern);
    expect(problems[0]).toMatch(/^failover-dns\/aws_cloudwatch_metric_alarm\.StandDown_Alarm_\w+ \(us-west-2\) /);
  });

  test.each([[{ alarm_actions: [], ok_actions: [] }], [{ actions_enabled: false }]])(
    "an alarm that notifies nobody: %j",
    (changes) => {
      const problems = problemsAfter((stacks) => Object.assign(alarm(stacks, "StandDown"), changes));
      expect(problems.length).toBeGreaterThan(0);
      for (const problem of problems) expect(problem).toContain("its alarm notifies nobody; name an SNS topic");
    },
  );

  test.each([["StandDown"], ["Alarms_primary-unhealthy"]])("actions of %s in another region", (id) => {
    const problems = problemsAfter((stacks) => {
      alarm(stacks, id).alarm_actions = ["arn:aws:sns:us-east-1:123456789012:shop-example-alarms"];
    });
    expectOne(
      problems,
      /the alarm is in us-west-2 and notifies arn:aws:sns:us-east-1:\S+ in us-east-1, but an alarm acts in its own region only; put the alarm and the topic into us-west-2 /,
    );
  });

  test("a verdict that is not in DNS: operators would need Route 53's control plane", () => {
    const problems = problemsAfter((stacks) =>
      removeFailoverBlock(stacks, "aws_route53_record", "SwitchVerdict_Healthy"),
    );
    expectOne(
      problems,
      /StandDown_\w+ \(us-east-1\) Route 53's verdict for the switch cannot be read in DNS; .*\[failover by hand, step 6, failback, step 15\]$/,
    );
  });
});
