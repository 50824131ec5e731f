/** What became of one question: its answer, or why there is none. */
export type Answer<T> = { readonly isKnown: true; readonly value: T } | Unknown;

export interface Unknown {
  readonly isKnown: false;
  /** A few words, for a table's cell. */
  readonly short: string;
  /** One line: where, what was expected, what came, what to do. Absent where the few words say it all. */
  readonly detail?: string;
  /** Asking again would come to the same. */
  readonly isFinal?: boolean;
}

/** A question that cannot be answered. */
export class QuestionError extends Error {
  override readonly name = "QuestionError";

  constructor(
    /** A few words, for a table's cell. */
    readonly short: string,
    /** One line: where, what was expected, what came, what to do. */
    readonly detail: string,
    /** Denied, no such resource, credentials that are not valid. */
    readonly isFinal = false,
  ) {
    super(detail);
  }
}

/** Asks one question within a bound; asks it to end when the bound is over. */
export type Asking = <T>(question: (signal: AbortSignal) => Promise<T>) => Promise<Answer<T>>;

export const known = <T>(value: T): Answer<T> => ({ isKnown: true, value });

/**
 * Never rejects and never takes longer than its bound, so that a dark region delays nothing but its own answers.
 * @param boundMs - milliseconds of this machine's clock
 * @param signal - breaks every question off
 */
export function askWithin(boundMs: number, signal?: AbortSignal): Asking {
  return async (question) => {
    const aborter = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    let breakOff = () => {};
    const tooLate = new Promise<Unknown>((resolve) => {
      timer = setTimeout(() => resolve({ isKnown: false, short: `no answer within ${boundMs / 1_000} s` }), boundMs);
      breakOff = () => resolve({ isKnown: false, short: "broken off" });
    });
    signal?.addEventListener("abort", breakOff, { once: true });
    if (signal?.aborted === true) breakOff();
    const asked = (async () => known(await question(aborter.signal)))().catch(unknown);
    try {
      return await Promise.race([asked, tooLate]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", breakOff);
      aborter.abort();
    }
  };
}

/** Why a question has no answer, from what it failed with. */
export function unknown(error: unknown): Unknown {
  if (error instanceof QuestionError) {
    const { short, detail, isFinal } = error;
    return { isKnown: false, short, detail, isFinal };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { isKnown: false, short: "failed", detail: message.split("\n")[0] ?? "" };
}
