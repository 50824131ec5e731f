import { DeclarationError } from "../terraform-json/errors";
import type { ResolvedBlock, Resolver } from "../terraform-json/resolver";
import { type Placed, placed } from "./read-functions";
import type { Api, ApiDomain, JwtAuthorizer, Route, Throttling } from "./topology";

const FUNCTION_IN_URI = /functions\/(arn:[^/]+)\/invocations$/;

export function readApis(resolver: Resolver): Placed<Api>[] {
  const domains = readDomains(resolver);
  refuseOrphans(resolver);
  return resolver.all("aws_apigatewayv2_api").map((block) => {
    const { fields, address } = block;
    const apiId = fields.text("id");
    const ofThisApi = (type: string) =>
      resolver.all(type).filter((child) => child.fields.text("api_id") === apiId && child.region === block.region);
    const [stage, ...others] = ofThisApi("aws_apigatewayv2_stage");
    if (stage === undefined || others.length > 0 || stage.fields.text("name") !== "$default") {
      throw new DeclarationError(
        `${address}: must have one stage, $default; got ${1 + others.length - (stage ? 0 : 1)}`,
      );
    }
    return placed(block, {
      address,
      apiId,
      name: fields.text("name"),
      routes: ofThisApi("aws_apigatewayv2_route").map((route) =>
        routeOf(route, stage, ofThisApi("aws_apigatewayv2_integration"), ofThisApi("aws_apigatewayv2_authorizer")),
      ),
      domains: ofThisApi("aws_apigatewayv2_api_mapping").map(({ fields: mapping }) => {
        const name = mapping.text("domain_name");
        const domain = domains.find(({ region, it }) => region === block.region && it.domainName === name);
        return domain?.it ?? mapping.fail("domain_name", `a domain name that ${block.region} declares`, name);
      }),
    });
  });
}

const PARTS = ["api_mapping", "authorizer", "integration", "route", "stage"].map((part) => `aws_apigatewayv2_${part}`);

/** Refuses parts that belong to no API of their region: the drill would leave them out. */
function refuseOrphans(resolver: Resolver): void {
  const apis = new Set(
    resolver.all("aws_apigatewayv2_api").map(({ region, fields }) => `${region} ${fields.text("id")}`),
  );
  for (const { region, fields } of PARTS.flatMap((type) => resolver.all(type))) {
    const apiId = fields.text("api_id");
    if (!apis.has(`${region} ${apiId}`)) fields.fail("api_id", `an API that ${region} declares`, apiId);
  }
}

function readDomains(resolver: Resolver): Placed<ApiDomain>[] {
  const certificates = new Map(
    resolver.all("aws_acm_certificate").map((certificate) => [certificate.fields.text("arn"), certificate]),
  );
  return resolver.all("aws_apigatewayv2_domain_name").map((block) => {
    const { fields, address } = block;
    const configuration =
      fields.block("domain_name_configuration") ?? fields.fail("domain_name_configuration", "a block", undefined);
    const arn = configuration.text("certificate_arn");
    const certificate = certificates.get(arn);
    if (certificate === undefined) throw new DeclarationError(`${address}: no stack declares the certificate ${arn}`);
    if (certificate.region !== block.region) {
      throw new DeclarationError(
        `${address}: must have a certificate of its own region ${block.region}, got one of ${certificate.region}`,
      );
    }
    return placed(block, {
      address,
      domainName: fields.text("domain_name"),
      targetDomainName: configuration.text("target_domain_name"),
      certificateNames: [
        certificate.fields.text("domain_name"),
        ...certificate.fields.texts("subject_alternative_names"),
      ],
    });
  });
}

const ROUTE_KEY = /^(?:\$default|(?:ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/\S*)$/;

function routeOf(
  { fields, address }: ResolvedBlock,
  stage: ResolvedBlock,
  integrations: readonly ResolvedBlock[],
  authorizers: readonly ResolvedBlock[],
): Route {
  const routeKey = fields.text("route_key");
  if (!ROUTE_KEY.test(routeKey)) fields.fail("route_key", "$default, or a method and a path", routeKey);
  const target = fields.text("target");
  const integration = integrations.find((candidate) => target === `integrations/${candidate.fields.text("id")}`);
  if (integration === undefined)
    throw new DeclarationError(`${address}: 'target' must name an integration of its API, got ${target}`);
  const [, functionArn] = FUNCTION_IN_URI.exec(integration.fields.text("integration_uri")) ?? [];
  if (functionArn === undefined || integration.fields.text("integration_type") !== "AWS_PROXY") {
    throw new DeclarationError(
      `${integration.address}: must be an AWS_PROXY integration of a function; the drill knows no other`,
    );
  }
  const format = integration.fields.optionalText("payload_format_version") ?? "1.0";
  if (format !== "2.0")
    return integration.fields.fail("payload_format_version", "2.0, which is all that the drill speaks", format);
  const authorizer = authorizerOf(
    fields.optionalText("authorization_type") ?? "NONE",
    fields.optionalText("authorizer_id"),
    address,
    authorizers,
  );
  return {
    address,
    routeKey,
    functionArn,
    integrationTimeoutMs: integration.fields.numberIn("timeout_milliseconds", 50, 30_000, 30_000),
    ...(authorizer === undefined ? {} : { authorizer }),
    throttling: throttlingOf(routeKey, stage),
  };
}

function authorizerOf(
  type: string,
  id: string | undefined,
  address: string,
  authorizers: readonly ResolvedBlock[],
): JwtAuthorizer | undefined {
  if (type === "NONE") return undefined;
  const authorizer = authorizers.find(({ fields }) => fields.text("id") === id);
  const jwt = authorizer?.fields.block("jwt_configuration");
  if (type !== "JWT" || authorizer === undefined || jwt === undefined) {
    throw new DeclarationError(
      `${address}: 'authorization_type' must be NONE, or JWT with an authorizer of its API; got ${type}`,
    );
  }
  return { address: authorizer.address, issuer: jwt.text("issuer"), audience: jwt.texts("audience") };
}

/** API Gateway's account limits apply when neither the route nor the stage has settings. */
const ACCOUNT_THROTTLING = { burstLimit: 5_000, rateLimitPerSecond: 10_000 };

const MAX_LIMIT = 2 ** 31 - 1;

function throttlingOf(routeKey: string, stage: ResolvedBlock): Throttling {
  const own = stage.fields.blocks("route_settings").find((settings) => settings.text("route_key") === routeKey);
  const settings = own ?? stage.fields.block("default_route_settings");
  const bucket = own === undefined ? "default" : routeKey;
  if (settings === undefined) return { bucket, ...ACCOUNT_THROTTLING };
  // For settings without a limit, the provider sends 0, and API Gateway then refuses every request:
  // https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2/issues/59
  return {
    bucket,
    burstLimit: settings.numberIn("throttling_burst_limit", 0, MAX_LIMIT, 0),
    rateLimitPerSecond: settings.numberIn("throttling_rate_limit", 0, MAX_LIMIT, 0),
  };
}
