import type { EndpointHealthCheck } from "../../topology/topology";
import type { Pace } from "../pace";
import type { Random } from "../seeded-random";
import type { Probe, ProbeResult } from "./probe";

export interface EndpointCheckerProps {
  readonly check: EndpointHealthCheck;
  readonly probe: Probe;
  readonly pace: Pace;
  /** Draws the phase, so that checkers do not probe at the same time. */
  readonly random: Random;
  /** Called when the checker's verdict turns. */
  readonly onTurn: () => void;
}

/** A probe that failed, at declared milliseconds since the drill began. */
export interface ProbeFailure {
  readonly atMs: number;
  readonly reason: string;
}

/**
 * One of the checkers of an endpoint, with a verdict of its own. The interval runs from a response or time-out to the
 * next request; the verdict turns after `failureThreshold` results in a row that contradict it, in both directions.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export class EndpointChecker {
  private healthy = true; // Until there is enough to say otherwise.
  private contradictions = 0;
  private failure: ProbeFailure | undefined;
  private readonly phaseMs: number;
  private readonly aborter = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly props: EndpointCheckerProps) {
    // Drawn in the constructor, so that a seed gives the same phases for every start time.
    this.phaseMs = props.random() * this.intervalMs;
  }

  get isHealthy(): boolean {
    return this.healthy;
  }

  /** Undefined when no probe has failed. */
  get lastFailure(): ProbeFailure | undefined {
    return this.failure;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when no timer and no socket of it is left. */
  async stop(): Promise<void> {
    this.aborter.abort();
    await this.running;
  }

  private get intervalMs(): number {
    return this.props.check.requestIntervalSeconds * 1_000;
  }

  private async run(): Promise<void> {
    const { check, probe, pace } = this.props;
    const { signal } = this.aborter;
    await pace.wait(this.phaseMs, signal);
    while (!signal.aborted) {
      const result = await probe(check, signal);
      if (signal.aborted) return;
      this.note(result);
      await pace.wait(this.intervalMs, signal);
    }
  }

  private note(result: ProbeResult): void {
    if (!result.isOk) this.failure = { atMs: this.props.pace.nowMs(), reason: result.reason };
    if (result.isOk === this.healthy) {
      this.contradictions = 0;
      return;
    }
    this.contradictions += 1;
    if (this.contradictions < this.props.check.failureThreshold) return;
    this.healthy = result.isOk;
    this.contradictions = 0;
    this.props.onTurn();
  }
}
