import type { LocalRegion } from "../regions/local-region";
import { awsPassage, type ServiceLocation } from "./aws-passage";
import { dnsPassage } from "./dns-passage";
import { FrontDoor } from "./front-door";
import { type HttpsPassageProps, httpsPassage } from "./https-passage";

export interface WayInProps extends HttpsPassageProps {
  /** Port on 127.0.0.1; 0 for any that is free. */
  readonly port: number;
  readonly regions: ReadonlyMap<string, LocalRegion>;
  readonly answerDns: (packet: Buffer) => Buffer | undefined;
  readonly operatorAccessKeyId: string;
}

/** The front door of a local AWS: requests by host name go to the region that DNS answers with, signed calls to a region's services. */
export function wayIn(props: WayInProps): FrontDoor {
  const { port, regions, answerDns, operatorAccessKeyId } = props;
  const locate = (region: string, service: string) => serviceAt(regions, region, service);
  return new FrontDoor({
    port,
    https: httpsPassage(props),
    dns: dnsPassage(answerDns),
    aws: awsPassage({ locate, operatorAccessKeyId }),
  });
}

function serviceAt(regions: WayInProps["regions"], regionName: string, service: string): ServiceLocation {
  const region = regions.get(regionName);
  if (region === undefined) {
    return { problem: `the drill has the regions ${[...regions.keys()].join(" and ")}; got ${regionName}` };
  }
  const url = region.endpoints.urlOf(service);
  if (url !== undefined) return { url };
  return { problem: `the drill has the services ${region.endpoints.services.join(", ")} in a region; got ${service}` };
}
