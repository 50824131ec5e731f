import { childrenFirst } from "../../topology/children-first";
import type { AlarmHealthCheck, HealthCheck } from "../../topology/topology";
import type { AlarmState } from "../cloudwatch/alarm-evaluation";
import type { Pace } from "../pace";
import type { Random } from "../seeded-random";
import { EndpointChecker } from "./endpoint-checker";
import type { Probe } from "./probe";

export type { AlarmState };

export interface HealthChecksProps {
  readonly checks: readonly HealthCheck[];
  readonly probe: Probe;
  readonly pace: Pace;
  /** Draws the phases of the checkers. */
  readonly random: Random;
  /** State by the alarm's metric; `INSUFFICIENT_DATA` while the region's metrics are out of reach. */
  readonly alarmState: (region: string, name: string) => AlarmState;
}

export interface HealthChange {
  /** In declared milliseconds since the drill began. */
  readonly atMs: number;
  readonly healthCheckId: string;
  readonly isHealthy: boolean;
  /** The change and its cause, for people. */
  readonly text: string;
}

export interface HealthCheckStatus {
  readonly id: string;
  readonly address: string;
  readonly isHealthy: boolean;
  /** Checkers of an endpoint, or children of a calculated check, that are healthy; before any inversion. */
  readonly healthyVoters: number;
  /** How many there are; 0 for alarms and for checks that are disabled. */
  readonly voters: number;
  /** Why a probe of the endpoint failed last; undefined when none has. */
  readonly lastFailure?: string;
}

/** About as many as AWS runs for one endpoint in its recommended regions. */
export const CHECKERS_PER_ENDPOINT = 16;
const HEALTHY_SHARE = 0.18;
/** Declared milliseconds between two reads of the alarms' states. */
const ALARM_POLL_MS = 200;

/**
 * Whether an endpoint is healthy: more than 18 % of the checkers must report it healthy.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export function isEndpointHealthy(healthyCheckers: number, checkers: number): boolean {
  return healthyCheckers / checkers > HEALTHY_SHARE;
}

/** All health checks of a deployment. Each probes or follows on its own. */
export class HealthChecks {
  private readonly checks: readonly HealthCheck[];
  private readonly checkers = new Map<string, readonly EndpointChecker[]>();
  private readonly verdicts = new Map<string, boolean>();
  private readonly alarmStates = new Map<string, AlarmState>();
  private readonly lastAlarmVerdicts = new Map<string, boolean>();
  private readonly listeners = new Set<(change: HealthChange) => void>();
  private readonly aborter = new AbortController();
  private following: Promise<void> | undefined;

  constructor(private readonly props: HealthChecksProps) {
    this.checks = childrenFirst(props.checks);
    for (const check of this.checks) if (!check.disabled) this.employCheckers(check);
    for (const check of this.checks) this.verdicts.set(check.id, this.verdictOn(check));
  }

  start(): void {
    for (const checker of this.allCheckers()) checker.start();
    this.following ??= this.followAlarms();
  }

  /** Resolves when no timer and no socket is left. */
  async stop(): Promise<void> {
    this.aborter.abort();
    await Promise.all([this.following, ...this.allCheckers().map((checker) => checker.stop())]);
  }

  /** @throws when no such check is declared */
  isHealthy(id: string): boolean {
    const verdict = this.verdicts.get(id);
    if (verdict === undefined) throw new Error(`no health check ${id} is declared`);
    return verdict;
  }

