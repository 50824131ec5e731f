import {
  DataTerraformRemoteState,
  LocalBackend,
  S3Backend,
  TerraformBackend,
  type TerraformRemoteState,
  type TerraformStack,
} from "cdktf";
import type { Construct } from "constructs";

/** Where a deployment keeps the states of its stacks; never in the primary region. */
export type StateBackendProps =
  | {
      readonly type: "cloud";
      readonly organization: string;
      /** A stack's workspace is `<workspacePrefix><stack>`. */
      readonly workspacePrefix: string;
      /** @default "app.terraform.io" */
      readonly hostname?: string | undefined;
    }
  | {
      readonly type: "s3";
      readonly bucket: string;
      readonly region: string;
      /** A stack's object is `<keyPrefix>/<stack>.tfstate`. */
      readonly keyPrefix: string;
    }
  | { readonly type: "local" };

/** S3's own lock file is out of beta since 1.11; the next major version may read state differently. */
const TERRAFORM_VERSIONS = ">= 1.11.0, < 2.0.0";

/** Gives a stack its own backend. Without one, cdktf would write an absolute local path into the JSON. */
export function attachStateBackend(stack: TerraformStack, props: StateBackendProps): void {
  stack.addOverride("terraform.required_version", TERRAFORM_VERSIONS);
  const stackName = stack.node.id;
  switch (props.type) {
    case "cloud":
      new HcpTerraformBackend(stack, {
        organization: props.organization,
        workspaceName: `${props.workspacePrefix}${stackName}`,
        hostname: props.hostname,
      });
      return;
    case "s3": {
      const { bucket, region, keyPrefix } = props;
      const backend = new S3Backend(stack, { bucket, region, key: `${keyPrefix}/${stackName}.tfstate`, encrypt: true });
      // cdktf 0.21 has no typed property for S3's own lock file (Terraform 1.10+), which replaces the DynamoDB lock table.
      backend.addOverride("use_lockfile", true);
      return;
    }
    case "local":
      // Relative to the stack's working directory, `cdktf.out/stacks/<stack>`: the file lies beside `cdktf.out`.
      new LocalBackend(stack, { path: `../../../terraform.${stackName}.tfstate` });
  }
}

interface HcpTerraformBackendProps {
  readonly organization: string;
  readonly workspaceName: string;
  readonly hostname: string | undefined;
}

/**
 * Writes the same as cdktf's `CloudBackend`, which runs `terraform version` at synth and fails without the binary. This synth needs
 * Node only.
 */
class HcpTerraformBackend extends TerraformBackend {
  constructor(
    scope: Construct,
    private readonly props: HcpTerraformBackendProps,
  ) {
    super(scope, "backend", "cloud");
  }

  public override toTerraform(): object {
    return { terraform: { cloud: this.workspace() } };
  }

  public override toMetadata(): object {
    return { ...super.toMetadata(), cloud: this.props.hostname === undefined ? "tfc" : "tfe" };
  }

  public override getRemoteStateDataSource(scope: Construct, name: string, _fromStack: string): TerraformRemoteState {
    return new DataTerraformRemoteState(scope, name, this.workspace());
  }

  private workspace() {
    const { organization, workspaceName, hostname } = this.props;
    return { organization, workspaces: { name: workspaceName }, ...(hostname === undefined ? {} : { hostname }) };
  }
}
