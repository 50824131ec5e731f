import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import type { JwtAuthorizer } from "../../topology/topology";
import { claimsAsStrings } from "./claims";

export type Verdict =
  | { readonly claims: Readonly<Record<string, string>> }
  | {
      /** Why not, in the words of the `www-authenticate` header; undefined when there is no token at all. */
      readonly refusal: string | undefined;
    };

/** "Currently, only RSA-based algorithms are supported." */
const ALGORITHMS = ["RS256", "RS384", "RS512"];

/**
 * What a JWT authorizer of an HTTP API checks, with the issuer's keys at hand instead of fetched.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html#http-api-jwt-authorizer.evaluation
 */
export class JwtVerifier {
  private readonly keys: ReturnType<typeof createLocalJWKSet>;

  constructor(
    private readonly authorizer: Pick<JwtAuthorizer, "issuer" | "audience">,
    jwks: JSONWebKeySet,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.keys = createLocalJWKSet(jwks);
  }

  /** @param authorization - the header's value: a token, or a token after `Bearer` */
  async verify(authorization: string | undefined): Promise<Verdict> {
    const [, token] = /^(?:Bearer +)?([^ ]+)$/i.exec(authorization?.trim() ?? "") ?? [];
    if (token === undefined) return { refusal: undefined };
    const now = this.now();
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.keys, {
        algorithms: ALGORITHMS,
        issuer: this.authorizer.issuer,
        requiredClaims: ["exp"],
        currentDate: now,
      });
      // With a single key the library does without: API Gateway does not.
      if (protectedHeader.kid === undefined) return { refusal: "the token does not name a key" };
      if (!this.isForAudience(payload)) return { refusal: "the token does not have a valid audience" };
      if ((payload.iat ?? 0) * 1000 > now.getTime()) return { refusal: "the token was issued in the future" };
      return { claims: claimsAsStrings(payload) };
    } catch (error) {
      return { refusal: refusalOf(error) };
    }
  }

  /** `client_id` counts only where there is no `aud`. */
  private isForAudience({ aud, client_id: clientId }: JWTPayload): boolean {
    return [aud ?? clientId].flat().some((name) => this.authorizer.audience.includes(String(name)));
  }
}

/**
 * Headers and body of a refusal.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
 */
export function unauthorized(refusal: string | undefined): {
  readonly statusCode: 401;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
} {
  const challenge =
    refusal === undefined ? "Bearer" : `Bearer scope="" error="invalid_token" error_description="${refusal}"`;
  return {
    statusCode: 401,
    headers: { "content-type": "application/json", "www-authenticate": challenge },
    body: '{"message":"Unauthorized"}',
  };
}

function refusalOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "the token has expired";
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === "iss" ? "invalid issuer" : `the token has no valid '${error.claim}'`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return "signing method is invalid";
  if (error instanceof errors.JWKSNoMatchingKey) return "unable to find a key that matches the token's";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature is invalid";
  return "the token is malformed";
}
