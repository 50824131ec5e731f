import { randomBytes } from "node:crypto";
import type { JSONWebKeySet } from "jose";
import type { Api, JwtAuthorizer, LambdaFunction, RegionTopology, Route } from "../../topology/topology";
import { JwtVerifier, unauthorized } from "../jwt/verify";
import type { InvocationResult } from "../lambda/invocation";
import {
  answerOf,
  FORBIDDEN,
  INTERNAL_SERVER_ERROR,
  NOT_FOUND,
  SERVICE_UNAVAILABLE,
  TOO_MANY_REQUESTS,
  type WireAnswer,
} from "./answer";
import { eventOf, partsOf, type RequestCircumstances, type WireRequest } from "./event";
import { mayInvoke } from "./permission";
import { type RouteMatch, RouteTable } from "./routes";
import { Throttle } from "./throttle";

export interface GatewayProps {
  readonly region: RegionTopology;
  readonly accountId: string;
  /** Keys of each issuer that an authorizer declares, by the issuer's URL. */
  readonly issuers: ReadonlyMap<string, JSONWebKeySet>;
  /** Runs a function of this region. */
  readonly invoke: (lambda: LambdaFunction, event: unknown) => Promise<InvocationResult>;
  /**
   * Told of each request that an API has answered, its own refusals included.
   * @default nobody is told
   */
  readonly onAnswer?: (apiId: string, stageName: string, statusCode: number) => void;
  /**
   * Wall time: of events, and of tokens' validity.
   * @default the machine's
   */
  readonly now?: () => Date;
}

/** The only stage that is modelled. */
const STAGE = "$default";

interface ServedApi {
  readonly api: Api;
  readonly routes: RouteTable<Route>;
  readonly throttle: Throttle;
}

/** A region's HTTP APIs: from a request to the answer, without a network. */
export class Gateway {
  private readonly apis = new Map<string, ServedApi>();
  private readonly functions: ReadonlyMap<string, LambdaFunction>;
  private readonly verifiers = new Map<JwtAuthorizer, JwtVerifier>();
  private readonly now: () => Date;

  constructor(private readonly props: GatewayProps) {
    const { region, now = () => new Date() } = props;
    this.now = now;
    this.functions = new Map(region.functions.map((lambda) => [lambda.arn, lambda]));
    for (const api of region.apis) {
      const served = { api, routes: new RouteTable(api.routes), throttle: new Throttle() };
      for (const { domainName } of api.domains) this.apis.set(domainName.toLowerCase(), served);
      for (const { authorizer } of api.routes) if (authorizer !== undefined) this.addVerifier(authorizer);
    }
  }

  /** @param host - the `Host` header */
  async answer(host: string | undefined, request: WireRequest): Promise<WireAnswer> {
    const requestId = randomBytes(11).toString("base64");
    const domainName = host?.toLowerCase().replace(/:\d+$/, "") ?? "";
    const answer = await this.answerWithId(requestId, domainName, request);
    const served = this.apis.get(domainName);
    if (served !== undefined) this.props.onAnswer?.(served.api.apiId, STAGE, answer.statusCode);
    return { ...answer, headers: { ...answer.headers, "apigw-requestid": requestId } };
  }

  private async answerWithId(requestId: string, domainName: string, request: WireRequest): Promise<WireAnswer> {
    const served = this.apis.get(domainName);
    if (served === undefined) return FORBIDDEN;
    const match = served.routes.match(request.method, partsOf(request.url).path);
    if (match === undefined) return NOT_FOUND;
    const { route, pathParameters } = match;
    if (!served.throttle.admits(route.throttling)) return TOO_MANY_REQUESTS;
    const circumstances: RequestCircumstances = {
      accountId: this.props.accountId,
      apiId: served.api.apiId,
      domainName,
      routeKey: route.routeKey,
      pathParameters,
      requestId,
      receivedAt: this.now(),
    };
    const verifier = route.authorizer === undefined ? undefined : this.verifiers.get(route.authorizer);
    if (verifier === undefined) return this.integrate(match, request, circumstances);
    const verdict = await verifier.verify(headerOf(request.rawHeaders, "authorization"));
    if (!("claims" in verdict)) return unauthorized(verdict.refusal);
    return this.integrate(match, request, { ...circumstances, claims: verdict.claims });
  }

  private async integrate(
    { route }: RouteMatch<Route>,
    request: WireRequest,
    circumstances: RequestCircumstances,
  ): Promise<WireAnswer> {
    const lambda = this.functions.get(route.functionArn);
    const { accountId, apiId, routeKey } = circumstances;
    const invoking = { region: this.props.region.name, accountId, apiId, method: request.method, routeKey };
    if (lambda === undefined || !mayInvoke(lambda, invoking)) return INTERNAL_SERVER_ERROR;
    const result = this.props.invoke(lambda, eventOf(request, circumstances));
    return within(route.integrationTimeoutMs, result.then(answerOf));
  }

  private addVerifier(authorizer: JwtAuthorizer): void {
    const jwks = this.props.issuers.get(authorizer.issuer);
    if (jwks === undefined) throw new Error(`${authorizer.address}: the drill has no keys of ${authorizer.issuer}`);
    this.verifiers.set(authorizer, new JwtVerifier(authorizer, jwks, this.now));
  }
}

function headerOf(rawHeaders: readonly string[], name: string): string | undefined {
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
  return at < 0 ? undefined : rawHeaders[at + 1];
}

/** The function is not stopped: it continues, and its result is lost. */
function within(timeoutMs: number, answer: Promise<WireAnswer>): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(SERVICE_UNAVAILABLE), timeoutMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
