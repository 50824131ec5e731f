/**
 * The time that metrics live in: declared milliseconds since the local AWS was created. It does not restart when the drill's clock does. Dates
 * that clients give and get are those of the machine's clock.
 */
export class MetricClock {
  private readonly startedAtDateMs: number;

  constructor(
    readonly speed: number,
    /** Milliseconds since 1970. */
    private readonly nowDateMs: () => number = () => Date.now(),
  ) {
    this.startedAtDateMs = nowDateMs();
  }

  nowMs(): number {
    return this.declaredMs(this.nowDateMs());
  }

  /** The machine's date at a declared time. */
  dateMs(declaredMs: number): number {
    return this.startedAtDateMs + declaredMs / this.speed;
  }

  /** The declared time at a date of the machine's clock. */
  declaredMs(dateMs: number): number {
    return (dateMs - this.startedAtDateMs) * this.speed;
  }

  /**
   * The declared time at which a client's window begins or ends: what it calls five minutes ago was five declared minutes ago.
   * @param dateMs - milliseconds since 1970
   */
  windowEdgeMs(dateMs: number): number {
    return this.nowMs() + (dateMs - this.nowDateMs());
  }
}
