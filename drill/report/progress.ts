import type { DrillEvent } from "../measure/history";
import { count, roundSeconds, seconds } from "./figures";
import { padStart } from "./plain-text";
import { Ink } from "./terminal/ink";

/** What `process.stderr` offers, as far as it is used. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface DrillProgress {
  /** Declared time since the drill began. */
  readonly elapsedMs: number;
  readonly totalMs: number;
  /** The latest event: `the primary region is lost`. */
  readonly phase: string;
  /** Requests per second of the machine's clock, lately. */
  readonly requestsPerSecond: number;
  /** Failed requests so far. */
  readonly failures: number;
  /** Region to which the API's name resolves; undefined when it does not resolve. */
  readonly answer?: string;
}

export interface ProgressWriterOptions {
  /**
   * Where to write; never stdout, which belongs to the result.
   * @default process.stderr
   */
  readonly stream?: ProgressStream;
  /**
   * Whether one line is rewritten in place.
   * @default - whether the stream is a terminal
   */
  readonly isLive?: boolean;
  /**
   * Whether the terminal shows more than ASCII.
   * @default true
   */
  readonly isUtf8?: boolean;
  /** @default performance.now */
  readonly nowWallMs?: () => number;
}

const REWRITE_EVERY_WALL_MS = 100;
const LINE_EVERY_WALL_MS = 5_000;
const ERASE_LINE = "\r\u001b[2K";

/** Shows the progress of a drill: one live line in a terminal, a plain line every five seconds in a log. */
export class ProgressWriter {
  private readonly stream: ProgressStream;
  private readonly isLive: boolean;
  private readonly isUtf8: boolean;
  private readonly nowWallMs: () => number;
  private liveLine = "";
  private lastUpdateAtWallMs: number | undefined;

  constructor(options: ProgressWriterOptions = {}) {
    this.stream = options.stream ?? process.stderr;
    this.isLive = options.isLive ?? this.stream.isTTY ?? false;
    this.isUtf8 = options.isUtf8 ?? true;
    this.nowWallMs = options.nowWallMs ?? (() => performance.now());
  }

  /** Writes at most ten times a second into a terminal, and every five seconds into a log. */
  update(progress: DrillProgress): void {
    const now = this.nowWallMs();
    const intervalMs = this.isLive ? REWRITE_EVERY_WALL_MS : LINE_EVERY_WALL_MS;
    if (this.lastUpdateAtWallMs !== undefined && now - this.lastUpdateAtWallMs < intervalMs) return;
    this.lastUpdateAtWallMs = now;
    const line = this.progressLine(progress);
    if (!this.isLive) {
      this.stream.write(`${line}\n`);
      return;
    }
    this.liveLine = line;
    this.stream.write(ERASE_LINE + line);
  }

  /** An event stays on the screen, above the live line. */
  event({ atMs, text }: DrillEvent): void {
    const ink = this.ink();
    const line = `${padStart(ink.text(seconds(atMs)), 9)}  ${ink.text(text)}`;
    this.stream.write(this.isLive ? `${ERASE_LINE}${ink.clip(line)}\n${this.liveLine}` : `${line}\n`);
  }

  /** Takes the live line away, so that whatever is printed next begins on an empty line. May be called twice. */
  end(): void {
    if (this.isLive && this.liveLine !== "") this.stream.write(ERASE_LINE);
    this.liveLine = "";
  }

  private progressLine(progress: DrillProgress): string {
    const ink = this.ink();
    const { elapsedMs, totalMs, phase, requestsPerSecond, failures, answer } = progress;
    const elapsed = `${padStart(ink.text(seconds(elapsedMs)), 9)} of ${ink.text(roundSeconds(totalMs))}`;
    const figures = `${count(requestsPerSecond)} req/s, ${count(failures)} failed, ${answer ?? "nobody"} answers`;
    return ink.clip(`${elapsed}  ${ink.text(figures)}  ${ink.text(phase)}`);
  }

  /** Anew each time, because a terminal may be resized; a line as wide as the terminal would already wrap in some. */
  private ink(): Ink {
    const columns = this.isLive ? (this.stream.columns || 80) - 1 : 200;
    return new Ink({ columns, isUtf8: this.isUtf8, useColour: false });
  }
}
