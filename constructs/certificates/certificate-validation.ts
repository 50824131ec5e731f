import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

export interface CertificateValidationProps {
  /** Provider of the certificate's region. */
  readonly provider: AwsProvider;
  readonly certificateArn: string;
  /** Names of the validation records of all of the certificate's names. */
  readonly validationRecordFqdns: readonly string[];
}

/** Waits until ACM has issued a certificate; its ARN can be used from then on. */
export class CertificateValidation extends Construct {
  public readonly certificateArn: string;

  constructor(scope: Construct, id: string, props: CertificateValidationProps) {
    super(scope, id);
    const validation = new AcmCertificateValidation(this, "Resource", {
      provider: props.provider,
      certificateArn: props.certificateArn,
      validationRecordFqdns: [...props.validationRecordFqdns],
    });
    this.certificateArn = validation.certificateArn;
  }
}
