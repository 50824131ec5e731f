import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Construct } from "constructs";

export interface CalculatedHealthCheckProps {
  /** Shown in the console's list of health checks. */
  readonly name: string;
  readonly childHealthCheckIds: readonly string[];
}

/**
 * Healthy while each of its children is.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
 */
export class CalculatedHealthCheck extends Construct {
  public readonly healthCheckId: string;

  constructor(scope: Construct, id: string, props: CalculatedHealthCheckProps) {
    super(scope, id);
    const resource = new Route53HealthCheck(this, "Resource", {
      type: "CALCULATED",
      childHealthchecks: [...props.childHealthCheckIds],
      childHealthThreshold: props.childHealthCheckIds.length,
      tags: { Name: props.name },
    });
    this.healthCheckId = resource.id;
  }
}
