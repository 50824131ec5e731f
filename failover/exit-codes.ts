export const EXIT = {
  done: 0,
  /** Refused, a check failed, or no effect in time. */
  refused: 1,
  /** Usage, settings, credentials, or nothing answers. */
  couldNotRun: 2,
} as const;
