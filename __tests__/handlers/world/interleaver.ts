/** Never settles: what a process that has died is waiting for. */
const never = <T>(): Promise<T> => new Promise(() => {});

/** Where a process dies: at its `step`th step, counted from 0, either before the step has an effect or after. */
export interface Crash {
  readonly step: number;
  readonly isAfterEffect: boolean;
}

/** One invocation of a function, or one chore, whose steps may be cut off by its death. */
export class Process {
  readonly died: Promise<"died">;
  private steps = 0;
  private isDead = false;
  private onDeath: (outcome: "died") => void = () => {};

  constructor(
    private readonly interleaver: Interleaver,
    private readonly crash: Crash | undefined,
    /** Asked before each step: a process in a lost region dies there. */
    private readonly isLost: () => boolean,
  ) {
    this.died = new Promise((resolve) => {
      this.onDeath = resolve;
    });
  }

  /** Waits for its turn, then does the work, unless the process has died by then. */
  async step<T>(work: () => Promise<T>): Promise<T> {
    if (this.isDead) return never();
    return this.interleaver
      .turn(async () => {
        const isLastStep = this.steps === this.crash?.step;
        this.steps += 1;
        if (this.isDead || this.isLost() || (isLastStep && this.crash?.isAfterEffect === false)) return this.die();
        const result = await work();
        return isLastStep ? this.die() : { result };
      })
      .then((outcome) => (outcome === "died" ? never<T>() : outcome.result));
  }

  /** The same object with every method's call a step. */
  port<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => this.step(() => member.apply(target, args));
      },
    });
  }

  private die(): "died" {
    this.isDead = true;
    this.onDeath("died");
    return "died";
  }
}

/**
 * Lets one step run at a time and picks the next among those that wait, as its tape says: between any two steps of one process any step
 * of another may come, and the same tape gives the same order again.
 */
export class Interleaver {
  private readonly waiting: Array<() => Promise<void>> = [];
  private position = 0;

  constructor(private readonly tape: readonly number[]) {}

  turn<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push(() => work().then(resolve, reject));
    });
  }

  /** The tape's next number, for choices other than who is next. */
  choose(): number {
    this.position += 1;
    return this.tape[this.position % this.tape.length] ?? 0;
  }

  /** Runs all to their ends. */
  async run(processes: ReadonlyArray<Promise<unknown>>): Promise<void> {
    let isDone = false;
    const all = Promise.all(processes).finally(() => {
      isDone = true;
    });
    all.catch(() => {}); // Awaited below, once no step runs any more.
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve)); // Whoever can reach its next step without a turn has done so.
      if (isDone) return void (await all);
      const [next] = this.waiting.splice(this.choose() % Math.max(this.waiting.length, 1), 1);
      await (next?.() ?? new Promise((resolve) => setTimeout(resolve, 1)));
    }
  }
}
