import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2Authorizer } from "@cdktf/provider-aws/lib/apigatewayv2-authorizer";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";

/** Requests that API Gateway lets through. */
export interface RouteThrottling {
  readonly burstLimit: number;
  readonly rateLimitPerSecond: number;
}

/** The function behind some routes. */
export interface RouteTarget {
  readonly functionName: string;
  readonly invokeArn: string;
  readonly timeoutSeconds: number;
}

export interface HttpApiRoute {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Such as `/cart/items/{sku}`. */
  readonly path: string;
  /** Key in {@link HttpApiProps.targets}. */
  readonly target: string;
  /** Whether a verified JWT is required. */
  readonly authorization: "JWT" | "NONE";
  /**
   * A budget of the route's own, which requests on other routes cannot use up.
   * @default the API's
   */
  readonly throttling?: RouteThrottling;
}

export interface HttpApiProps {
  readonly name: string;
  readonly targets: Readonly<Record<string, RouteTarget>>;
  readonly routes: readonly HttpApiRoute[];
  readonly jwt: { readonly issuer: string; readonly audience: readonly string[] };
  readonly throttling: RouteThrottling;
  readonly logRetentionDays: number;
}

/** API Gateway gives up on an integration after this long at the latest. */
const LONGEST_INTEGRATION_TIMEOUT_MS = 30_000;

/** Fields of an access-log line; nothing of the token, the body or the query. */
const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  domainName: "$context.domainName",
  sourceIp: "$context.identity.sourceIp",
  routeKey: "$context.routeKey",
  protocol: "$context.protocol",
  status: "$context.status",
  responseLength: "$context.responseLength",
  responseLatencyMs: "$context.responseLatency",
  integrationLatencyMs: "$context.integrationLatency",
  integrationStatus: "$context.integrationStatus",
  integrationError: "$context.integrationErrorMessage",
  authorizerError: "$context.authorizer.error",
});

/**
 * An HTTP API in front of functions: JWT authorizer, explicit routes, throttling, access logs as JSON. Only its custom domains
 * reach it, since the default execute-api endpoint is off: clients must not depend on a name that exists in one region only.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export class HttpApi extends Construct {
  public readonly apiId: string;
  public readonly stageName: string;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    const api = new Apigatewayv2Api(this, "Resource", {
      name: props.name,
      protocolType: "HTTP",
      disableExecuteApiEndpoint: true,
    });
    const authorizer = new Apigatewayv2Authorizer(this, "JwtAuthorizer", {
      apiId: api.id,
      name: "jwt",
      authorizerType: "JWT",
      identitySources: ["$request.header.Authorization"],
      jwtConfiguration: { issuer: props.jwt.issuer, audience: [...props.jwt.audience] },
    });
    const integrations = mapValues(
      props.targets,
      (target, name) =>
        new Apigatewayv2Integration(this, `Integration-${name}`, {
          apiId: api.id,
          integrationType: "AWS_PROXY",
          integrationMethod: "POST",
          integrationUri: target.invokeArn,
          payloadFormatVersion: "2.0",
          timeoutMilliseconds: Math.min(target.timeoutSeconds * 1000, LONGEST_INTEGRATION_TIMEOUT_MS),
        }),
    );
    const routes = props.routes.map((route) => {
      const target = props.targets[route.target];
      const integration = integrations[route.target];
      if (target === undefined || integration === undefined) {
        throw new Error(
          `${this.node.path}: route ${routeKey(route)} must name one of the targets ${Object.keys(props.targets).join(", ")}, got ${route.target}`,
        );
      }
      const routeId = `${route.method}${route.path.replace(/[^A-Za-z0-9]+/g, "-")}`;
      new LambdaPermission(this, `Permission-${routeId}`, {
        functionName: target.functionName,
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceArn: `${api.executionArn}/*/${route.method}${route.path}`,
      });
      return new Apigatewayv2Route(this, `Route-${routeId}`, {
        apiId: api.id,
        routeKey: routeKey(route),
        target: `integrations/${integration.id}`,
        authorizationType: route.authorization,
        ...(route.authorization === "JWT" ? { authorizerId: authorizer.id } : {}),
      });
    });
    const accessLog = new CloudwatchLogGroup(this, "AccessLog", {
      // Log groups under /aws/vendedlogs/ need no entry of their own in the size-limited CloudWatch Logs resource policy.
      name: `/aws/vendedlogs/apigateway/${props.name}`,
      retentionInDays: props.logRetentionDays,
    });
    const stage = new Apigatewayv2Stage(this, "Stage", {
      apiId: api.id,
      name: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: accessLog.arn, format: ACCESS_LOG_FORMAT },
      defaultRouteSettings: throttlingSettings(props.throttling),
      routeSettings: props.routes.flatMap((route) =>
        route.throttling === undefined ? [] : [{ routeKey: routeKey(route), ...throttlingSettings(route.throttling) }],
      ),
      // API Gateway refuses settings for a route that does not exist yet.
      dependsOn: routes,
    });
    this.apiId = api.id;
    this.stageName = stage.name;
  }
}

function routeKey(route: HttpApiRoute): string {
  return `${route.method} ${route.path}`;
}

function throttlingSettings({ burstLimit, rateLimitPerSecond }: RouteThrottling) {
  return { throttlingBurstLimit: burstLimit, throttlingRateLimit: rateLimitPerSecond, detailedMetricsEnabled: true };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
