import type { Topology } from "../../topology/topology";
import { TokenIssuer } from "./issuer";

/** Everybody whose tokens a deployment's APIs believe. */
export class TokenDesk {
  private readonly issuers = new Map<string, TokenIssuer>();

  constructor(private readonly topology: Topology) {}

  async start(): Promise<void> {
    const urls = new Set(this.topology.regions.flatMap(({ apis }) => authorizersOf(apis)).map(({ issuer }) => issuer));
    for (const url of urls) this.issuers.set(url, await TokenIssuer.create(url));
  }

  /** Public keys of each issuer, by its URL. */
  keys() {
    return new Map([...this.issuers].map(([url, issuer]) => [url, issuer.jwks]));
  }

  /** A token for a customer, of whichever issuer these APIs believe. */
  async token(apis: Topology["regions"][number]["apis"], subject: string): Promise<string> {
    const [authorizer] = authorizersOf(apis);
    if (authorizer === undefined) return "none-needed";
    const issuer = this.issuers.get(authorizer.issuer);
    if (issuer === undefined) throw new Error("the token desk must be started first");
    const [audience = ""] = authorizer.audience;
    return issuer.sign({ subject, audience, expiresInSeconds: 86_400 });
  }
}

function authorizersOf(apis: Topology["regions"][number]["apis"]) {
  return apis.flatMap(({ routes }) =>
    routes.flatMap(({ authorizer }) => (authorizer === undefined ? [] : [authorizer])),
  );
}
