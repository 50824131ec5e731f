import type { LambdaFunction, RegionTopology, Route } from "../../../topology/topology";
import { declaredFunction } from "../lambda/declared-function";

export const ISSUER = "https://login.example.com/";
export const API = "api.example.com";
export const ADMIN = "admin.example.com";

const domain = (domainName: string) => ({
  address: `api-us-east-1: aws_apigatewayv2_domain_name.${domainName}`,
  domainName,
  targetDomainName: `d-${domainName}.execute-api.us-east-1.amazonaws.com`,
  certificateNames: [domainName],
});

/** A region with two APIs, each at a name of its own, and a domain whose certificate is for another name. */
export function shopRegion(lambda: LambdaFunction = declaredFunction({})): RegionTopology {
  const route = (routeKey: string, overrides: Partial<Route> = {}): Route => ({
    address: `api-us-east-1: aws_apigatewayv2_route.${routeKey}`,
    routeKey,
    functionArn: lambda.arn,
    integrationTimeoutMs: 10_000,
    throttling: { bucket: "default", burstLimit: 10_000, rateLimitPerSecond: 10_000 },
    ...overrides,
  });
  const authorizer = {
    address: "api-us-east-1: aws_apigatewayv2_authorizer.jwt",
    issuer: ISSUER,
    audience: ["checkout"],
  };
  const throttling = { bucket: "GET /few", burstLimit: 2, rateLimitPerSecond: 0.001 };
  const api = { address: "api-us-east-1: aws_apigatewayv2_api.api", apiId: "abc", name: "shop" };
  return {
    name: "us-east-1",
    functions: [lambda],
    queues: [],
    mappings: [],
    schedules: [],
    apis: [
      {
        ...api,
        routes: [
          route("GET /live"),
          route("GET /cart", { authorizer }),
          route("PUT /cart/items/{sku}", { authorizer }),
          route("GET /few", { throttling }),
          route("GET /impatient", { integrationTimeoutMs: 50 }),
          route("GET /nobody-may"),
        ],
        domains: [domain(API), { ...domain("wrong.example.com"), certificateNames: ["other.example.com"] }],
      },
      { ...api, apiId: "def", routes: [route("GET /live")], domains: [domain(ADMIN)] },
    ],
  };
}

/** Lets API Gateway invoke the function for each route but `/nobody-may`. */
export const INVOKERS = [
  "abc/*/GET/live",
  "abc/*/*/cart*",
  "abc/*/GET/few",
  "abc/*/GET/impatient",
  "def/*/GET/live",
].map((resource) => ({
  principal: "apigateway.amazonaws.com",
  sourceArn: `arn:aws:execute-api:us-east-1:123456789012:${resource}`,
}));
