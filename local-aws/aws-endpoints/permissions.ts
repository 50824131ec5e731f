import type { LambdaFunction, PolicyStatement } from "../../topology/topology";

/** Who calls: a function, or whoever operates the deployment. */
export interface Caller {
  readonly name: string;
  readonly statements: readonly PolicyStatement[];
}

const OPERATOR: Caller = {
  name: "the operator",
  statements: [{ effect: "Allow", actions: ["*"], resources: ["*"] }],
};

/** Knows callers by the access keys that they were given. */
export class Callers {
  /** The key of the operator, who may do everything that the drill models. */
  readonly operatorAccessKeyId = "AKIADRILLOPERATOR";
  private readonly byAccessKeyId = new Map<string, Caller>([[this.operatorAccessKeyId, OPERATOR]]);

  /** Gives a function the access key id by which its calls are told from others'. */
  accessKeyIdOf({ functionName, statements }: LambdaFunction): string {
    const number = String(this.byAccessKeyId.size).padStart(12, "0");
    const accessKeyId = `AKIADRILL${number}`;
    this.byAccessKeyId.set(accessKeyId, { name: functionName, statements });
    return accessKeyId;
  }

  /** Who signed a request: the credential's first part names the key. The signature itself is not verified. */
  callerOf(authorization: string | undefined): Caller | undefined {
    const [, accessKeyId] = /Credential=([A-Z0-9]+)\//.exec(authorization ?? "") ?? [];
    return accessKeyId === undefined ? undefined : this.byAccessKeyId.get(accessKeyId);
  }
}
