import type { Schedule } from "../../topology/topology";
import type { Pace } from "../pace";
import type { Random } from "../seeded-random";
import type { Invoke } from "../sqs/poller";
import { eventOf } from "./event";

export interface SchedulerProps {
  readonly schedule: Schedule;
  readonly invoke: Invoke;
  readonly pace: Pace;
  /** Draws when in the first interval the first run is. */
  readonly random: Random;
  /** A lost region runs no schedule. */
  readonly isHalted: () => boolean;
}

/**
 * Runs a function at a schedule's rate, in declared time. A run does not wait for the previous one.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export class Scheduler {
  private readonly aborter = new AbortController();
  private readonly runs = new Set<Promise<unknown>>();
  private running: Promise<void> | undefined;

  constructor(private readonly props: SchedulerProps) {}

  start(): void {
    this.running = this.run();
  }

  /** Resolves when no run is open. */
  async stop(): Promise<void> {
    this.aborter.abort();
    await this.running;
    await Promise.all(this.runs);
  }

  private async run(): Promise<void> {
    const { signal } = this.aborter;
    const { schedule, pace, random, isHalted } = this.props;
    await pace.wait(random() * schedule.rateMs, signal);
    while (!signal.aborted) {
      if (!isHalted()) this.invoke();
      await pace.wait(schedule.rateMs, signal);
    }
  }

  private invoke(): void {
    const { schedule, invoke, pace } = this.props;
    const run = invoke(eventOf(schedule, pace.speed, new Date())).finally(() => this.runs.delete(run));
    this.runs.add(run);
  }
}
