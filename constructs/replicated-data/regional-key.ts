import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { policyDocument } from "../functions/policy-document";

export interface RegionalKeyProps {
  readonly provider: AwsProvider;
  readonly region: string;
  readonly accountId: string;
  /** Alias without `alias/`. */
  readonly aliasName: string;
  /** Address of the key in Terraform's state; it must never change, or the key is replaced. */
  readonly logicalId: string;
  /** Refuses to destroy the key: what it encrypts is unreadable without it. */
  readonly preventDestroy: boolean;
}

/**
 * A customer-managed key of one region for the data at rest there. Each region has a key of its own rather than a replica of a
 * multi-Region key, so that neither region's key depends on the other's.
 *
 * Its policy lets any principal of the account use it, but only through DynamoDB and Secrets Manager of the same region: access to
 * the data is decided by the policies on tables and secrets, as with the keys that AWS manages for these services.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export class RegionalKey extends Construct {
  public readonly keyArn: string;

  constructor(scope: Construct, id: string, props: RegionalKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "Resource", {
      provider: props.provider,
      description: `Carts, orders and the vendor's key at rest in ${props.region}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: keyPolicy(props),
      lifecycle: { preventDestroy: props.preventDestroy },
    });
    key.overrideLogicalId(props.logicalId);
    new KmsAlias(this, "Alias", { provider: props.provider, name: `alias/${props.aliasName}`, targetKeyId: key.keyId });
    this.keyArn = key.arn;
  }
}

function keyPolicy({ region, accountId }: RegionalKeyProps): string {
  return policyDocument([
    {
      Sid: "AdministeredThroughIam",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "UsedThroughDataServicesOfThisRegion",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:CreateGrant",
        "kms:DescribeKey",
      ],
      Resource: "*",
      Condition: {
        StringEquals: {
          "kms:CallerAccount": accountId,
          "kms:ViaService": [`dynamodb.${region}.amazonaws.com`, `secretsmanager.${region}.amazonaws.com`],
        },
      },
    },
  ]);
}
