import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { policyDocument, trustPolicy } from "./policy-document";

export interface FunctionScheduleProps {
  readonly region: string;
  readonly accountId: string;
  readonly scheduleName: string;
  /**
   * First part of its role's name, `<rolePrefix>-schedule-<region>`: at most 40 characters in the region with the longest name.
   * @default {@link scheduleName}
   */
  readonly rolePrefix?: string;
  readonly functionArn: string;
  /** Whole minutes between two runs. */
  readonly rateMinutes: number;
  /**
   * The event that each run gets, with units in its names.
   * @default EventBridge Scheduler's own
   */
  readonly input?: Readonly<Record<string, string | number | boolean>>;
  /**
   * What must be there before the first run.
   * @default - the function and the permission to start it
   */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * Runs a function at a fixed rate with EventBridge Scheduler, which keeps its schedules in the region they run in.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, props: FunctionScheduleProps) {
    super(scope, id);
    const role = new IamRole(this, "Role", {
      name: `${props.rolePrefix ?? props.scheduleName}-schedule-${props.region}`,
      description: `Starts ${props.scheduleName} in ${props.region}`,
      assumeRolePolicy: trustPolicy("scheduler.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": props.accountId },
      }),
    });
    const policy = new IamRolePolicy(this, "Policy", {
      name: "invoke",
      role: role.name,
      policy: policyDocument([
        { Sid: "StartFunction", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: props.functionArn },
      ]),
    });
    new SchedulerSchedule(this, "Resource", {
      name: props.scheduleName,
      scheduleExpression: props.rateMinutes === 1 ? "rate(1 minute)" : `rate(${props.rateMinutes} minutes)`,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: props.functionArn,
        roleArn: role.arn,
        ...(props.input === undefined ? {} : { input: JSON.stringify(props.input) }),
        // A late run does the same work as the next one, so long retries gain nothing.
        retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: 60 },
      },
      dependsOn: [policy, ...(props.dependsOn ?? [])],
    });
  }
}
