import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientOptions } from "./client-options";

/** One repeat, and no long wait: a message whose key cannot be read goes back to its queue anyway. */
const LIMITS = { connectionTimeoutMs: 500, requestTimeoutMs: 2_000, maxAttempts: 2 };

export function secretsManagerClient(region: string): SecretsManagerClient {
  return new SecretsManagerClient(clientOptions(region, LIMITS));
}
