import { type AnyJson, exampleSettings } from "../../synthesize";
import {
  addProvider,
  changeWatchInput,
  changeWatchPolicy,
  expectOne,
  problemsAfter,
  recoveryAfter,
  removeFailoverBlock,
  stepsOf,
  watchFunction,
  watchSchedule,
} from "./recovering";

describe("the watch", () => {
  test("a latch that is promised and not there", () => {
    const problems = problemsAfter((stacks) => {
      changeWatchPolicy(stacks, (statements) => statements.pop());
    });
    expectOne(
      problems,
      /^failover-dns\/output\.recovery_objectives \(us-west-2\) it promises a latched failback, and no function's role allows cloudwatch:PutMetricData; declare a watch in us-west-2, .* \[latch, step 1\]$/,
    );
  });

  test.each([[false], [undefined]])("a schedule whose input says latch: %p", (latch) => {
    const problems = problemsAfter((stacks) => changeWatchInput(stacks, { latch }));
    expectOne(
      problems,
      /aws_scheduler_schedule\.PrimaryWatch_\w+ \(us-west-2\) failover-dns promises a latched failback, and the schedule's input says latch: (?:false|nothing); /,
    );
  });

  test("a watch that latches although failback is automatic", () => {
    const problems = problemsAfter(
      (stacks) => changeWatchInput(stacks, { latch: true }),
      exampleSettings({ failback: "automatic" }),
    );
    expectOne(problems, /promises an automatic failback, and the schedule's input says latch: true; /);
  });

  test("a watch that nothing starts", () => {
    const problems = problemsAfter((stacks) => removeFailoverBlock(stacks, "aws_scheduler_schedule", "PrimaryWatch"));
    expectOne(
      problems,
      /aws_lambda_function\.PrimaryWatch_\w+ \(us-west-2\) no aws_scheduler_schedule starts the watch; /,
    );
  });

  test("a schedule that is disabled", () => {
    const problems = problemsAfter((stacks) => {
      watchSchedule(stacks).state = "DISABLED";
    });
    expectOne(problems, /aws_scheduler_schedule\.\w+ \(us-west-2\) the watch's schedule is disabled; /);
  });

  test.each(["us-east-1", "eu-west-1"])("a watch in %s", (region) => {
    const result = recoveryAfter((stacks) => {
      addProvider(stacks, region);
      watchFunction(stacks).provider = "aws.elsewhere";
      watchSchedule(stacks).provider = "aws.elsewhere";
    });
    const steps = stepsOf(result, "latch");
    expect(steps).toContain(`✗ shop-example-primary-watch runs | Lambda | ${region} | data`);
    expect(steps[0]).toBe(`✗ shop-example-primary-watch is started: rate(1 minute) | Scheduler | ${region} | data`);
    expect(result.problems.map(({ reason }) => reason)).toContain(
      `it puts its data points in ${region}, and the switch's alarm is in us-west-2`,
    );
  });

  test.each([
    ["route53:ChangeResourceRecordSets", "us-east-1"],
    ["cloudwatch:PutMetricAlarm", "us-west-2"],
    ["cloudwatch:*", "us-west-2"],
    ["lambda:UpdateFunctionConfiguration", "us-west-2"],
    ["*", "us-west-2"],
  ])("a watch that may call %s, a control plane in %s", (action, region) => {
    const problems = problemsAfter((stacks) =>
      changeWatchPolicy(stacks, (statements) =>
        statements.push({ Effect: "Allow", Action: ["sns:Publish", action], Resource: "*" }),
      ),
    );
    expectOne(problems, /aws_iam_role_policy\.PrimaryWatch_Function_Policy_\w+ /);
    expect(problems[0]).toContain(
      `(${region}) ${action} is not on the list of data planes' actions, and counts as control plane; take it out`,
    );
  });

  test("everything but something is a control plane, too", () => {
    const problems = problemsAfter((stacks) =>
      changeWatchPolicy(stacks, (statements) =>
        statements.push({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
      ),
    );
    expectOne(problems, /\*, but not iam:\* is not on the list/);
  });

  test("what is denied is no step", () => {
    const problems = problemsAfter((stacks) =>
      changeWatchPolicy(stacks, (statements) =>
        statements.push({ Effect: "Deny", Action: "route53:*", Resource: "*" }),
      ),
    );
    expect(problems).toEqual([]);
  });

  test("a control plane in a policy that is attached", () => {
    const problems = problemsAfter((stacks) => {
      const [role] = Object.keys(stacks["failover-dns"].resource.aws_iam_role);
      stacks["failover-dns"].resource.aws_iam_policy = {
        extra: { policy: JSON.stringify({ Statement: { Effect: "Allow", Action: "iam:PassRole", Resource: "*" } }) },
      };
      stacks["failover-dns"].resource.aws_iam_role_policy_attachment = {
        extra: { role: `\${aws_iam_role.${role}.name}`, policy_arn: "${aws_iam_policy.extra.arn}" },
      };
    });
    expectOne(problems, /^failover-dns\/aws_iam_policy\.extra \(us-east-1\) iam:PassRole is not on the list/);
  });

  test("a permission for something in the primary region", () => {
    const result = recoveryAfter((stacks) =>
      changeWatchPolicy(stacks, (statements) =>
        statements.push({ Effect: "Allow", Action: "sns:Publish", Resource: "arn:aws:sns:us-east-1:123456789012:x" }),
      ),
    );
    expect(stepsOf(result, "latch")).toContain(
      "✗ shop-example-primary-watch may call sns:Publish in us-east-1 | sns | us-east-1 | data",
    );
  });

  test.each([
    ["FAILOVER_NAMESPACE", "shop-example/failover"],
    ["SWITCH_METRIC_NAME", "PrimaryStoodDown"],
    ["PRIMARY_REGION", "us-east-1"],
  ])("a watch whose %s is not the switch's", (variable, missing) => {
    const problems = problemsAfter((stacks) => {
      watchFunction(stacks).environment.variables[variable] = "another";
    });
    expect(problems).toEqual([
      expect.stringContaining(
        `its environment does not name the metric of failover-dns/aws_cloudwatch_metric_alarm.StandDown_Alarm_6089E998: ${missing}; `,
      ),
    ]);
  });

  test("a watch that may not write into the switch's namespace", () => {
    const problems = problemsAfter((stacks) =>
      changeWatchPolicy(stacks, (statements) => {
        statements.at(-1).Condition.StringEquals["cloudwatch:namespace"] = "another";
      }),
    );
    expectOne(problems, /its role does not allow data points in the namespace shop-example\/failover; /);
  });

  test("a watch that may not read the switch's metric", () => {
    const problems = problemsAfter((stacks) =>
      changeWatchPolicy(stacks, (statements) => {
        statements.splice(
          statements.findIndex(({ Action }: AnyJson) => Action === "cloudwatch:GetMetricStatistics"),
          1,
        );
      }),
    );
    expectOne(problems, /its role does not allow cloudwatch:GetMetricStatistics: the switch's state is not repeated, /);
  });

  test.each<[string, (stacks: AnyJson) => void]>([
    ["names no verdict", (stacks) => delete watchFunction(stacks).environment.variables.PRIMARY_VERDICT_NAME],
    [
      "reads the switch's verdict, not the endpoint's",
      (stacks) => {
        watchFunction(stacks).environment.variables.PRIMARY_VERDICT_NAME = "switch.us-east-1.api.example.com";
      },
    ],
    [
      "reads a record that nobody declares",
      (stacks) => removeFailoverBlock(stacks, "aws_route53_record", "EndpointVerdict"),
    ],
  ])("a watch that %s", (_, change) => {
    expect(problemsAfter(change)).toContainEqual(
      expect.stringMatching(
        /aws_lambda_function\.PrimaryWatch_\w+ \(global\) its environment names no TXT failover record with the health check of the primary's endpoint: it cannot see a failover; .* \[latch, step 4\]$/,
      ),
    );
  });

  test.each([
    ["https://sqs.us-east-1.amazonaws.com/123456789012/x", "us-east-1", "recovery needs the region that has failed"],
    ["https://sts.amazonaws.com", "us-east-1", "recovery needs the region that has failed"],
    [
      "https://hooks.example.org/x",
      "global",
      "ENDPOINT leads to hooks.example.org, whose region these stacks do not tell",
    ],
  ])("a watch that calls %s", (url, region, reason) => {
    const problems = problemsAfter((stacks) => {
      watchFunction(stacks).environment.variables.ENDPOINT = url;
    });
    expect(problems).toEqual([expect.stringContaining(`(${region}) ${reason}; `)]);
  });
});
