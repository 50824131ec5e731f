import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, type JSONWebKeySet, type KeyLike, SignJWT } from "jose";

export interface TokenProps {
  readonly subject: string;
  readonly audience: string | readonly string[];
  /**
   * Words divided by spaces.
   * @default no `scope` claim
   */
  readonly scope?: string;
  /**
   * Seconds from `now` until the token expires.
   * @default 3600
   */
  readonly expiresInSeconds?: number;
  /** @default the machine's time */
  readonly now?: Date;
  /**
   * Further claims; they win over the others.
   * @default none
   */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Stands in for the declared issuer: signs tokens in its name, and knows the keys that it would publish. */
export class TokenIssuer {
  private constructor(
    /** As the authorizer declares it, such as `https://login.example.com/`. */
    readonly issuer: string,
    /** What would be at the issuer's `jwks_uri`. */
    readonly jwks: JSONWebKeySet,
    private readonly privateKey: KeyLike,
    private readonly header: { readonly alg: string; readonly kid: string; readonly typ: "JWT" },
  ) {}

  /** @param alg - API Gateway accepts RSA only; ES256 is for seeing a token refused */
  static async create(issuer: string, alg: "RS256" | "ES256" = "RS256"): Promise<TokenIssuer> {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    const kid = randomUUID();
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: "sig" }] };
    return new TokenIssuer(issuer, jwks, privateKey, { alg, kid, typ: "JWT" });
  }

  sign({ subject, audience, scope, expiresInSeconds = 3600, now = new Date(), claims }: TokenProps): Promise<string> {
    const issuedAt = Math.floor(now.getTime() / 1000);
    const payload = {
      iss: this.issuer,
      sub: subject,
      aud: typeof audience === "string" ? audience : [...audience],
      iat: issuedAt,
      exp: issuedAt + expiresInSeconds,
      ...(scope === undefined ? {} : { scope }),
      ...claims,
    };
    return new SignJWT(payload).setProtectedHeader(this.header).sign(this.privateKey);
  }
}
