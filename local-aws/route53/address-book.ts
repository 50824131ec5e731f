import type { LocalRegion } from "../regions/local-region";
import type { DialledEndpoint } from "./probe";

/** Addresses of the regions. They are documentation addresses, so that no traffic leaves the machine. */
export class AddressBook {
  private readonly regions: ReadonlyMap<string, LocalRegion>;

  constructor(regions: Iterable<LocalRegion>) {
    this.regions = new Map([...regions].map((region, index) => [`192.0.2.${index + 1}`, region]));
  }

  /** Local port of an address. */
  locate(address: string) {
    const region = this.regions.get(address);
    return region === undefined ? undefined : { host: "127.0.0.1", port: region.port, region: region.region.name };
  }

  /** The same for a health checker, which must know a region that answers no SYN. */
  dial(address: string): DialledEndpoint | undefined {
    const region = this.regions.get(address);
    return region === undefined
      ? undefined
      : { host: "127.0.0.1", port: region.port, isSilent: region.listener.isSilent };
  }

  byRegion(): [region: string, address: string][] {
    return [...this.regions].map(([address, { region }]) => [region.name, address]);
  }

  /** Addresses of the regions' own host names. */
  targets(): ReadonlyMap<string, string> {
    const targets = [...this.regions].flatMap(([address, { region }]) =>
      region.apis.flatMap(({ domains }) => domains.map(({ targetDomainName }) => [targetDomainName, address] as const)),
    );
    return new Map(targets);
  }
}
