import { type ServiceCall, ServiceError, type ServiceProtocol } from "../aws-endpoints/json-endpoint";

interface Quota {
  readonly name: string;
  readonly value: number;
}

/**
 * What an account has before it asks for more, the same in every region.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const DEFAULTS: Readonly<Record<string, Quota>> = {
  "lambda L-B99A9384": { name: "Concurrent executions", value: 1_000 },
  "apigateway L-8A5B8E43": { name: "Throttle rate", value: 10_000 },
};

/**
 * Service Quotas in one region: read, never asked for more. GetServiceQuota does not find a quota that was never changed; its value is told by
 * GetAWSDefaultServiceQuota alone, which knows no increase.
 * https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
 * https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetAWSDefaultServiceQuota.html
 */
export class RegionalQuotas implements ServiceProtocol {
  readonly service = "servicequotas";
  private readonly applied = new Map<string, Quota>();

  constructor(
    readonly region: string,
    private readonly accountId: string,
  ) {}

  /** Changes a quota, or adds one, as if the account had been given it. */
  set(serviceCode: string, quotaCode: string, value: number): void {
    const key = `${serviceCode} ${quotaCode}`;
    this.applied.set(key, { name: DEFAULTS[key]?.name ?? quotaCode, value });
  }

  resourcesOf({ parameters }: ServiceCall): readonly string[] {
    return [this.arnOf(String(parameters["ServiceCode"]), String(parameters["QuotaCode"]))];
  }

  async handle({ operation, parameters }: ServiceCall): Promise<object> {
    if (operation !== "GetServiceQuota" && operation !== "GetAWSDefaultServiceQuota") {
      throw new ServiceError(
        "UnknownOperationException",
        `the drill's Service Quotas knows GetServiceQuota and GetAWSDefaultServiceQuota, got ${operation}`,
      );
    }
    const [serviceCode, quotaCode] = [String(parameters["ServiceCode"]), String(parameters["QuotaCode"])];
    const key = `${serviceCode} ${quotaCode}`;
    const quota = operation === "GetServiceQuota" ? this.applied.get(key) : DEFAULTS[key];
    if (quota === undefined) {
      const known = operation === "GetServiceQuota" ? [...this.applied.keys()] : Object.keys(DEFAULTS);
      const kind = operation === "GetServiceQuota" ? "changed" : "default";
      throw new ServiceError(
        "NoSuchResourceException",
        `the drill has the ${kind} quotas ${known.join(" and ") || "(none)"}; got ${key}`,
      );
    }
    return {
      Quota: {
        ServiceCode: serviceCode,
        QuotaArn: this.arnOf(serviceCode, quotaCode),
        QuotaCode: quotaCode,
        QuotaName: quota.name,
        Value: quota.value,
        Unit: "None",
        Adjustable: true,
        GlobalQuota: false,
      },
    };
  }

  private arnOf(serviceCode: string, quotaCode: string): string {
    return `arn:aws:servicequotas:${this.region}:${this.accountId}:${serviceCode}/${quotaCode}`;
  }
}
