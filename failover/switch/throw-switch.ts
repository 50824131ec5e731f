import { type Answer, type Asking, askWithin } from "../answer";
import type { LiveAnswer, SwitchVerdict } from "../facts/facts";
import { askLastDataPoint, askLive, askSwitchVerdict } from "../facts/gather-facts";
import { cell } from "../facts/words";
import type { Clock, DataPoint, Outside } from "../ports";
import type { Waiting } from "./announce";
import type { Intent } from "./intent";

export interface ThrowSwitchProps {
  readonly intent: Intent;
  readonly outside: Outside;
  readonly ask: Asking;
  readonly clock: Clock;
  readonly waiting: Waiting;
  /** Breaks it off. */
  readonly signal: AbortSignal;
  /** Told about each step, with the milliseconds since the first call. */
  readonly onStep: (atMs: number, text: string) => void;
}

export type Outcome =
  | { readonly kind: "effective"; readonly switchedMs: number; readonly answeredMs: number }
  | { readonly kind: "sent"; readonly why: "not waited for" }
  /** Time was up; what was seen last. */
  | { readonly kind: "not effective"; readonly verdict: string; readonly answered: string }
  /** No call got through. */
  | { readonly kind: "not sent"; readonly why: string }
  /** Somebody has stood the primary down since: a release does not argue. */
  | { readonly kind: "countermanded" }
  | { readonly kind: "broken off" };

export interface Thrown {
  readonly outcome: Outcome;
  /** Calls that CloudWatch acknowledged. */
  readonly timesSent: number;
  readonly tookMs: number;
}

/** Milliseconds for one sending: longer than a look, since it is what matters. */
export const SEND_MS = 5_000;

/**
 * Sends the data point, and again and again until Route 53 and customers' name show it; a stand-down once more then. An alarm takes the maximum of a minute: a 0 in the
 * minute of a 1 counts for nothing, and no clock of ours knows when CloudWatch's minute ends. The data point carries no time stamp for
 * the same reason: CloudWatch takes the time at which it arrives.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */
export async function throwSwitch(props: ThrowSwitchProps): Promise<Thrown> {
  const { clock, waiting, signal } = props;
  const startedAtMs = clock.nowMs();
  const elapsedMs = () => clock.nowMs() - startedAtMs;
  const sender = new Sender(props, elapsedMs);
  const watch = new Watch(props, elapsedMs);
  const others = await Others.before(props);
  const end = (outcome: Outcome): Thrown => ({ outcome, timesSent: sender.timesSent, tookMs: elapsedMs() });
  while (!signal.aborted) {
    await sender.sendIfDue();
    if (sender.isHopeless || (waiting.waitMs === 0 && sender.timesSent === 0)) {
      return end({ kind: "not sent", why: sender.lastFailure });
    }
    if (waiting.waitMs === 0) return end({ kind: "sent", why: "not waited for" });
    await watch.look();
    if (await others.haveCountermanded()) return end({ kind: "countermanded" });
    if (watch.switchedMs !== undefined && watch.answeredMs !== undefined) {
      // The watch may not have seen the stand-down yet, and repeat the former state in the minute after it.
      if (props.intent.value === 1) await sender.send();
      return end({ kind: "effective", switchedMs: watch.switchedMs, answeredMs: watch.answeredMs });
    }
    if (elapsedMs() >= waiting.waitMs) {
      return end(
        sender.timesSent === 0
          ? { kind: "not sent", why: sender.lastFailure }
          : { kind: "not effective", verdict: watch.lastVerdict, answered: watch.lastAnswered },
      );
    }
    await clock.sleep(waiting.pollMs, signal);
  }
  return end({ kind: "broken off" });
}

class Sender {
  timesSent = 0;
  lastFailure = "";
  /** It was refused for good before anything got through. */
  isHopeless = false;
  private dueAtMs = 0;

  constructor(
    private readonly props: ThrowSwitchProps,
    private readonly elapsedMs: () => number,
  ) {}

  async sendIfDue(): Promise<void> {
    if (this.elapsedMs() >= this.dueAtMs) await this.send();
  }

