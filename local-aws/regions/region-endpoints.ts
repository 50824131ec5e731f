import type { EndpointFault, JsonEndpoint } from "../aws-endpoints/json-endpoint";

/** Services with an endpoint in each region, named as signatures name them. */
export type ServiceName = "dynamodb" | "sqs" | "secretsmanager" | "monitoring" | "servicequotas";

/** The variables by which the SDK finds each. */
const VARIABLES: Readonly<Record<ServiceName, string>> = {
  dynamodb: "AWS_ENDPOINT_URL_DYNAMODB",
  sqs: "AWS_ENDPOINT_URL_SQS",
  secretsmanager: "AWS_ENDPOINT_URL_SECRETS_MANAGER",
  monitoring: "AWS_ENDPOINT_URL_CLOUDWATCH",
  servicequotas: "AWS_ENDPOINT_URL_SERVICE_QUOTAS",
};

/** No service listens there. A call of a service that is not modelled is refused, and no call leaves the machine. */
const NOWHERE = "http://127.0.0.1:1";

/** The service endpoints of one region. They fail together with the region, or each by itself. */
export class RegionEndpoints {
  private readonly endpoints: readonly (readonly [ServiceName, JsonEndpoint])[];
  private readonly urls = new Map<string, string>();
  private readonly ownFaults = new Map<ServiceName, EndpointFault>();
  private regionFault: EndpointFault = "none";

  constructor(endpoints: Readonly<Record<ServiceName, JsonEndpoint>>) {
    this.endpoints = Object.entries(endpoints) as [ServiceName, JsonEndpoint][];
  }

  async start(): Promise<void> {
    await Promise.all(this.endpoints.map(async ([name, endpoint]) => this.urls.set(name, await endpoint.start())));
  }

  async stop(): Promise<void> {
    await Promise.all(this.endpoints.map(([, endpoint]) => endpoint.stop()));
  }

  /** Undefined for a service that has no endpoint here. */
  urlOf(service: string): string | undefined {
    return this.urls.get(service);
  }

  get services(): readonly string[] {
    return this.endpoints.map(([name]) => name);
  }

  /** Variables that lead a function's SDK here. */
  environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: NOWHERE,
      ...Object.fromEntries(this.endpoints.map(([name]) => [VARIABLES[name], this.urls.get(name) ?? NOWHERE])),
    };
  }

  setRegionFault(fault: EndpointFault): void {
    this.regionFault = fault;
    this.apply();
  }

  /** The service's own fault outlasts the region's. */
  setFault(service: ServiceName, fault: EndpointFault): void {
    this.ownFaults.set(service, fault);
    this.apply();
  }

  isReachable(service: ServiceName): boolean {
    return this.faultOf(service) === "none";
  }

  private faultOf(service: ServiceName): EndpointFault {
    return this.regionFault === "none" ? (this.ownFaults.get(service) ?? "none") : this.regionFault;
  }

  private apply(): void {
    for (const [name, endpoint] of this.endpoints) {
      const fault = this.faultOf(name);
      if (endpoint.fault !== fault) endpoint.setFault(fault);
    }
  }
}
