import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";

export interface ReplicatedSecretProps {
  /** Provider of the home region. */
  readonly provider: AwsProvider;
  /** The same name in every region; functions read it by name from their own region. */
  readonly secretName: string;
  /** Address of the secret in Terraform's state. */
  readonly logicalId: string;
  readonly description: string;
  readonly kmsKeyArn: string;
  /** Regions that hold a copy, each with the ARN of a key of its own. */
  readonly replicas: readonly { readonly region: string; readonly kmsKeyArn: string }[];
  /** `prevent_destroy` and the longest recovery window; without protection, the secret is deleted at once. */
  readonly protectData: boolean;
}

/**
 * A secret whose value Secrets Manager copies to other regions. Terraform never holds the value: operators set it once, with
 * `aws secretsmanager put-secret-value`, and it replicates from there.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
 */
export class ReplicatedSecret extends Construct {
  constructor(scope: Construct, id: string, props: ReplicatedSecretProps) {
    super(scope, id);
    const secret = new SecretsmanagerSecret(this, "Resource", {
      provider: props.provider,
      name: props.secretName,
      description: props.description,
      kmsKeyId: props.kmsKeyArn,
      recoveryWindowInDays: props.protectData ? 30 : 0,
      // A replica left over from a deleted secret of the same name would otherwise block re-creation.
      forceOverwriteReplicaSecret: true,
      replica: props.replicas.map(({ region, kmsKeyArn }) => ({ region, kmsKeyId: kmsKeyArn })),
      lifecycle: { preventDestroy: props.protectData },
    });
    secret.overrideLogicalId(props.logicalId);
  }
}
