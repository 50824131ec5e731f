import type { ReplicatedWrite } from "../local-aws/dynamodb/replication";
import type { Pace } from "../local-aws/pace";
import type { DrilledDeployment } from "./deployment/drilled-deployment";
import type { DrillEvent, RequestRecord, Sample } from "./measure/history";
import type { LaggedWrite } from "./measure/lag-borne";
import type { PrimaryWrites, StrandedWrite } from "./measure/recovery-point";

/** Wall milliseconds between two samples. */
const SAMPLE_EVERY_MS = 200;

/** Records what happens to a deployment, for the measures and the reports. */
export class Recorder {
  readonly requests: RequestRecord[] = [];
  readonly events: DrillEvent[] = [];
  readonly samples: Sample[] = [];
  onEvent: (event: DrillEvent) => void = () => {};
  /** Writes that the primary had acknowledged when the recovery point was taken. */
  primaryWrites: PrimaryWrites = { replicated: 0, withoutReplica: 0 };
  private writesSoFar: PrimaryWrites = { replicated: 0, withoutReplica: 0 };
  /** Writes not yet replicated at the recovery point, with the time at which each arrived. */
  private readonly stranded = new Map<ReplicatedWrite, number | undefined>();
  /** Copies of the primary's writes that have arrived; of those, the ones before the recovery point. */
  private readonly arrivedSoFar: ReplicatedWrite[] = [];
  private arrivedAtRecoveryPoint: readonly ReplicatedWrite[] = [];
  private recoveryPointAtWallMs = 0;
  private lastAnswer: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private sampling: Promise<void> = Promise.resolve();

  constructor(
    private readonly deployment: DrilledDeployment,
    private readonly pace: Pace,
  ) {}

  start(): void {
    this.deployment.aws.healthChecks.onChange(({ isHealthy, text, healthCheckId }) => {
      this.note(isHealthy ? "check healthy" : "check unhealthy", text, healthCheckId);
      // Name servers follow the verdict at once. A later sample would add its own delay to the measurement.
      this.sampling = this.sampling.then(() => this.sample());
    });
    this.deployment.switchboard.onDataPoint = (value) => this.noteSwitch(value);
    this.deployment.onAlarm = (name) => this.note("alarm rang", `alarm ${name} rings`, name);
    this.deployment.onRecoveryPoint = () => this.noteStranded(this.deployment.primaryRegion);
    this.deployment.aws.replication.onAcknowledged = (from, to) => this.countWrite(from, to);
    this.deployment.aws.replication.onArrived = (write) => {
      if (this.stranded.has(write)) this.stranded.set(write, this.pace.nowMs());
      else if (write.from === this.deployment.primaryRegion) this.arrivedSoFar.push(write);
    };
    this.timer = setInterval(() => {
      this.sampling = this.sampling.then(() => this.sample());
    }, SAMPLE_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.sampling;
  }

  note(kind: DrillEvent["kind"], text: string, subject?: string): void {
    const event = { atMs: this.pace.nowMs(), kind, text, ...(subject === undefined ? {} : { subject }) };
    this.events.push(event);
    this.onEvent(event);
  }

  request(record: RequestRecord): void {
    this.requests.push(record);
  }

  private noteSwitch(value: number): void {
    if (!Number.isInteger(value)) return; // The watch repeats the state, and decides nothing.
    const { primaryRegion } = this.deployment;
    if (value >= 1) this.note("stood down", `switch set to 1: ${primaryRegion} out of service`, primaryRegion);
    else this.note("released", `switch set to 0: ${primaryRegion} in service`, primaryRegion);
  }

  /** Starts to follow the writes of a region that are not replicated yet. */
  noteStranded(region: string): void {
    this.recoveryPointAtWallMs = performance.now();
    this.primaryWrites = this.writesSoFar;
    this.arrivedAtRecoveryPoint = [...this.arrivedSoFar];
    this.stranded.clear();
    for (const write of this.deployment.aws.replication.pendingWrites())
      if (write.from === region) this.stranded.set(write, undefined);
  }

  private countWrite(from: string, to: readonly string[]): void {
    const { primaryRegion, standbyRegions } = this.deployment;
    if (from !== primaryRegion) return;
    const { replicated, withoutReplica } = this.writesSoFar;
    this.writesSoFar = standbyRegions.every((region) => to.includes(region))
      ? { replicated: replicated + 1, withoutReplica }
      : { replicated, withoutReplica: withoutReplica + 1 };
  }

  /** The primary's writes before the recovery point, each with the lag of its copy. */
  laggedWrites(): LaggedWrite[] {
    return [...this.arrivedAtRecoveryPoint, ...this.stranded.keys()].map(({ acknowledgedAtWallMs, lagMs }) => ({
      ageMs: this.recoveryPointAtWallMs - acknowledgedAtWallMs,
      lagMs,
    }));
  }

  strandedWrites(): StrandedWrite[] {
    return [...this.stranded].map(([write, arrivedAtMs]) => ({
      what: write.itemKey,
      acknowledgedAtMs: write.acknowledgedAtMs,
      ageAtFaultWallMs: this.recoveryPointAtWallMs - write.acknowledgedAtWallMs,
      ...(arrivedAtMs === undefined ? {} : { arrivedAtMs }),
      inTheEnd: this.deployment.aws.replication.fateOf(write),
    }));
  }

  private async sample(): Promise<void> {
    const answer = await this.deployment.answeringRegion().catch(() => undefined);
    if (this.lastAnswer !== undefined && answer !== this.lastAnswer) {
      this.note("answer changed", answerSentence(this.deployment.target.apiName, answer), answer);
    }
    this.lastAnswer = answer;
    const pendingWrites: Record<string, number> = {};
    for (const { from } of this.deployment.aws.replication.pendingWrites())
      pendingWrites[from] = (pendingWrites[from] ?? 0) + 1;
    const isHealthy = Object.fromEntries(
      this.deployment.aws.healthChecks.status().map((check) => [nameOf(check.address), check.isHealthy]),
    );
    this.samples.push({
      atMs: this.pace.nowMs(),
      pendingWrites,
      isHealthy,
      ...(answer === undefined ? {} : { answer }),
    });
  }
}

const answerSentence = (name: string, region: string | undefined) =>
  region === undefined ? `DNS for ${name} no longer resolves` : `DNS for ${name} now resolves to ${region}`;

/** The part of an address that tells one resource from another: `PrimaryHealth_7B026B2D`. */
const nameOf = (address: string) => address.split(".").at(-1) ?? address;
