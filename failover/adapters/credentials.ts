import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { type Credentials, clientOptions } from "./aws";

/** There are no credentials, or they cannot be had: one line, exit code 2. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
}

export interface ResolvedCredentials {
  /** Renews what expires. */
  readonly credentials: Credentials;
  readonly accessKeyId: string;
}

const BOUND_MS = 10_000;

/**
 * The SDK's default chain, asked once, by a client of the standby region: where a profile assumes a role, it is that region's STS that is
 * asked, and not the one that may be gone.
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/setting-credentials-node.html
 * @throws {CredentialsError}
 */
export async function resolveCredentials(region: string, endpoint: string | undefined): Promise<ResolvedCredentials> {
  const { credentials } = new CloudWatchClient(clientOptions(region, { endpoint: undefined })).config;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${BOUND_MS / 1_000} s`)), BOUND_MS);
  });
  try {
    const { accessKeyId } = await Promise.race([credentials(), tooLate]);
    return { credentials, accessKeyId };
  } catch (error) {
    const [got = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    const advice =
      endpoint === undefined
        ? "set AWS_PROFILE, or AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for a role, AWS_SESSION_TOKEN"
        : "a drill takes any: AWS_ACCESS_KEY_ID=drill AWS_SECRET_ACCESS_KEY=drill";
    throw new CredentialsError(`AWS credentials: expected some from the SDK's default chain; got ${got}; ${advice}`);
  } finally {
    clearTimeout(timer);
  }
}