  /** @returns a function that takes the listener away */
  onChange(listener: (change: HealthChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  status(): HealthCheckStatus[] {
    return this.checks.map((check) => {
      const lastFailure = this.lastFailure(check.id);
      const { id, address } = check;
      return {
        id,
        address,
        isHealthy: this.isHealthy(id),
        ...this.votesOn(check),
        ...(lastFailure === undefined ? {} : { lastFailure }),
      };
    });
  }

  private employCheckers(check: HealthCheck): void {
    if (check.type === "CALCULATED" || check.type === "CLOUDWATCH_METRIC") return;
    if (check.type.endsWith("_STR_MATCH") && (check.searchString ?? "") === "") {
      throw new Error(`${check.address}: 'searchString' must be set for ${check.type}, got none`);
    }
    const { probe, pace, random } = this.props;
    const onTurn = () => this.conclude();
    this.checkers.set(
      check.id,
      Array.from({ length: CHECKERS_PER_ENDPOINT }, () => new EndpointChecker({ check, probe, pace, random, onTurn })),
    );
  }

  private allCheckers(): EndpointChecker[] {
    return [...this.checkers.values()].flat();
  }

  private async followAlarms(): Promise<void> {
    const { signal } = this.aborter;
    if (!this.checks.some(({ type, disabled }) => type === "CLOUDWATCH_METRIC" && !disabled)) return;
    while (!signal.aborted) {
      this.conclude();
      await this.props.pace.wait(ALARM_POLL_MS, signal);
    }
  }

  /** Children are evaluated first, so that one round is enough. */
  private conclude(): void {
    const atMs = this.props.pace.nowMs();
    for (const check of this.checks) {
      const isHealthy = this.verdictOn(check);
      if (isHealthy === this.verdicts.get(check.id)) continue;
      this.verdicts.set(check.id, isHealthy);
      const text = `${check.address} turns ${isHealthy ? "healthy" : "unhealthy"}: ${this.grounds(check)}`;
      for (const listener of this.listeners) listener({ atMs, healthCheckId: check.id, isHealthy, text });
    }
  }

  /**
   * A disabled check counts as healthy, and as unhealthy when it is inverted.
   * https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
   */
  private verdictOn(check: HealthCheck): boolean {
    return (check.disabled || this.isFoundHealthy(check)) !== check.inverted;
  }

  private isFoundHealthy(check: HealthCheck): boolean {
    if (check.type === "CLOUDWATCH_METRIC") return this.isAlarmHealthy(check);
    const { healthyVoters, voters } = this.votesOn(check);
    if (check.type === "CALCULATED") return healthyVoters >= check.childHealthThreshold;
    return isEndpointHealthy(healthyVoters, voters);
  }

  private votesOn(check: HealthCheck): { readonly healthyVoters: number; readonly voters: number } {
    const votes =
      check.type === "CALCULATED" && !check.disabled
        ? check.childIds.map((id) => this.isHealthy(id))
        : (this.checkers.get(check.id) ?? []).map(({ isHealthy }) => isHealthy);
    return { healthyVoters: votes.filter(Boolean).length, voters: votes.length };
  }

  private isAlarmHealthy({ id, alarmRegion, alarmName, insufficientDataHealthStatus }: AlarmHealthCheck): boolean {
    const state = this.props.alarmState(alarmRegion, alarmName);
    this.alarmStates.set(id, state);
    if (state !== "INSUFFICIENT_DATA") {
      this.lastAlarmVerdicts.set(id, state === "OK");
      return state === "OK";
    }
    // Without a last known status, healthy is the default.
    if (insufficientDataHealthStatus === "LastKnownStatus") return this.lastAlarmVerdicts.get(id) ?? true;
    return insufficientDataHealthStatus === "Healthy";
  }

  private grounds(check: HealthCheck): string {
    const inverted = check.inverted ? ", inverted" : "";
    if (check.type === "CLOUDWATCH_METRIC") {
      const { id, alarmName, alarmRegion } = check;
      return `alarm ${alarmName} in ${alarmRegion} is ${this.alarmStates.get(id)}${inverted}`;
    }
    const { healthyVoters, voters } = this.votesOn(check);
    const what = check.type === "CALCULATED" ? "children are healthy" : "checkers find it healthy";
    const isFoundHealthy = this.isHealthy(check.id) !== check.inverted;
    const lastFailure = isFoundHealthy ? undefined : this.lastFailure(check.id);
    const last = lastFailure === undefined ? "" : `; last failure: ${lastFailure}`;
    return `${healthyVoters} of ${voters} ${what}${inverted}${last}`;
  }

  private lastFailure(id: string): string | undefined {
    const failures = (this.checkers.get(id) ?? []).flatMap(({ lastFailure }) => lastFailure ?? []);
    return failures.sort((one, other) => other.atMs - one.atMs)[0]?.reason;
  }
}
