import type { ReplicatedSecret } from "../../topology/topology";
import { type ServiceCall, ServiceError, type ServiceProtocol } from "./json-endpoint";

/** Secrets Manager in one region: secrets of the region and replicas of other regions' secrets. */
export class RegionalSecrets implements ServiceProtocol {
  readonly service = "secretsmanager";

  constructor(
    readonly region: string,
    private readonly accountId: string,
    private readonly secrets: readonly ReplicatedSecret[],
    /** The secret's value, which is not in the Terraform. */
    private readonly secretValue: (secretName: string) => string,
  ) {}

  resourcesOf({ parameters }: ServiceCall): readonly string[] {
    const name = this.nameOf(String(parameters["SecretId"]));
    return [this.arnOf(`${name}-AbCdEf`)];
  }

  async handle({ operation, parameters }: ServiceCall): Promise<object> {
    if (operation !== "GetSecretValue") {
      throw new ServiceError("InvalidAction", `the drill's Secrets Manager knows GetSecretValue, got ${operation}`);
    }
    const name = this.nameOf(String(parameters["SecretId"]));
    const secret = this.secrets.find((candidate) => candidate.name === name && candidate.regions.includes(this.region));
    if (secret === undefined) throw NOT_FOUND;
    return { Name: name, SecretString: this.secretValue(name), VersionStages: ["AWSCURRENT"] };
  }

  /** A secret is named by its name, or by an ARN of this region that ends with it and six characters. */
  private nameOf(secretId: string): string {
    if (!secretId.startsWith("arn:")) return secretId;
    const [, name] = ARN.exec(secretId) ?? [];
    if (name === undefined || !secretId.startsWith(this.arnOf(""))) throw NOT_FOUND;
    return name;
  }

  private arnOf(name: string): string {
    return `arn:aws:secretsmanager:${this.region}:${this.accountId}:secret:${name}`;
  }
}

const ARN = /:secret:(.+)-.{6}$/;
const NOT_FOUND = new ServiceError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
