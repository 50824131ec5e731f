import type { Pace } from "../pace";
import type { Invoke } from "../sqs/poller";
import type { Schedule } from "../topology/topology";

/**
 * Runs a function at a schedule's rate, in declared time.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export class Scheduler {
  private readonly aborter = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly schedule: Schedule,
    private readonly invoke: Invoke,
    private readonly pace: Pace,
    private readonly isHalted: () => boolean,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.aborter.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.aborter;
    while (!signal.aborted) {
      await this.pace.wait(this.schedule.rateMs, signal);
      if (!signal.aborted && !this.isHalted()) await this.invoke({});
    }
  }
}
