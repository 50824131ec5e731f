import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientOptions } from "./client-options";

/** One repeat: a message whose key cannot be read goes back to its queue anyway. */
const MAX_ATTEMPTS = 2;

export function secretsManagerClient(region: string, requestTimeoutMs: number): SecretsManagerClient {
  return new SecretsManagerClient(
    clientOptions(region, { connectionTimeoutMs: requestTimeoutMs, requestTimeoutMs, maxAttempts: MAX_ATTEMPTS }),
  );
}
