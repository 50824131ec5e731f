import fs from "node:fs";
import type { Action, PlannedCall } from "../switch/intent";

/** One line of the audit file. A thing done has two: one before the first call, one when its outcome is known. */
export interface AuditLine {
  /** The same in both lines. */
  readonly id: string;
  /** ISO 8601, by this machine's clock. */
  readonly at: string;
  /** The user of this machine, and the key that signs; never the secret. */
  readonly who: { readonly user: string; readonly accessKeyId: string };
  readonly host: string;
  readonly deployment: string;
  readonly action: Action;
  readonly reason: string;
  /** `AWS`, or the URL of a drill. */
  readonly endpoint: string;
  /** Names of the objections that were overridden. */
  readonly overridden: readonly string[];
  readonly calls: readonly PlannedCall[];
  /** `began`, or what became of it. */
  readonly outcome: string;
  /** Calls that were acknowledged; absent while it is not over. */
  readonly timesSent?: number;
  /** Seconds since the first call; absent while it is not over. */
  readonly measuredSeconds?: number;
}

/** The audit file cannot be written: one line, exit code 2. */
export class AuditError extends Error {
  override readonly name = "AuditError";
}

/**
 * Appends one line, and returns when it is on the disk: what is called afterwards can be found there whatever happens.
 * @throws {AuditError}
 */
export function appendAuditLine(file: string, line: AuditLine): void {
  try {
    const descriptor = fs.openSync(file, "a", 0o600);
    try {
      fs.writeSync(descriptor, `${JSON.stringify(line)}\n`);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new AuditError(`${file}: expected a file to append to; got ${code || message}; --audit FILE names another`);
  }
}
