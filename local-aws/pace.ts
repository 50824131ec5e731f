/**
 * Speed of a drill's clock. Declared times (intervals, TTLs, time-outs of checkers and clients) are those of AWS and Terraform; wall
 * times are those of the machine's clock. At speed 10 a TTL of 10 s lasts 1 s. Real work (functions,
 * replication) is not compressed.
 */
export class Pace {
  private startedAtWallMs: number;

  constructor(
    readonly speed: number,
    private readonly nowWallMs: () => number = () => performance.now(),
  ) {
    this.startedAtWallMs = nowWallMs();
  }

  /** Restarts the clock at 0. */
  restart(): void {
    this.startedAtWallMs = this.nowWallMs();
  }

  /** Milliseconds of declared time since the drill began. */
  nowMs(): number {
    return (this.nowWallMs() - this.startedAtWallMs) * this.speed;
  }

  /** How long a declared time lasts on the machine's clock, in milliseconds. */
  wallMs(declaredMs: number): number {
    return declaredMs / this.speed;
  }

  /** Resolves after a declared time, or at once when the signal aborts. */
  wait(declaredMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(done, this.wallMs(declaredMs));
      signal?.addEventListener("abort", done, { once: true });
      function done() {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      }
    });
  }
}