  async send(): Promise<void> {
    const { intent, outside, onStep, signal, waiting } = this.props;
    const what = `${intent.call.operation} ${intent.metric.name}=${intent.value} in ${intent.calledRegion}`;
    const send = (bound: AbortSignal) =>
      outside.cloud.region(intent.calledRegion).putDataPoint(intent.metric, intent.value, bound);
    const sent = await askWithin(SEND_MS, signal)(send);
    if (sent.isKnown) {
      this.timesSent += 1;
      this.dueAtMs = this.elapsedMs() + waiting.resendMs; // A call that failed is due again at once.
      onStep(this.elapsedMs(), what);
    } else {
      this.lastFailure = sent.detail ?? sent.short;
      this.isHopeless = this.timesSent === 0 && sent.isFinal === true;
      if (!signal.aborted) onStep(this.elapsedMs(), `${what} failed: ${this.lastFailure}`);
    }
  }
}

/**
 * Detects a 1 from another operator or from the primary's watch while a 0 is being repeated. Without it the release would win
 * over a stand-down that has been told it worked.
 */
class Others {
  private dueAtMs: number;

  private constructor(
    private readonly props: ThrowSwitchProps,
    /** The newest minute's maximum before the first call; undefined when it could not be asked, and nothing can be told then. */
    private readonly before: Answer<DataPoint | undefined> | undefined,
  ) {
    this.dueAtMs = props.clock.nowMs() + props.waiting.resendMs;
  }

  static async before(props: ThrowSwitchProps): Promise<Others> {
    return new Others(props, props.intent.value === 1 ? undefined : await lastDataPoint(props));
  }

  async haveCountermanded(): Promise<boolean> {
    const { clock, waiting } = this.props;
    if (this.before?.isKnown !== true || clock.nowMs() < this.dueAtMs) return false;
    this.dueAtMs = clock.nowMs() + waiting.resendMs;
    const now = await lastDataPoint(this.props);
    if (!now.isKnown || !isStandDown(now.value)) return false;
    const { value: then } = this.before;
    return then === undefined || then.value < 1 || then.at !== now.value?.at;
  }
}

/** The watch repeats a state with a half more (1.5): nobody has decided anything then. */
const isStandDown = (point: DataPoint | undefined) =>
  point !== undefined && point.value >= 1 && Number.isInteger(point.value);

const lastDataPoint = ({ intent, outside, ask }: ThrowSwitchProps) =>
  ask((signal) => askLastDataPoint(outside.cloud.region(intent.calledRegion), intent.metric, signal));

/** Sees, once each, that Route 53 follows the switch, and that the wanted region answers customers' name. */
class Watch {
  switchedMs: number | undefined;
  answeredMs: number | undefined;
  lastVerdict = "not asked";
  lastAnswered = "not asked";

  constructor(
    private readonly props: ThrowSwitchProps,
    private readonly elapsedMs: () => number,
  ) {}

  async look(): Promise<void> {
    const { intent, outside, ask, onStep } = this.props;
    const [verdict, live]: [Answer<SwitchVerdict>, Answer<LiveAnswer>] = await Promise.all([
      ask((signal) => askSwitchVerdict(outside.names, intent.verdictName, signal)),
      ask((signal) => askLive(outside.reach, intent.apiDomainName, signal)),
    ]);
    if (this.props.signal.aborted) return;
    const answered = cell(live, ({ status, region }) =>
      status === 200 ? (region ?? "no region named") : `status ${status}`,
    );
    const seen = cell(verdict, String);
    if (seen !== this.lastVerdict) onStep(this.elapsedMs(), `switch: ${seen}`);
    if (answered !== this.lastAnswered) onStep(this.elapsedMs(), `${intent.apiDomainName}: ${answered}`);
    this.lastVerdict = seen;
    this.lastAnswered = answered;
    this.switchedMs = since(this.switchedMs, seen === intent.wantedVerdict, this.elapsedMs());
    this.answeredMs = since(this.answeredMs, answered === intent.wantedRegion, this.elapsedMs());
  }
}

/** From when on it has been so without a break; undefined when it is not so. */
const since = (before: number | undefined, isSo: boolean, nowMs: number) => (isSo ? (before ?? nowMs) : undefined);
