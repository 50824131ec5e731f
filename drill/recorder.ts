import type { ReplicatedWrite } from "../local-aws/dynamodb/replication";
import type { Pace } from "../local-aws/pace";
import type { World } from "../local-aws/world/world";
import type { DrillEvent, RequestRecord, Sample } from "./measure/history";
import type { PrimaryWrites, StrandedWrite } from "./measure/recovery-point";

/** Wall milliseconds between two samples. */
const SAMPLE_EVERY_MS = 200;

/** Notes down everything that happens in a world, for the measures and the reports. */
export class Recorder {
  readonly requests: RequestRecord[] = [];
  readonly events: DrillEvent[] = [];
  readonly samples: Sample[] = [];
  onEvent: (event: DrillEvent) => void = () => {};
  /** What the primary had acknowledged when the recovery point was taken. */
  primaryWrites: PrimaryWrites = { replicated: 0, withoutReplica: 0 };
  private writesSoFar: PrimaryWrites = { replicated: 0, withoutReplica: 0 };
  /** Writes on their way at the recovery point, with the time at which each arrived. */
  private readonly stranded = new Map<ReplicatedWrite, number | undefined>();
  private recoveryPointAtWallMs = 0;
  private lastAnswer: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private sampling: Promise<void> = Promise.resolve();

  constructor(
    private readonly world: World,
    private readonly pace: Pace,
  ) {}

  start(): void {
    this.world.healthChecks.onChange(({ isHealthy, text, healthCheckId }) => {
      this.note(isHealthy ? "check healthy" : "check unhealthy", text, healthCheckId);
      // Name servers answer by the verdict at once: a sample later would time itself and not them.
      this.sampling = this.sampling.then(() => this.sample());
    });
    this.world.switchboard.onDataPoint = (value) => this.noteSwitch(value);
    this.world.onRecoveryPoint = () => this.noteStranded(this.world.primaryRegion);
    this.world.replication.onAcknowledged = (from, to) => this.countWrite(from, to);
    this.world.replication.onArrived = (write) => {
      if (this.stranded.has(write)) this.stranded.set(write, this.pace.nowMs());
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
    const { primaryRegion } = this.world;
    if (value >= 1) this.note("stood down", `a data point stands ${primaryRegion} down`, primaryRegion);
    else this.note("released", `a data point releases ${primaryRegion}`, primaryRegion);
  }

  /** From now on it is followed what becomes of the writes that a region had on their way. */
  noteStranded(region: string): void {
    this.recoveryPointAtWallMs = performance.now();
    this.primaryWrites = this.writesSoFar;
    this.stranded.clear();
    for (const write of this.world.replication.pendingWrites())
      if (write.from === region) this.stranded.set(write, undefined);
  }

  private countWrite(from: string, to: readonly string[]): void {
    const { primaryRegion, secondaryRegion } = this.world;
    if (from !== primaryRegion) return;
    const { replicated, withoutReplica } = this.writesSoFar;
    this.writesSoFar = to.includes(secondaryRegion)
      ? { replicated: replicated + 1, withoutReplica }
      : { replicated, withoutReplica: withoutReplica + 1 };
  }

  strandedWrites(): StrandedWrite[] {
    return [...this.stranded].map(([write, arrivedAtMs]) => ({
      what: write.itemKey,
      acknowledgedAtMs: write.acknowledgedAtMs,
      ageAtFaultWallMs: this.recoveryPointAtWallMs - write.acknowledgedAtWallMs,
      ...(arrivedAtMs === undefined ? {} : { arrivedAtMs }),
      inTheEnd: this.world.replication.fateOf(write),
    }));
  }

  private async sample(): Promise<void> {
    const answer = await this.world.answeringRegion().catch(() => undefined);
    if (this.lastAnswer !== undefined && answer !== this.lastAnswer) {
      this.note("answer changed", `${this.world.pair.apiName} now leads to ${answer ?? "nowhere"}`, answer);
    }
    this.lastAnswer = answer;
    const pendingWrites: Record<string, number> = {};
    for (const { from } of this.world.replication.pendingWrites()) pendingWrites[from] = (pendingWrites[from] ?? 0) + 1;
    const isHealthy = Object.fromEntries(
      this.world.healthChecks.status().map((check) => [nameOf(check.address), check.isHealthy]),
    );
    this.samples.push({
      atMs: this.pace.nowMs(),
      pendingWrites,
      isHealthy,
      ...(answer === undefined ? {} : { answer }),
    });
  }
}

/** The part of an address that tells one resource from another: `PrimaryHealth_7B026B2D`. */
const nameOf = (address: string) => address.split(".").at(-1) ?? address;
