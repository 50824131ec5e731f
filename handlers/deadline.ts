/** A piece of work took longer than it may. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * Aborts the work at the deadline, and stops waiting for it even if it does not heed the signal, as the SDK between attempts. With a timer of
 * its own, since a time-out inside of `AbortSignal.any` can be garbage-collected, and then never comes: https://github.com/nodejs/node/pull/57867
 *
 * @param outer - aborts it earlier, as a deadline of whatever the work belongs to
 */
export async function withinDeadline<T>(
  deadlineMs: number,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let breakOff = () => {};
  const deadline = new Promise<never>((_, reject) => {
    const end = (error: unknown) => {
      reject(error);
      controller.abort(error);
    };
    timer = setTimeout(() => end(new DeadlineError(`${what} within ${deadlineMs} ms`)), deadlineMs);
    breakOff = () => end(outer?.reason);
  });
  if (outer?.aborted === true) breakOff();
  outer?.addEventListener("abort", breakOff, { once: true });
  try {
    return await Promise.race([work(controller.signal), deadline]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", breakOff);
  }
}
