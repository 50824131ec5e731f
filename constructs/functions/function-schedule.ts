import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
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
  readonly functionName: string;
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

/** Seconds that a run may be late: the least that EventBridge Scheduler and Lambda take, and no more than one interval of any schedule here. */
const MAXIMUM_EVENT_AGE_SECONDS = 60;

/**
 * Runs a function at a fixed rate with EventBridge Scheduler, which keeps its schedules in the region they run in.
 *
 * Scheduler hands a run to Lambda, which queues it. Lambda's own limits are six hours and two retries: after an outage of some hours all the
 * runs of that time would start at once. A run that is a minute late is dropped instead, and one that fails is not repeated: the next one
 * does its work.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
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
    const queueing = new LambdaFunctionEventInvokeConfig(this, "Queueing", {
      functionName: props.functionName,
      maximumEventAgeInSeconds: MAXIMUM_EVENT_AGE_SECONDS,
      maximumRetryAttempts: 0,
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
        retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: MAXIMUM_EVENT_AGE_SECONDS },
      },
      dependsOn: [policy, queueing, ...(props.dependsOn ?? [])],
    });
  }
}
