import type { Topology } from "../../topology/topology";

/** Where the drill leads the URLs in functions' variables. */
export interface OutsideUrls {
  /** Where services that nobody declares are stood in for. */
  readonly vendorUrl: string;
  /** Base of the front door, by which names of the deployment are called. */
  readonly frontDoorUrl: string;
  /** Names of the deployment, lower case. */
  readonly declaredHosts: ReadonlySet<string>;
}

/** Every name that the deployment's DNS answers, or at which one of its APIs does. */
export function declaredHosts({ records, regions }: Topology): ReadonlySet<string> {
  const domains = regions.flatMap(({ apis }) => apis.flatMap((api) => api.domains));
  return new Set([...records.map(({ name }) => name), ...domains.map(({ domainName }) => domainName.toLowerCase())]);
}

/**
 * Variables whose HTTPS URLs lead to where they would lead: those of the deployment's own names by the drill's DNS to a region, others to the
 * vendor's stand-in. AWS's own are left alone; nobody answers them.
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
