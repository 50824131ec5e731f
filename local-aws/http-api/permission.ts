import { matches } from "../../topology/policy-evaluation";
import type { LambdaFunction } from "../../topology/topology";

/** A request, as far as a function's resource policy can tell. */
export interface Invoking {
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly method: string;
  readonly routeKey: string;
}

/**
 * Whether one of the function's declared permissions lets API Gateway invoke it for this route.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-permissions
 */
export function mayInvoke({ invokers }: LambdaFunction, invoking: Invoking): boolean {
  const { region, accountId, apiId, method, routeKey } = invoking;
  const [, path] = routeKey.split(" ");
  const resource = path === undefined ? routeKey : `${method}${path}`;
  const arn = `arn:aws:execute-api:${region}:${accountId}:${apiId}/$default/${resource}`;
  return invokers.some(
    ({ principal, sourceArn }) =>
      principal === "apigateway.amazonaws.com" && (sourceArn === undefined || matches(sourceArn, arn)),
  );
}
