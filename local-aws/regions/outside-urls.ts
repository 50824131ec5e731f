import type { Topology } from "../../topology/topology";

/** Local replacements for URLs in functions' variables. */
export interface OutsideUrls {
  /** URL of the stand-in for services outside of the deployment. */
  readonly vendorUrl: string;
  /** Base of the front door, by which names of the deployment are called. */
  readonly frontDoorUrl: string;
  /** Names of the deployment, lower case. */
  readonly declaredHosts: ReadonlySet<string>;
}

/** Every name of the deployment's DNS records and API domains. */
export function declaredHosts({ records, regions }: Topology): ReadonlySet<string> {
  const domains = regions.flatMap(({ apis }) => apis.flatMap((api) => api.domains));
  return new Set([...records.map(({ name }) => name), ...domains.map(({ domainName }) => domainName.toLowerCase())]);
}

/**
 * Replaces HTTPS URLs in variables. Names of the deployment go through the local DNS to a region, other names to the vendor's stand-in.
 * AWS's own names are kept; no local service answers them.
 */
export function withLocalUrls(
  environment: Readonly<Record<string, string>>,
  outsideUrls: OutsideUrls,
): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, localUrl(value, outsideUrls)]));
}

function localUrl(value: string, { vendorUrl, frontDoorUrl, declaredHosts: hosts }: OutsideUrls): string {
  const [, host = "", path = ""] = /^https:\/\/([^/?#:]+)(?::443)?(.*)$/s.exec(value) ?? [];
  const name = host.toLowerCase();
  if (name === "" || /(?:^|\.)amazonaws\.com$/.test(name)) return value;
  return hosts.has(name) ? `${frontDoorUrl}/https/${name}${path}` : vendorUrl;
}
