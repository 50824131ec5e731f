import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";

export interface RegionalProviderProps {
  readonly region: string;
  /** The only account the provider may touch. */
  readonly accountId: string;
  /** Tags on every resource. */
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Name of this provider in a stack that has several.
   * @default the stack's unnamed provider
   */
  readonly alias?: string;
  /**
   * For an AWS emulator; where it listens comes from `AWS_ENDPOINT_URL`. Skips checks that it does not answer, and signs with keys
   * that AWS itself refuses: without that variable nothing of a real account can be touched.
   * @default false
   */
  readonly emulator?: boolean;
}

/** The AWS provider of one region, held to one account. */
export function regionalProvider(scope: Construct, id: string, props: RegionalProviderProps): AwsProvider {
  return new AwsProvider(scope, id, {
    region: props.region,
    ...(props.alias === undefined ? {} : { alias: props.alias }),
    defaultTags: [{ tags: { ...props.tags } }],
    ...(props.emulator
      ? {
          accessKey: props.accountId, // Emulators use the access key as the account's number.
          secretKey: "emulator",
          skipCredentialsValidation: true,
          skipMetadataApiCheck: "true",
          skipRequestingAccountId: true,
        }
      : { allowedAccountIds: [props.accountId] }),
  });
}
