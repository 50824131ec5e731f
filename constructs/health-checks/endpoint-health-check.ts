import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface EndpointHealthCheckProps {
  /** Shown in the console's list of health checks. */
  readonly name: string;
  /** The region's own host name, without scheme or path; never the failover name, which resolves to the region in service. */
  readonly fqdn: string;
  /** Path of the deep health route. */
  readonly resourcePath: string;
  /**
   * Seconds from a response to the checker's next request: 10 or 30.
   * @default 30
   */
  readonly requestIntervalSeconds?: number;
  /**
   * Consecutive opposite results that change a checker's verdict, 1 to 10.
   * @default 3
   */
  readonly failureThreshold?: number;
  /**
   * What must exist first: a check that is created before its host name resolves becomes unhealthy.
   * @default nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * Watches one regional endpoint from about 16 checkers around the world; their verdict decides which failover record Route 53
 * answers with.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export class EndpointHealthCheck extends Construct {
  public readonly healthCheckId: string;

  constructor(scope: Construct, id: string, props: EndpointHealthCheckProps) {
    super(scope, id);
    const requestInterval = props.requestIntervalSeconds ?? 30;
    if (requestInterval !== 10 && requestInterval !== 30) {
      throw new Error(
        `${this.node.path}: 'requestIntervalSeconds' must be 10 or 30, got ${requestInterval}; Route 53 knows no other`,
      );
    }
    const failureThreshold = props.failureThreshold ?? 3;
    if (!Number.isInteger(failureThreshold) || failureThreshold < 1 || failureThreshold > 10) {
      throw new Error(
        `${this.node.path}: 'failureThreshold' must be a whole number from 1 to 10, got ${failureThreshold}; ` +
          "lower values fail over sooner but trip on shorter glitches",
      );
    }
    const resource = new Route53HealthCheck(this, "Resource", {
      type: "HTTPS",
      fqdn: props.fqdn,
      port: 443,
      resourcePath: props.resourcePath,
      requestInterval,
      failureThreshold,
      enableSni: true, // API Gateway picks the certificate and the domain by SNI.
      measureLatency: true,
      tags: { Name: props.name },
      ...(props.dependsOn === undefined ? {} : { dependsOn: [...props.dependsOn] }),
    });
    this.healthCheckId = resource.id;
  }
}
