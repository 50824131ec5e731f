import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { errorFields, type Log } from "../log";
import type { VendorKey } from "../ports";

const FRESH_FOR_MS = 5 * 60 * 1_000;
/** How long a key that could not be confirmed is used before the next attempt. */
const RETRY_AFTER_MS = 60 * 1_000;

/** What an HTTP header can carry. A key that does not match would come back in `fetch`'s error message, and be logged. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;

export interface SecretsVendorKeyProps {
  readonly client: SecretsManagerClient;
  /** Name of the secret; the client's region holds the secret or a replica of it, under the same name. */
  readonly secretName: string;
  readonly nowMs: () => number;
  readonly log: Log;
}

/**
 * The vendor's key, kept in memory for five minutes. When Secrets Manager cannot be read after that, the known key goes on
 * being used: payments should not stop because a key that still works could not be confirmed.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html
 */
export class SecretsVendorKey implements VendorKey {
  private known: { readonly key: string; readonly readAtMs: number } | undefined;
  private reading: Promise<string> | undefined;

  constructor(private readonly props: SecretsVendorKeyProps) {}

  async current(): Promise<string> {
    const { known } = this;
    if (known === undefined) return this.read();
    if (this.props.nowMs() - known.readAtMs < FRESH_FOR_MS) return known.key;
    try {
      return await this.read();
    } catch (error) {
      this.props.log("WARN", "vendor-key-not-refreshed", errorFields(error));
      // Not every charge shall wait for a Secrets Manager that does not answer.
      this.known = { ...known, readAtMs: this.props.nowMs() - FRESH_FOR_MS + RETRY_AFTER_MS };
      return known.key;
    }
  }

  async after(rejectedKey: string): Promise<string> {
    return this.known !== undefined && this.known.key !== rejectedKey ? this.known.key : this.read();
  }

  /** One read at a time: a batch of messages that all need the key share it. */
  private read(): Promise<string> {
    this.reading ??= this.readSecret().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readSecret(): Promise<string> {
    const { client, secretName, nowMs } = this.props;
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretName }));
    const key = SecretString?.trim() ?? "";
    if (!HEADER_SAFE.test(key)) {
      throw new Error(`secret '${secretName}' must be the vendor's key as plain text, printable and without spaces`);
    }
    this.known = { key, readAtMs: nowMs() };
    return key;
  }
}
