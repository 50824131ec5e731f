import type { Asking } from "../../failover/answer";
import { type Finding, failed, finding, type Judged, passed } from "./finding";
import type { AccountNeeds } from "./needs";
import type { PublicInternet } from "./ports";

interface Issuer {
  readonly document: unknown;
  readonly keys: unknown;
}

/**
 * A JWT authorizer is made from the issuer's discovery document, and lets nobody in without the issuer's keys.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function issuerFindings(needs: AccountNeeds, internet: PublicInternet, ask: Asking): Promise<Finding[]> {
  const findings = needs.issuers.flatMap((issuer) => {
    const documentUrl = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const read = async (signal: AbortSignal): Promise<Issuer> => {
      const document = await internet.json(documentUrl, signal);
      const { jwks_uri: keysUrl } = fieldsOf(document);
      return { document, keys: isHttps(keysUrl) ? await internet.json(keysUrl, signal) : undefined };
    };
    const chain = async (signal: AbortSignal) => {
      const { jwks_uri: keysUrl } = fieldsOf(await internet.json(documentUrl, signal));
      const hosts = [issuer, ...(isHttps(keysUrl) ? [keysUrl] : [])].map((url) => new URL(url).hostname);
      const aliases = await Promise.all(hosts.map((host) => internet.aliases(host, signal)));
      return [...new Set([...hosts, ...aliases.flat()])];
    };
    return [
      finding(ask, `issuer ${issuer}`, "global", read, (found) => judgeIssuer(issuer, found)),
      finding(ask, "issuer's hosts", "global", chain, (hosts) => judgeHosts(hosts, needs.primaryRegion)),
    ];
  });
  return Promise.all(findings);
}

function judgeIssuer(issuer: string, { document, keys }: Issuer): Judged {
  const { issuer: stated, jwks_uri: keysUrl } = fieldsOf(document);
  if (stated !== issuer) {
    return failed(
      `it calls itself ${String(stated)}`,
      `tokens' iss must equal jwt.issuer, character by character: ${issuer}`,
    );
  }
  if (!isHttps(keysUrl)) return failed(`jwks_uri ${String(keysUrl)}`, "API Gateway fetches keys over https:// only");
  const { keys: all } = fieldsOf(keys);
  const rsa = (Array.isArray(all) ? all : []).filter((key) => fieldsOf(key)["kty"] === "RSA");
  if (rsa.length === 0)
    return failed("no RSA key", "HTTP APIs verify RS256, RS384 and RS512 alone: publish an RSA key");
  return passed(`${rsa.length} RSA ${rsa.length === 1 ? "key" : "keys"}`);
}

function judgeHosts(hosts: readonly string[], primaryRegion: string): Judged {
  const inPrimary = hosts.find((host) => host.includes(primaryRegion));
  if (inPrimary !== undefined) {
    return failed(
      inPrimary,
      `the standby's authorizer needs the keys when ${primaryRegion} is lost: use an issuer outside of it`,
    );
  }
  return passed(
    hosts.length === 1 ? `${hosts[0]}` : `${hosts[0]} and ${hosts.length - 1} more`,
    `no name says ${primaryRegion}; where the hosts really are, behind a CDN or a name of your own, cannot be seen from here`,
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isHttps(value: unknown): value is string {
  return typeof value === "string" && /^https:\/\//.test(value) && URL.canParse(value);
}
