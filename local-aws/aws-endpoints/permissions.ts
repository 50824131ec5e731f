import type { LambdaFunction, PolicyStatement } from "../../topology/topology";

/** The caller of a service: a function, or the operator. */
export interface Caller {
  readonly name: string;
  readonly statements: readonly PolicyStatement[];
}

const OPERATOR: Caller = {
  name: "the operator",
  statements: [{ effect: "Allow", actions: ["*"], resources: ["*"] }],
};

/** Finds callers by their access key ids. */
export class Callers {
  /** Access key id of the operator, who is allowed every modelled action. */
  readonly operatorAccessKeyId = "AKIADRILLOPERATOR";
  private readonly byAccessKeyId = new Map<string, Caller>([[this.operatorAccessKeyId, OPERATOR]]);

  /** Assigns an access key id to a function, which identifies its calls. */
  accessKeyIdOf({ functionName, statements }: LambdaFunction): string {
    const number = String(this.byAccessKeyId.size).padStart(12, "0");
    const accessKeyId = `AKIADRILL${number}`;
    this.byAccessKeyId.set(accessKeyId, { name: functionName, statements });
    return accessKeyId;
  }

  /** Finds the caller by the access key id in the credential. The signature itself is not verified. */
  callerOf(authorization: string | undefined): Caller | undefined {
    const [, accessKeyId] = /Credential=([A-Z0-9]+)\//.exec(authorization ?? "") ?? [];
    return accessKeyId === undefined ? undefined : this.byAccessKeyId.get(accessKeyId);
  }
}
