import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { type PolicyStatement, policyDocument, trustPolicy } from "./policy-document";

/** A reproducible zip with one handler in it. */
export interface HandlerBundle {
  /** Absolute path of the zip. */
  readonly path: string;
  /** SHA-256 of the zip, base64: what Lambda calls `CodeSha256`. */
  readonly sha256Base64: string;
}

export interface HandlerFunctionProps {
  readonly region: string;
  readonly accountId: string;
  /** The same in every region. */
  readonly functionName: string;
  readonly description: string;
  readonly bundle: HandlerBundle;
  /** Permissions beyond writing logs and traces; each resource is an ARN of the function's own region. */
  readonly statements: readonly PolicyStatement[];
  readonly environment: Readonly<Record<string, string>>;
  readonly memorySizeMb: number;
  readonly timeoutSeconds: number;
  readonly logRetentionDays: number;
  /**
   * Executions set aside for this function, which others cannot take and it cannot exceed.
   * @default none
   */
  readonly reservedConcurrentExecutions?: number;
}

const MAXIMUM_NAME_LENGTH = 64;

/**
 * One Lambda function with a role, a policy and a log group of its own.
 *
 * The role's name carries the region because IAM is global; everything it may touch is in its own region.
 */
export class HandlerFunction extends Construct {
  public readonly functionName: string;
  public readonly functionArn: string;
  public readonly invokeArn: string;
  public readonly timeoutSeconds: number;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const roleName = `${props.functionName}-${props.region}`;
    if (roleName.length > MAXIMUM_NAME_LENGTH) {
      throw new Error(
        `${this.node.path}: the role's name may have ${MAXIMUM_NAME_LENGTH} characters, got ${roleName.length} (${roleName}); ` +
          "shorten 'projectName' or 'environment' in the settings",
      );
    }
    const logGroupName = `/aws/lambda/${props.functionName}`;
    const logGroup = new CloudwatchLogGroup(this, "LogGroup", {
      name: logGroupName,
      retentionInDays: props.logRetentionDays,
    });
    const role = new IamRole(this, "Role", {
      name: roleName,
      description: `${props.functionName} in ${props.region}`,
      assumeRolePolicy: trustPolicy("lambda.amazonaws.com"),
    });
    const policy = new IamRolePolicy(this, "Policy", {
      name: "least-privilege",
      role: role.name,
      policy: policyDocument([
        {
          Sid: "WriteOwnLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `arn:aws:logs:${props.region}:${props.accountId}:log-group:${logGroupName}:*`,
        },
        {
          Sid: "SendTraces",
          Effect: "Allow",
          Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
          Resource: "*", // X-Ray has no resource-level permissions for these two.
        },
        ...props.statements,
      ]),
    });
    // The hash in the asset's path is the zip's own, so that the path says what it holds.
    const code = new TerraformAsset(this, "Code", {
      path: props.bundle.path,
      type: AssetType.FILE,
      assetHash: Buffer.from(props.bundle.sha256Base64, "base64").toString("hex").slice(0, 32),
    });
    const resource = new LambdaFunction(this, "Resource", {
      functionName: props.functionName,
      description: props.description,
      role: role.arn,
      filename: code.path,
      sourceCodeHash: props.bundle.sha256Base64,
      handler: "index.handler",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      memorySize: props.memorySizeMb,
      timeout: props.timeoutSeconds,
      ...(Object.keys(props.environment).length === 0 ? {} : { environment: { variables: { ...props.environment } } }),
      tracingConfig: { mode: "Active" },
      ...(props.reservedConcurrentExecutions === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrentExecutions }),
      // Without its policy a first invocation would fail; without its log group Lambda would make one that never expires.
      dependsOn: [policy, logGroup],
    });
    this.functionName = resource.functionName;
    this.functionArn = resource.arn;
    this.invokeArn = resource.invokeArn;
    this.timeoutSeconds = props.timeoutSeconds;
  }
}
