import { setMaxListeners } from "node:events";
import { LocalAws, type LocalAwsProps } from "../../local-aws/local-aws";
import type { Breakable } from "../faults/breakable";
import { type FailoverTarget, failoverTarget } from "./failover-target";
import { Switchboard } from "./switchboard";

export interface DrilledDeploymentProps extends LocalAwsProps {
  /** Ends every wait when the drill is aborted. */
  readonly signal: AbortSignal;
}

/** The deployment under drill: a local AWS, the API name that fails over on it, and the switch of its primary. */
export class DrilledDeployment implements Breakable {
  readonly aws: LocalAws;
  readonly target: FailoverTarget;
  readonly switchboard: Switchboard;
  /** Called when the recovery point is to be taken. */
  onRecoveryPoint: () => void = () => {};
  /** Called when an operator has seen an alarm. */
  onAlarm: (name: string) => void = () => {};

  constructor(private readonly props: DrilledDeploymentProps) {
    setMaxListeners(0, props.signal);
    this.target = failoverTarget(props.topology);
    this.aws = new LocalAws({ ...props, coldRegions: this.standbyRegions });
    this.switchboard = new Switchboard(props.topology, this.target.primaryRecord, this.aws);
  }

  async start(): Promise<void> {
    await this.aws.start();
    this.switchboard.watch();
  }

  open(): void {
    this.aws.open();
  }

  stop(): Promise<void> {
    return this.aws.stop();
  }

  /** Names of the regions that the API's name can lead to, the primary first. */
  get regionNames(): readonly string[] {
    return this.target.regions.map(({ name }) => name);
  }

  get primaryRegion(): string {
    return this.target.primary.name;
  }

  get standbyRegions(): readonly string[] {
    return this.regionNames.slice(1);
  }

  get switchRegion(): string | undefined {
    return this.switchboard.region;
  }

  get hasSwitch(): boolean {
    return this.switchboard.isDeclared;
  }

  putSwitch(value: 0 | 1): boolean {
    return this.switchboard.put(value);
  }

  answeringRegion(): Promise<string | undefined> {
    return this.aws.regionAnsweredFor(this.target.apiName);
  }

  /** A token for a client of the API. */
  token(subject: string): Promise<string> {
    return this.aws.token(this.target.primary.apis, subject);
  }

  noteAlarm(name: string): void {
    this.onAlarm(name);
  }

  markRecoveryPoint(): void {
    this.onRecoveryPoint();
  }

  wait(seconds: number): Promise<void> {
    return this.props.pace.wait(seconds * 1_000, this.props.signal);
  }
}
