import type { LambdaFunction } from "../../topology/topology";

export interface EnvironmentVariablesProps {
  readonly lambda: LambdaFunction;
  readonly region: string;
  /** By it the drill's endpoints recognise the function's calls. */
  readonly accessKeyId: string;
  /** What the drill adds, such as `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly added: Readonly<Record<string, string>>;
  readonly taskRoot: string;
  readonly runtimeApiAddress: string;
  readonly environmentId: string;
}

/**
 * All that a function's process sees: what is declared, what Lambda defines, what the drill adds. Of the drill's own environment only `PATH`.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function environmentVariables(props: EnvironmentVariablesProps): Record<string, string> {
  const { lambda, region, accessKeyId, added, taskRoot, runtimeApiAddress, environmentId } = props;
  return {
    ...lambda.environment,
    ...added,
    PATH: process.env["PATH"] ?? "",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: lambda.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.memorySizeMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${lambda.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: environmentId,
    AWS_LAMBDA_RUNTIME_API: runtimeApiAddress,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "drill",
    AWS_SESSION_TOKEN: "drill",
    _HANDLER: lambda.handler,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
  };
}
